package explain_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The reports of a few calls to the letter, as scripts and pages get them.
func TestReports(t *testing.T) {
	token := request{Method: "PATCH", Body: preflight.BodyString, Headers: headers("Authorization", "Bearer x", "Content-Type", "application/json")}
	calls := map[string]call{
		"all-is-well": {Request: token, Preflight: answer(204, forPage, "Access-Control-Allow-Methods: PATCH", "Access-Control-Allow-Headers: Authorization, Content-Type", anHour), Response: answer(200, forPage, timed, "Content-Type: application/json")},
		"no-options":  {Request: token, Preflight: answer(405, "Allow: GET, PATCH", "Content-Type: text/html")},
		"bad-gateway": {Response: answer(502, "Content-Type: text/html", "Server: nginx")},
		"cookies":     {Credentials: true, Response: answer(200, forAll, withAll, "Set-Cookie: sid=x; Path=/; HttpOnly", "Timing-Allow-Origin: *")},
		"sign-in":     {Request: named, Preflight: grantedXA, Response: answer(302, forPage, toOther), Redirects: []hop{{Preflight: answer(204, forPage, xaIt, anHour), Response: answer(200, forPage)}}},
	}
	for name, c := range calls {
		t.Run(name, func(t *testing.T) {
			c.Origin, c.Target = page, at(api)
			got, err := json.MarshalIndent(explain.JudgeCall(c), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", "report_"+name+".json")
			if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
				t.Errorf("%s differs (-want +got); go test ./internal/explain -update writes it:\n%s", golden, diff)
			}
		})
	}
}
