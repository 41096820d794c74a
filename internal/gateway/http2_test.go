package gateway

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/gate"
)

// HTTP/2 stands under the same rules.
func TestHTTP2(t *testing.T) {
	r := newRig(t, rigConfig{tls: true, site: func(s *gate.SiteConfig) {
		s.PublicURLs = publicURLs(t, "https://api.example.com")
	}})
	const host = "api.example.com"
	for _, tt := range []struct {
		name   string
		method string
		target string
		body   string
		fields []string
		status int
		code   string
		seen   string // that the upstream saw; "" none
	}{
		{"query token", "GET", "/a?access_token=abc&b=1", "", []string{"Origin", trustedOrigin}, 200, "", "/a?b=1"},
		{"text", "POST", "/a?access_token=abc", "{}", []string{"Origin", trustedOrigin, "Content-Type", "text/plain"}, 200, "", "/a"},
		{"untrusted", "GET", "/a", "", []string{"Origin", untrustedOrigin}, 403, "origin-not-trusted", ""},
		{"preflight", "OPTIONS", "/a", "", []string{"Origin", trustedOrigin, "Access-Control-Request-Method", "PUT"}, 204, "", ""},
		{"another host", "GET", "/a", "", []string{"Host", "evil.example"}, 421, "host-unknown", ""},
		{"TRACE", "TRACE", "/a", "", nil, 405, "method-unsupported", ""},
		{"lower case", "get", "/a", "", nil, 400, "bad-request", ""},
		{"many fields", "GET", "/a", "", manyFields(130), 431, "headers-too-large", ""},
		{"dropped fields", "GET", "/a", "", []string{"X_Forwarded_For", "1.2.3.4", "Crossgate-Subject", "root"}, 200, "", "/a"},
		{"refused with a body", "POST", "/a", strings.Repeat("x", 1<<20), []string{"Origin", untrustedOrigin}, 403, "origin-not-trusted", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r.api.Forget()
			res := r.send(tt.method, tt.target, tt.body, append([]string{"Host", host}, tt.fields...)...)
			if res.ProtoMajor != 2 {
				t.Fatalf("spoke %s", res.Proto)
			}
			if res.StatusCode != tt.status || res.Header.Get("Crossgate-Reason") != tt.code {
				t.Errorf("%d %q, want %d %q", res.StatusCode, res.Header.Get("Crossgate-Reason"), tt.status, tt.code)
			}
			if !strings.Contains(strings.Join(res.Header["Vary"], ","), "Origin") {
				t.Errorf("Vary: %q", res.Header["Vary"])
			}
			seen := r.api.Seen()
			if len(seen) == 0 && tt.seen != "" || len(seen) > 0 && seen[0].Target != tt.seen {
				t.Errorf("upstream saw %+v, want %q", seen, tt.seen)
			}
			for _, s := range seen {
				if s.Header.Get("Crossgate-Subject") != "" || s.Header.Get("X_Forwarded_For") != "" {
					t.Errorf("upstream saw %v", s.Header)
				}
				if diff := cmp.Diff([]string{"https"}, s.Header["X-Forwarded-Proto"]); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func manyFields(n int) []string {
	var all []string
	for range n {
		all = append(all, "A", "b")
	}
	return all
}

// A connection that carried a refusal carries the next request, too.
func TestHTTP2ConnectionsOutliveRefusals(t *testing.T) {
	r := newRig(t, rigConfig{tls: true})
	for range 3 {
		res := r.ask("POST", "/", "Host", "localhost", "Origin", untrustedOrigin)
		if res.StatusCode != http.StatusForbidden || res.Close {
			t.Errorf("%d, close %v", res.StatusCode, res.Close)
		}
	}
}
