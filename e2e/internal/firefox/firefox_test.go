package firefox_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/e2e/internal/firefox"
)

func TestBrowser(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	browser, err := firefox.Start()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `<title>t</title><p>before</p><script>document.querySelector("p").innerText = "after"</script>`)
	}))
	t.Cleanup(server.Close)

	t.Run("runs the page's scripts", func(t *testing.T) {
		if text := browser.Open(t, server.URL).Text(); !strings.Contains(text, "after") {
			t.Errorf("the page shows %q", text)
		}
	})
	t.Run("waits for promises", func(t *testing.T) {
		if got := browser.Open(t, server.URL).Evaluate("Promise.resolve({n: 1})"); string(got) != `{"n":1}` {
			t.Errorf("got %s", got)
		}
	})
	t.Run("reaches no other machine", func(t *testing.T) {
		const outside = `fetch("https://example.com/").then(() => "reached", () => "not reached")`
		if got := browser.Open(t, server.URL).Evaluate(outside); string(got) != `"not reached"` {
			t.Errorf("got %s", got)
		}
	})
	t.Run("tabs share nothing", func(t *testing.T) {
		browser.Open(t, server.URL).Evaluate(`document.cookie = "a=b"`)
		if got := browser.Open(t, server.URL).Evaluate("document.cookie"); string(got) != `""` {
			t.Errorf("got %s", got)
		}
	})
	t.Run("leaves nothing behind", func(t *testing.T) {
		browser.Stop()
		if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "*")); len(left) != 0 {
			t.Errorf("left %q", left)
		}
	})
}
