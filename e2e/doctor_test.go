package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/explain"
)

// app is the page that calls the servers that are examined.
const app = "https://app.example.com"

// What the page sends.
var (
	reads         = []string{}
	readsElse     = []string{"/missing"}
	changes       = []string{"-X", "PUT", "-H", "Content-Type: application/json", "-d", "{}"}
	authorized    = []string{"-H", "Authorization: Bearer cgt-not-one"}
	readsAsOne    = []string{"--credentials"}
	changesAsOne  = append([]string{"--credentials"}, changes...)
	changesReally = append([]string{"--send"}, changes...)
)

// A patient is a server, the request that is examined there, and what is wrong.
type patient struct {
	name     string
	server   string // how it is set up; the functions that start servers read it
	request  []string
	readable bool
	faults   []explain.FindingCode // without notes; what blocks first comes first
}

// An examination is what crossgate doctor --json prints, as far as it is held here.
type examination struct {
	Verdict  explain.Outcome   `json:"verdict"`
	Findings []explain.Finding `json:"findings"`
	Fixes    []struct {
		Server explain.Server `json:"server"`
		Text   string         `json:"text"`
	} `json:"fixes"`
}

// examine runs crossgate doctor from the page.
func examine(t *testing.T, url string, request []string) (found examination, code int) {
	t.Helper()
	args := []string{"doctor", "--json", "--origin", app}
	for _, word := range request {
		if strings.HasPrefix(word, "/") {
			url += word
			continue
		}
		args = append(args, word)
	}
	printed, code := binary.Ask(t, append(args, url)...)
	if err := json.Unmarshal(printed, &found); err != nil {
		t.Fatalf("%v:\n%s", err, printed)
	}
	return found, code
}

// faults are the codes of what is wrong, each once, sorted. That the request needs a
// preflight is no fault of the server.
func (e examination) faults() (all []explain.FindingCode) {
	for _, f := range e.Findings {
		if f.Severity != explain.Note && f.Code != explain.PreflightNeeded {
			all = append(all, f.Code)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// holdPatient examines a server, and holds the diagnosis against what is known of it.
func holdPatient(t *testing.T, url string, p patient) {
	t.Helper()
	found, code := examine(t, url, p.request)
	if got, want := found.faults(), slices.Sorted(slices.Values(p.faults)); !slices.Equal(got, want) {
		t.Errorf("it finds %q, want %q\n%s", got, want, found)
	}
	if !p.readable && len(p.faults) > 0 && found.first() != p.faults[0] {
		t.Errorf("the first that fails is said to be %s, want %s", found.first(), p.faults[0])
	}
	if readable := found.Verdict == explain.Readable; readable != p.readable {
		t.Errorf("it is said to be %s, readable: %t", found.Verdict, p.readable)
	}
	if healthy := p.readable && !found.insecure(); healthy != (code == 0) {
		t.Errorf("the exit code is %d", code)
	}
	if broken := !p.readable || found.insecure(); broken && len(found.Fixes) == 0 {
		t.Error("it says for no server what to do")
	}
	for _, f := range found.Findings {
		if f.Severity != explain.Note && f.Fix == "" {
			t.Errorf("%s has no fix", f.Code)
		}
	}
}

// first is the first thing that keeps the page from the answer.
func (e examination) first() explain.FindingCode {
	for _, f := range e.Findings {
		if f.Severity == explain.Blocks {
			return f.Code
		}
	}
	return ""
}

func (e examination) insecure() bool {
	return slices.ContainsFunc(e.Findings, func(f explain.Finding) bool { return f.Severity == explain.Insecure })
}

func (e examination) String() string {
	var text strings.Builder
	for _, f := range e.Findings {
		fmt.Fprintf(&text, "  %s %s at %s %d: %s\n", f.Severity, f.Code, f.Step, f.Hop, f.Evidence)
	}
	return text.String()
}

// TestDoctorOnCrossgate: what Crossgate guards is healthy, whatever the API does.
func TestDoctorOnCrossgate(t *testing.T) {
	api := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Access-Control-Allow-Origin", "*") // of the API's own, and twice
		w.Header().Add("Access-Control-Allow-Origin", "https://www.example.com")
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		if r.URL.Path != "/items" {
			http.NotFound(w, r)
			return
		}
		w.Write([]byte("[1,2,3]"))
	})
	gateway := binary.Serve(t, serveSite(t, "127.0.0.1", api).Origin)
	gateway.Trust(app, "app.example.com")
	for _, p := range []patient{
		{name: "GET", request: reads, readable: true},
		{name: "GET of nothing there", request: readsElse, readable: true},
		{name: "GET with a token", request: authorized, readable: true},
		{name: "PUT of JSON", request: changesReally, readable: true},
		{name: "PUT of JSON, unsent", request: changes, readable: true},
		{name: "PUT with a token in the query", request: append(slices.Clone(changesReally), "/?access_token=abc"), readable: true},
	} {
		t.Run(p.name, func(t *testing.T) {
			holdPatient(t, gateway.URL+"/items", p)
		})
	}
	t.Run("an origin that is not trusted", func(t *testing.T) {
		found, code := examine(t, gateway.URL+"/items", []string{"--origin", "https://www.example.com"})
		if code != 1 || found.Verdict != explain.Blocked || !slices.Contains(found.faults(), explain.ErrorHidden) {
			t.Errorf("code %d, %s:\n%s", code, found.Verdict, found)
		}
	})
}
