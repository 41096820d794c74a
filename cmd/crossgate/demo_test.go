package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// The demo on free ports: the seed's calls work from its page's origin, an untrusted
// one gets nothing, and after Ctrl-C nothing is left.
func TestDemo(t *testing.T) {
	temporary := t.TempDir()
	demo, facts := startDemo(t, temporary)

	t.Run("pages", func(t *testing.T) {
		for _, page := range []string{facts.Page, facts.UntrustedPage} {
			if got := exchanged(t, "GET", page+"/", "", nil); got.status != 200 || !strings.Contains(got.text, `data-api="`+facts.API+`"`) {
				t.Errorf("%s: %d %s", page, got.status, got.text)
			}
		}
	})
	t.Run("calls", func(t *testing.T) { testDemoCalls(t, facts) })
	t.Run("dashboard", func(t *testing.T) {
		form := url.Values{"name": {facts.Account}, "password": {facts.Password}}.Encode()
		dashboard := strings.TrimSuffix(facts.Dashboard, "/settings/security")
		got := exchanged(t, "POST", dashboard+"/sign-in", form, http.Header{
			"Content-Type": {"application/x-www-form-urlencoded"}, "Origin": {dashboard},
		})
		if got.status != http.StatusSeeOther || len(got.header["Set-Cookie"]) == 0 {
			t.Errorf("signing in: %d %v", got.status, got.header)
		}
	})

	code, err := demo.stop(syscall.SIGINT)
	if err != nil || code != exitDone {
		t.Errorf("exit code %d, %v: %s", code, err, demo.stderr.String())
	}
	if demo.stderr.String() != "" {
		t.Errorf("standard error: %s", demo.stderr.String())
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if _, err := http.Get(facts.API); err == nil {
		t.Error("the gateway still answers")
	}
}

// startDemo starts the demo with a folder for temporary files of its own.
func startDemo(t *testing.T, temporary string) (*process, demoFacts) {
	t.Helper()
	path, err := exec.LookPath("crossgate")
	if err != nil {
		t.Fatal(err)
	}
	demo, err := startProcess(path, t.TempDir(), environ("TMPDIR="+temporary), "demo", "--free-ports", "--json")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(demo.kill)
	if _, err := demo.await(&demo.stdout, `(?m)^}$`); err != nil {
		t.Fatal(err)
	}
	var facts demoFacts
	if err := json.Unmarshal([]byte(demo.stdout.String()), &facts); err != nil {
		t.Fatal(err)
	}
	return demo, facts
}

// testDemoCalls makes the calls of the sample page, as its browser does.
func testDemoCalls(t *testing.T, facts demoFacts) {
	const discussions = "/api/v2/discussions"
	const body = `{"name":"Hello"}`
	query := discussions + "?demo_call=x&access_token=" + facts.Token
	tests := []struct {
		name   string
		origin string
		method string
		path   string
		header http.Header
		status int
		want   string // in the answer
	}{
		{"read, token in the query", facts.Page, "GET", query, nil, 200, `"subject":"Demo page"`},
		{"read, token in the header", facts.Page, "GET", discussions, http.Header{"Authorization": {"Bearer " + facts.Token}}, 200, `"subject":"Demo page"`},
		{"write, text/plain", facts.Page, "POST", query, http.Header{"Content-Type": {"text/plain"}}, 201, `"contentType":"application/json"`},
		{"write, application/json", facts.Page, "POST", discussions, http.Header{
			"Authorization": {"Bearer " + facts.Token}, "Content-Type": {"application/json"},
		}, 201, `"contentType":"application/json"`},
		{"write without a token", facts.Page, "POST", discussions, http.Header{"Content-Type": {"application/json"}}, 401, "to write takes a token"},
		{"preflight", facts.Page, "OPTIONS", discussions, http.Header{"Access-Control-Request-Method": {"POST"}}, 204, ""},
		{"mistyped token", facts.Page, "GET", discussions + "?access_token=cgt_mistyped", nil, 401, "token-unknown"},
		{"untrusted read", facts.UntrustedPage, "GET", query, nil, 403, "origin-not-trusted"},
		{"untrusted write", facts.UntrustedPage, "POST", query, http.Header{"Content-Type": {"text/plain"}}, 403, "origin-not-trusted"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			header := tt.header.Clone()
			if header == nil {
				header = make(http.Header)
			}
			header.Set("Origin", tt.origin)
			send := body
			if tt.method != "POST" {
				send = ""
			}
			got := exchanged(t, tt.method, facts.API+tt.path, send, header)
			if got.status != tt.status || !strings.Contains(got.text, tt.want) {
				t.Errorf("%d %s, want %d with %s", got.status, got.text, tt.status, tt.want)
			}
			allowed := got.header.Get("Access-Control-Allow-Origin")
			if (allowed == tt.origin) != (tt.origin == facts.Page) {
				t.Errorf("Access-Control-Allow-Origin %q", allowed)
			}
		})
	}
	// The untrusted calls were counted at the gateway, and never came to the API.
	got := strings.TrimSpace(exchanged(t, "GET", facts.Page+"/wire/x", "", nil).text)
	want := `{"api":[{"method":"GET"},{"method":"POST"}],"gateway":[{"method":"GET"},{"method":"POST"},` +
		`{"method":"GET","reason":"origin-not-trusted"},{"method":"POST","reason":"origin-not-trusted"}]}`
	if came := regexp.MustCompile(`,"at":[0-9.]+`).ReplaceAllString(got, ""); came != want {
		t.Errorf("wire: %s\nwant: %s", came, want)
	}
}

// An exchange is what came back.
type exchange struct {
	status int
	header http.Header
	text   string
}

// exchanged makes one request.
func exchanged(t *testing.T, method, target, body string, header http.Header) exchange {
	t.Helper()
	r, err := http.NewRequest(method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		r.Header = header
	}
	client := http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return exchange{response.StatusCode, response.Header, string(text)}
}

// A demo that was given SIGTERM, and Ctrl-C twice, cleans up as well.
func TestDemoCleansUpWhateverStopsIt(t *testing.T) {
	temporary := t.TempDir()
	demo, _ := startDemo(t, temporary)
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		_ = demo.cmd.Process.Signal(s) // the second may come too late, which is as well
	}
	if code, err := demo.stop(syscall.SIGINT); err != nil || code != exitDone {
		t.Errorf("exit code %d, %v", code, err)
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
