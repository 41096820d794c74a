package guard_test

import (
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/crossgate/crossgate/internal/dashboard/guard"
)

func newGuard(t *testing.T, address string) *guard.Guard {
	t.Helper()
	var u *url.URL
	if address != "" {
		var err error
		if u, err = url.Parse(address); err != nil {
			t.Fatal(err)
		}
	}
	g, err := guard.New(u)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestNewURL(t *testing.T) {
	tests := []struct {
		url  string
		good bool
	}{
		{"https://crossgate.example.com", true},
		{"https://crossgate.example.com/", true},
		{"https://crossgate.example.com:8443", true},
		{"http://localhost:8081", true},
		{"http://127.0.0.1:8081", true},
		{"http://[::1]:8081", true},
		{"http://crossgate.example.com", false},
		{"https://crossgate.example.com/admin", false},
		{"https://crossgate.example.com?x", false},
		{"https://ada@crossgate.example.com", false},
		{"crossgate.example.com", false},
		{"ftp://localhost", false},
	}
	for _, test := range tests {
		t.Run(test.url, func(t *testing.T) {
			u, err := url.Parse(test.url)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := guard.New(u); (err == nil) != test.good {
				t.Errorf("got %v, want good: %v", err, test.good)
			}
		})
	}
}

func TestCheckHost(t *testing.T) {
	const own = "https://Crossgate.example.com"
	tests := []struct {
		name, url, host string
		good            bool
	}{
		{"loopback name", "", "localhost:8081", true},
		{"loopback name in capitals", "", "LOCALHOST:8081", true},
		{"loopback name without port", "", "localhost", true},
		{"loopback address", "", "127.0.0.1:8081", true},
		{"another loopback address", "", "127.8.9.1:8081", true},
		{"IPv6 loopback", "", "[::1]:8081", true},
		{"IPv6 loopback without port", "", "[::1]", true},
		{"a name that was rebound", "", "evil.example:8081", false},
		{"a name that begins like one", "", "localhost.evil.example", false},
		{"a name below localhost", "", "evil.localhost", false},
		{"a trailing dot", "", "localhost.:8081", false},
		{"an address of the network", "", "192.168.1.7:8081", false},
		{"any address", "", "0.0.0.0:8081", false},
		{"a number", "", "2130706433", false},
		{"no host", "", "", false},
		{"own name", own, "crossgate.example.com", true},
		{"own name with the port of https", own, "crossgate.example.com:443", true},
		{"own name with another port", own, "crossgate.example.com:8443", false},
		{"loopback where a URL is set", own, "localhost", false},
		{"a name below", own, "a.crossgate.example.com", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Host = test.host
			err := newGuard(t, test.url).CheckHost(r)
			if (err == nil) != test.good {
				t.Fatalf("Host %q: got %v, want good: %v", test.host, err, test.good)
			}
			var refusal *guard.Refusal
			if !test.good && (!errors.As(err, &refusal) || refusal.Status != http.StatusMisdirectedRequest) {
				t.Errorf("got %v, want a refusal with status 421", err)
			}
		})
	}
}

func TestCheckOrigin(t *testing.T) {
	const (
		own     = "http://localhost:8081"
		site    = "Sec-Fetch-Site"
		mode    = "Sec-Fetch-Mode"
		dest    = "Sec-Fetch-Dest"
		partner = "https://partner.example"
	)
	tests := []struct {
		name   string
		method string
		header map[string]string
		good   bool
	}{
		{"form of our own", "POST", map[string]string{site: "same-origin", "Origin": own}, true},
		{"form of our own, old browser", "POST", map[string]string{"Origin": own}, true},
		{"form of our own, no Origin", "POST", map[string]string{site: "same-origin"}, true},
		{"form of another page", "POST", map[string]string{site: "cross-site", "Origin": partner}, false},
		{"form of another page, old browser", "POST", map[string]string{"Origin": partner}, false},
		{"page on another port of this machine", "POST", map[string]string{site: "same-site", "Origin": "http://localhost:3000"}, false},
		{"page on another port, old browser", "POST", map[string]string{"Origin": "http://localhost:3000"}, false},
		{"page of the same name over https", "POST", map[string]string{"Origin": "https://localhost:8081"}, false},
		{"sandboxed frame", "POST", map[string]string{"Origin": "null"}, false},
		{"liar about the site", "POST", map[string]string{site: "same-origin", "Origin": partner}, false},
		{"no proof at all", "POST", nil, false},
		{"typed by hand", "POST", map[string]string{site: "none"}, false},
		{"other unsafe methods", "DELETE", map[string]string{"Origin": partner}, false},
		{"page typed by hand", "GET", map[string]string{site: "none", mode: "navigate", dest: "document"}, true},
		{"page, old browser", "GET", nil, true},
		{"link on another page", "GET", map[string]string{site: "cross-site", mode: "navigate", dest: "document"}, true},
		{"frame of another page", "GET", map[string]string{site: "cross-site", mode: "navigate", dest: "iframe"}, false},
		{"picture of another page", "GET", map[string]string{site: "cross-site", mode: "no-cors", dest: "image"}, false},
		{"fetch from another port", "GET", map[string]string{site: "same-site", mode: "cors", dest: "empty"}, false},
		{"fetch of our own", "GET", map[string]string{site: "same-origin", mode: "cors", dest: "empty"}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(test.method, own+"/", nil)
			for name, value := range test.header {
				r.Header.Set(name, value)
			}
			if err := newGuard(t, "").CheckOrigin(r); (err == nil) != test.good {
				t.Errorf("got %v, want good: %v", err, test.good)
			}
		})
	}
}

// Two Origin lines prove nothing, whichever comes first.
func TestCheckOriginTwice(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, "http://localhost:8081/", nil)
	r.Header["Origin"] = []string{"http://localhost:8081", "https://partner.example"}
	if newGuard(t, "").CheckOrigin(r) == nil {
		t.Error("two Origin lines were accepted")
	}
}

func TestSessionCookie(t *testing.T) {
	plain := httptest.NewRequest(http.MethodGet, "http://localhost:8081/", nil)
	overTLS := httptest.NewRequest(http.MethodGet, "https://localhost:8081/", nil)
	overTLS.TLS = &tls.ConnectionState{}
	tests := []struct {
		name, url string
		request   *http.Request
		want      string
	}{
		{"plain loopback", "", plain, "crossgate=s; Path=/; HttpOnly; SameSite=Strict"},
		{"TLS", "", overTLS, "__Host-crossgate=s; Path=/; HttpOnly; Secure; SameSite=Strict"},
		{"TLS before us", "https://crossgate.example.com", plain, "__Host-crossgate=s; Path=/; HttpOnly; Secure; SameSite=Strict"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g, w := newGuard(t, test.url), httptest.NewRecorder()
			g.SetSession(w, test.request, "s")
			if got := w.Header().Get("Set-Cookie"); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			again := test.request.Clone(t.Context())
			again.Header.Set("Cookie", w.Result().Cookies()[0].Name+"=s")
			if got := g.Session(again); got != "s" {
				t.Errorf("read back %q", got)
			}
		})
	}
}
