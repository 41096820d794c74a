package gateway

import (
	"net/http"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/gate"
)

// The own origin without configured public URLs is the socket's, and nobody can
// talk the gateway into another one.
func TestSocketOrigin(t *testing.T) {
	r := newRig(t, rigConfig{site: func(s *gate.SiteConfig) { s.Trusted = nil }})
	_, port, _ := strings.Cut(r.address(), ":")
	proxy := newRig(t, rigConfig{site: func(s *gate.SiteConfig) { s.Trusted = nil }, config: loopback})
	_, proxyPort, _ := strings.Cut(proxy.address(), ":")
	for _, tt := range []struct {
		name   string
		rig    *rig
		fields []string
		own    bool
	}{
		{"its address", r, []string{"Host", "127.0.0.1:" + port, "Origin", "http://127.0.0.1:" + port}, true},
		{"its name", r, []string{"Host", "localhost:" + port, "Origin", "http://localhost:" + port}, true},
		{"in capitals", r, []string{"Host", "LOCALHOST:" + port, "Origin", "http://localhost:" + port}, true},
		{"another port", r, []string{"Host", "localhost:1", "Origin", "http://localhost:1"}, false},
		{"no port", r, []string{"Host", "localhost", "Origin", "http://localhost"}, false},
		{"another address", r, []string{"Host", "127.0.0.2:" + port, "Origin", "http://127.0.0.2:" + port}, false},
		{"another origin than the host", r, []string{"Host", "127.0.0.1:" + port, "Origin", "http://localhost:" + port}, false},
		{"another scheme", r, []string{"Host", "localhost:" + port, "Origin", "https://localhost:" + port}, false},
		{"a scheme by a header", r, []string{"Host", "localhost:" + port, "Origin", "https://localhost:" + port, "X-Forwarded-Proto", "https"}, false},
		{"forwarded", r, []string{"Host", "localhost:" + port, "Origin", "http://localhost:" + port, "X-Forwarded-For", "1.2.3.4"}, false},
		{"forwarded, in the standard's words", r, []string{"Host", "localhost:" + port, "Origin", "http://localhost:" + port, "Forwarded", "for=1.2.3.4"}, false},
		{"by way of a proxy", r, []string{"Host", "localhost:" + port, "Origin", "http://localhost:" + port, "Via", "1.1 x"}, false},
		{"a trusted proxy is no browser", proxy, []string{"Host", "localhost:" + proxyPort, "Origin", "http://localhost:" + proxyPort}, false},
		{"nor makes an origin", proxy, []string{"Host", "localhost:" + proxyPort, "Origin", "https://localhost:" + proxyPort, "X-Forwarded-Proto", "https", "X-Forwarded-Host", "localhost:" + proxyPort}, false},
		{"null", r, []string{"Host", "localhost:" + port, "Origin", "null", "Sec-Fetch-Site", "same-origin"}, false},
		{"Referer does not count", r, []string{"Host", "localhost:" + port, "Origin", untrustedOrigin, "Referer", "http://localhost:" + port + "/"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := tt.rig.ask("GET", "/", tt.fields...)
			if own := res.StatusCode == http.StatusOK; own != tt.own {
				t.Errorf("status %d, own origin: want %v", res.StatusCode, tt.own)
			}
		})
	}
}

// With configured public URLs only their hosts are served.
func TestConfiguredHosts(t *testing.T) {
	site := func(s *gate.SiteConfig) {
		s.PublicURLs = publicURLs(t, "https://api.example.com", "http://api.internal:8080")
	}
	r := newRig(t, rigConfig{site: site})
	proxy := newRig(t, rigConfig{site: site, config: loopback})
	for _, tt := range []struct {
		name   string
		rig    *rig
		fields []string
		status int
		code   string
	}{
		{"its host", r, []string{"Host", "api.example.com"}, 200, ""},
		{"in capitals", r, []string{"Host", "API.Example.com"}, 200, ""},
		{"with the default port", r, []string{"Host", "api.example.com:443"}, 200, ""},
		{"the other one", r, []string{"Host", "api.internal:8080"}, 200, ""},
		{"another port", r, []string{"Host", "api.example.com:8443"}, 421, "host-unknown"},
		{"another name", r, []string{"Host", "www.example.com"}, 421, "host-unknown"},
		{"localhost", r, []string{"Host", "localhost"}, 421, "host-unknown"},
		{"a stranger's word", r, []string{"Host", "localhost", "X-Forwarded-Host", "api.example.com"}, 421, "host-unknown"},
		{"a trusted proxy's word", proxy, []string{"Host", "localhost", "X-Forwarded-Host", "api.example.com"}, 200, ""},
		{"a trusted proxy's wrong word", proxy, []string{"Host", "api.example.com", "X-Forwarded-Host", "www.example.com"}, 421, "host-unknown"},
		{"own origin", r, []string{"Host", "api.example.com", "Origin", "https://api.example.com"}, 200, ""},
		{"own origin, in null's clothes", r, []string{"Host", "api.example.com", "Origin", "null", "Sec-Fetch-Site", "same-origin"}, 200, ""},
		{"plain null", r, []string{"Host", "api.example.com", "Origin", "null"}, 403, "origin-null"},
		{"http is another origin", r, []string{"Host", "api.example.com", "Origin", "http://api.example.com"}, 403, "origin-not-trusted"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := tt.rig.ask("GET", "/", tt.fields...)
			if res.StatusCode != tt.status || res.Header.Get("Crossgate-Reason") != tt.code {
				t.Errorf("%d %q, want %d %q", res.StatusCode, res.Header.Get("Crossgate-Reason"), tt.status, tt.code)
			}
		})
	}
}

// Health is for load balancers, which call by address.
func TestHealth(t *testing.T) {
	draining := false
	r := newRig(t, rigConfig{config: func(c *Config) { c.Draining = func() bool { return draining } }})
	empty := newRig(t, rigConfig{empty: true})
	if res := r.ask("GET", healthPath, "Host", "any.example"); res.StatusCode != 200 || bodyOf(t, res) != "{\"status\":\"ok\"}\n" {
		t.Errorf("healthy: %d", res.StatusCode)
	}
	if res := r.ask("POST", healthPath); res.StatusCode != 405 {
		t.Errorf("POST: %d", res.StatusCode)
	}
	if res := empty.ask("GET", healthPath); res.StatusCode != 503 {
		t.Errorf("without a snapshot: %d", res.StatusCode)
	}
	if res := empty.ask("GET", "/", "Origin", trustedOrigin); res.StatusCode != 503 || res.Header.Get("Crossgate-Reason") != "not-ready" || len(empty.api.Seen()) != 0 {
		t.Errorf("a request without a snapshot: %d", res.StatusCode)
	}
	draining = true
	if res := r.ask("GET", healthPath); res.StatusCode != 503 {
		t.Errorf("draining: %d", res.StatusCode)
	}
}
