package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAPIByGeneratedClient makes a client of the management API from its own document,
// with a public generator, and does by it everything that the dashboard's pages do.
func TestAPIByGeneratedClient(t *testing.T) {
	npm := func(env []string, program string, args ...string) string {
		t.Helper()
		command := exec.Command(program, args...)
		command.Dir = "apiclient"
		command.Env = append(os.Environ(), env...)
		printed, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %q: %v\n%s", program, args, err, printed)
		}
		return string(printed)
	}
	bin := func(name string) string { return filepath.Join("node_modules", ".bin", name) }
	npm(nil, bin("openapi-typescript"), "../../internal/api/openapi.yaml", "--output", "dist/schema.d.ts")
	npm(nil, bin("tsc"), "--project", ".")

	gateway := binary.Serve(t, newAPI(t).URL)
	gateway.RunWith("correct horse battery staple\n", "user", "add", "anna", "--role", "owner", "--password-stdin")
	var made struct{ Key string }
	if err := json.Unmarshal([]byte(gateway.Run("key", "create", "--name", "e2e", "--role", "owner", "--json")), &made); err != nil || made.Key == "" {
		t.Fatalf("key create: %v", err)
	}
	printed := npm([]string{"DASHBOARD=" + gateway.Dashboard, "KEY=" + made.Key}, "node", "dist/drive.js")
	if done := strings.Count(printed, ": done\n"); done != 7 {
		t.Errorf("%d of 7 parts were done:\n%s", done, printed)
	}
	if counted := scrape(t, gateway.Dashboard+"/metrics"); !strings.Contains(counted, `crossgate_sign_ins_total{by="key",result="key-revoked"} 1`) {
		t.Errorf("the metrics do not know of the revoked key:\n%s", counted)
	}
}

// scrape returns what a path answers.
func scrape(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %d: %v", url, response.StatusCode, err)
	}
	return string(text)
}
