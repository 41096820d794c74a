package dashboard_test

import (
	"net/http"
	"testing"
)

// routes are all routes of the dashboard, with what somebody signed out and
// somebody signed in gets.
var routes = []struct {
	method, path string
	form         []string
	out          int
	in           int
}{
	{"GET", "/", nil, 303, 303},
	{"GET", "/settings/security", nil, 303, 200},
	{"GET", "/settings/security?origin=https://a.example", nil, 303, 200},
	{"GET", "/settings/security/check?origin=https://a.example", nil, 303, 200},
	{"GET", "/settings/security/domains/1", nil, 303, 200},
	{"GET", "/settings/security/domains/99", nil, 303, 404},
	{"GET", "/settings/security/domains/x", nil, 303, 404},
	{"POST", "/settings/security/preview", []string{"domains", "b.example"}, 401, 200},
	{"POST", "/settings/security/add", []string{"domains", "b.example", "do", "check"}, 401, 200},
	{"POST", "/settings/security/add", []string{"domains", "new.example", "do", "add"}, 401, 303},
	{"POST", "/settings/security/domains/1", []string{"label", "x", "expires", "never"}, 401, 303},
	{"POST", "/settings/security/domains/1/off", nil, 401, 303},
	{"POST", "/settings/security/domains/1/on", nil, 401, 303},
	{"POST", "/settings/security/undo", []string{"change", "x"}, 401, 404},
	{"POST", "/settings/security/remove", []string{"one", "1"}, 401, 303},
	{"GET", "/sign-in", nil, 200, 200},
	{"POST", "/sign-in", []string{"name", "x", "password", "y"}, 422, 422},
	{"GET", "/setup", nil, 303, 303},
	{"POST", "/setup", []string{"name", "x", "password", "y"}, 422, 422},
	{"GET", "/nowhere", nil, 404, 404},
	{"GET", "/healthz", nil, 200, 200},
	{"GET", "/readyz", nil, 200, 200},
	{"POST", "/sign-out", nil, 303, 303}, // last: it ends the session
}

func TestRoutes(t *testing.T) {
	h := newHouse(t).withAccount().withDomains("a.example")
	for _, who := range []struct {
		name string
		b    *browser
		want func(i int) int
	}{
		{"signed out", h.newBrowser(), func(i int) int { return routes[i].out }},
		{"signed in", h.signedIn(), func(i int) int { return routes[i].in }},
	} {
		for i, route := range routes {
			t.Run(who.name+" "+route.method+" "+route.path, func(t *testing.T) {
				var got answer
				if route.method == http.MethodPost {
					got = who.b.post(route.path, route.form...)
				} else {
					got = who.b.get(route.path)
				}
				got.shows(t, who.want(i))
				checkHeaders(t, got.header)
			})
		}
	}
}

func checkHeaders(t *testing.T, h http.Header) {
	t.Helper()
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
			"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		"X-Frame-Options":              "DENY",
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Cache-Control":                "no-store",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// Another page's forms change nothing, whoever is signed in.
func TestCrossOriginFormsAreRefused(t *testing.T) {
	h := newHouse(t).withAccount().withDomains("a.example")
	b := h.signedIn()
	for name, header := range map[string]http.Header{
		"another site":                {"Origin": {"https://evil.example"}},
		"another port":                {"Origin": {"http://127.0.0.1:1"}},
		"sandboxed":                   {"Origin": {"null"}},
		"no origin":                   {"Origin": nil},
		"says cross-site":             {"Origin": {h.url}, "Sec-Fetch-Site": {"cross-site"}},
		"says same-site":              {"Origin": {h.url}, "Sec-Fetch-Site": {"same-site"}},
		"says same-origin, and isn't": {"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"same-origin"}},
	} {
		b.header = header
		for _, route := range routes {
			if route.method == http.MethodPost {
				t.Run(name+" "+route.path, func(t *testing.T) {
					b.post(route.path, route.form...).shows(t, http.StatusForbidden)
				})
			}
		}
	}
	if got := h.domains(); got != "a.example" {
		t.Errorf("the list is now %s", got)
	}
	b.header = http.Header{}
	b.get("/settings/security").shows(t, http.StatusOK)
}

// A page that rebinds its name to this address still says its name.
func TestOtherHostsAreRefused(t *testing.T) {
	h := newHouse(t).withAccount()
	b := h.signedIn()
	b.header.Set("Host", "evil.example")
	for _, route := range routes {
		if route.path == "/healthz" || route.path == "/readyz" {
			continue
		}
		t.Run(route.method+" "+route.path, func(t *testing.T) {
			b.send(route.method, route.path, "").shows(t, http.StatusMisdirectedRequest, "--dashboard-url")
		})
	}
}
