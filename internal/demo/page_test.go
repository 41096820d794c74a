package demo

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/crossgate/crossgate/trust"
)

func newTestPage(t *testing.T, wire *Wire) http.Handler {
	t.Helper()
	origin := func(s string) trust.Origin {
		o, err := trust.ParseOrigin(s)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	page, err := NewPage(PageConfig{
		API:       origin("http://localhost:8080"),
		Dashboard: "http://127.0.0.1:8081/settings/security",
		Trusted:   origin("http://localhost:8082"),
		Untrusted: origin("http://127.0.0.1:8082"),
		Token:     "cgt_x",
		APIToken:  "demo_x",
		Gateway:   wire,
		Upstream:  new(Wire),
	})
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// The page says which of its two origins it is, and runs no inline script.
func TestPage(t *testing.T) {
	page := newTestPage(t, new(Wire))
	tests := []struct{ name, target, want string }{
		{"trusted", "http://localhost:8082/", "This page is trusted."},
		{"untrusted", "http://127.0.0.1:8082/", "This page is not trusted."},
		{"untrusted names its entry", "http://127.0.0.1:8082/", `<code class="entry">127.0.0.1:8082</code>`},
		{"links to the dashboard", "http://127.0.0.1:8082/", `href="http://127.0.0.1:8081/settings/security"`},
		{"script", "http://localhost:8082/static/demo.js", "addEventListener"},
		{"style", "http://localhost:8082/static/demo.css", "prefers-color-scheme: dark"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ask(page, "GET", tt.target, "")
			if got.Code != 200 || !strings.Contains(got.Body.String(), tt.want) {
				t.Errorf("%d %s", got.Code, got.Body)
			}
			policy := got.Header().Get("Content-Security-Policy")
			if !strings.Contains(policy, "script-src 'self' http://localhost:8080/.crossgate/client.js;") || !strings.Contains(policy, "connect-src 'self' http://localhost:8080;") {
				t.Errorf("Content-Security-Policy: %s", policy)
			}
		})
	}
}

// The page holds tokens: another name that leads here does not show them.
func TestPageUnderAnotherName(t *testing.T) {
	for _, host := range []string{"evil.example:8082", "localhost", "[::1]:8082"} {
		got := ask(newTestPage(t, new(Wire)), "GET", "http://"+host+"/", "")
		if got.Code != http.StatusMisdirectedRequest || strings.Contains(got.Body.String(), "cgt_") {
			t.Errorf("%s: %d %s", host, got.Code, got.Body)
		}
	}
}

// What arrives is told call by call, with the reason of a refusal.
func TestWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the clock moves by the delays alone
		var wire Wire
		watched := wire.Watch(Delayed(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "GET" {
				w.Header().Set("Crossgate-Reason", "origin-not-trusted")
			}
		})))
		ask(watched, "OPTIONS", "/a?demo_call=one&demo_delay=20", "")
		ask(watched, "GET", "/a?demo_call=one&x=y", "")
		ask(watched, "GET", "/a", "")
		ask(watched, "GET", "/a?demo_call="+strings.Repeat("x", maxCallName+1), "")
		got := ask(newTestPage(t, &wire), "GET", "http://localhost:8082/wire/one", "")
		want := `{"api":null,"gateway":[{"method":"OPTIONS","at":0},{"method":"GET","at":20,"reason":"origin-not-trusted"}]}`
		if strings.TrimSpace(got.Body.String()) != want {
			t.Errorf("got %s", got.Body)
		}
	})
}

// A wire forgets the oldest calls, and counts only so far.
func TestWireIsBounded(t *testing.T) {
	var wire Wire
	watched := wire.Watch(http.NotFoundHandler())
	for range maxArrivals + 5 {
		ask(watched, "GET", "/?demo_call=often", "")
	}
	if n := len(wire.Arrivals("often")); n != maxArrivals {
		t.Errorf("%d arrivals are kept", n)
	}
	for i := range maxCalls {
		ask(watched, "GET", fmt.Sprintf("/?demo_call=%d", i), "")
	}
	if wire.Arrivals("often") != nil || len(wire.Arrivals("0")) != 1 || len(wire.calls) != maxCalls {
		t.Errorf("%d calls are kept", len(wire.calls))
	}
}

// The page looks like the dashboard: each colour, size and font has the same value
// in both style sheets.
func TestTokensAreTheDashboards(t *testing.T) {
	token := regexp.MustCompile(`(?m)^ +(--[a-z-]+): ([^;]+);`)
	theirs, err := os.ReadFile(filepath.Join("..", "dashboard", "shell", "style", "1-tokens.css"))
	if err != nil {
		t.Fatal(err)
	}
	ours, err := files.ReadFile("static/demo.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark := make(map[string]string), make(map[string]string)
	for _, m := range token.FindAllStringSubmatch(string(theirs), -1) {
		if _, seen := light[m[1]]; seen {
			dark[m[1]] = m[2]
			continue
		}
		light[m[1]] = m[2]
	}
	mine := token.FindAllStringSubmatch(string(ours), -1)
	if len(mine) == 0 || len(dark) == 0 {
		t.Fatal("no tokens were found")
	}
	for _, m := range mine {
		if m[2] != light[m[1]] && m[2] != dark[m[1]] {
			t.Errorf("%s is %s here, %s and %s in the dashboard", m[1], m[2], light[m[1]], dark[m[1]])
		}
	}
}
