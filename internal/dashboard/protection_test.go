package dashboard_test

import (
	"cmp"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// routes are all routes of the dashboard: the least role that each is for, and
// what somebody who has it gets. Whoever is signed out is sent to sign in (303) or
// told that nothing was changed (401); a lesser role gets a page that says so (403).
var routes = []struct {
	method, path string
	form         []string
	needs        control.Role // "": everybody; signedIn: whoever is
	status       int
}{
	{"GET", "/", nil, signedIn, 303},
	{"GET", "/overview", nil, "viewer", 200},
	{"GET", "/overview?range=week&rtt=250", nil, "viewer", 200},
	{"GET", "/refused", nil, "viewer", 200},
	{"POST", "/refused/ignore", []string{"origin", "https://b.example"}, "editor", 303},
	{"POST", "/refused/heed", []string{"origin", "https://b.example"}, "editor", 303},
	{"GET", "/inspector", nil, "viewer", 200},
	{"GET", "/inspector/x1", nil, "viewer", 404},
	{"GET", "/inspector/stream", nil, "viewer", 200},
	{"GET", "/settings/security", nil, "viewer", 200},
	{"GET", "/settings/security?origin=https://a.example", nil, "viewer", 200},
	{"GET", "/settings/security?add=https://b.example", nil, "viewer", 200},
	{"GET", "/settings/security/check?origin=https://a.example", nil, "viewer", 200},
	{"GET", "/settings/security/domains/1", nil, "viewer", 200},
	{"GET", "/settings/security/domains/99", nil, "viewer", 404},
	{"GET", "/settings/security/domains/x", nil, "viewer", 404},
	{"POST", "/settings/security/preview", []string{"domains", "b.example"}, "editor", 200},
	{"POST", "/settings/security/add", []string{"domains", "b.example", "do", "check"}, "editor", 200},
	{"POST", "/settings/security/add", []string{"domains", "new.example", "do", "add"}, "editor", 303},
	{"POST", "/settings/security/domains/1", []string{"label", "x", "expires", "never"}, "editor", 303},
	{"POST", "/settings/security/domains/1/off", nil, "editor", 303},
	{"POST", "/settings/security/domains/1/on", nil, "editor", 303},
	{"POST", "/settings/security/undo", []string{"change", "x"}, "editor", 404},
	{"POST", "/settings/security/remove", []string{"one", "1"}, "editor", 303},
	{"GET", "/settings/security/policy", nil, "viewer", 200},
	{"POST", "/settings/security/policy", policyForm(1), "owner", 303},
	{"POST", "/settings/security/policy/ticket-keys", nil, "owner", 303},
	{"GET", "/settings/security/transfer", nil, "viewer", 200},
	{"GET", "/settings/security/transfer/export?format=csv", nil, "viewer", 200},
	{"POST", "/settings/security/transfer/import", nil, "editor", 422},
	{"GET", "/settings/security/transfer/drafts/x", nil, "editor", 404},
	{"POST", "/settings/security/transfer/drafts/x", nil, "editor", 404},
	{"GET", "/settings/tokens", nil, "viewer", 200},
	{"GET", "/settings/tokens/new", nil, "viewer", 200},
	{"POST", "/settings/tokens/new", []string{"name", "Page"}, "editor", 200},
	{"GET", "/settings/tokens/tok_x", nil, "viewer", 404},
	{"POST", "/settings/tokens/tok_x/revoke", nil, "editor", 404},
	{"GET", "/settings/people", nil, "viewer", 200},
	{"POST", "/settings/people/invite", nil, "owner", 422},
	{"POST", "/settings/people/invitations/99/revoke", nil, "owner", 404},
	{"GET", "/settings/people/accounts/nobody", nil, "owner", 404},
	{"POST", "/settings/people/accounts/nobody/role", []string{"role", "viewer"}, "owner", 404},
	{"POST", "/settings/people/accounts/nobody/sign-out", nil, "owner", 404},
	{"POST", "/settings/people/accounts/nobody/remove", nil, "owner", 404},
	{"GET", "/settings/audit", nil, "viewer", 200},
	{"GET", "/settings/audit/1", nil, "viewer", 200},
	{"GET", "/settings/audit/export?format=csv", nil, "viewer", 200},
	{"POST", "/settings/people/accounts/nobody/confine", []string{"confined", "yes"}, "owner", 404},
	{"GET", "/settings/fleet", nil, "viewer", 200},
	{"GET", "/settings/members", nil, "viewer", 200},
	{"POST", "/settings/members", []string{"name", "new", "role", "viewer"}, "owner", 200},
	{"POST", "/settings/members/nobody/role", []string{"role", "viewer"}, "owner", 404},
	{"POST", "/settings/members/nobody/remove", nil, "owner", 404},
	{"POST", "/settings/members/invitations/99/revoke", nil, "owner", 404},
	{"GET", "/settings/site", nil, "viewer", 404},
	{"POST", "/settings/site", nil, "owner", 404},
	{"POST", "/settings/site/on", nil, "owner", 404},
	{"POST", "/settings/site/off", nil, "owner", 404},
	{"GET", "/settings/site/remove", nil, "owner", 404},
	{"POST", "/settings/site/remove", nil, "owner", 404},
	{"GET", "/sites", nil, signedIn, 200},
	{"GET", "/add-site", nil, "viewer", 200},
	{"POST", "/add-site", []string{"name", "x"}, "owner", 422},
	{"GET", "/account", nil, signedIn, 200},
	{"POST", "/account/password", nil, signedIn, 422},
	{"POST", "/account/sessions/x/end", nil, signedIn, 404},
	{"GET", "/design", nil, signedIn, 200},
	{"GET", "/sign-in", nil, "", 200},
	{"POST", "/sign-in", []string{"name", "x", "password", "y"}, "", 422},
	{"GET", "/setup", nil, "", 303},
	{"POST", "/setup", []string{"name", "x", "password", "y"}, "", 422},
	{"GET", "/invitation", nil, "", 200},
	{"POST", "/invitation", nil, "", 422},
	{"GET", "/static/none.css", nil, "", 404},
	{"GET", "/nowhere", nil, "", 404},
	{"GET", "/healthz", nil, "", 200},
	{"GET", "/readyz", nil, "", 200},
	{"POST", "/sign-out", nil, "", 303}, // these end the session
	{"POST", "/account/sign-out-everywhere", nil, signedIn, 303},
}

// signedIn stands for any role, and for none.
const signedIn control.Role = "signed in"

// roles are everybody who can come, each in a dashboard of their own.
var roles = []control.Role{"", control.RoleViewer, control.RoleEditor, control.RoleOwner}

func TestRoutes(t *testing.T) {
	for _, role := range roles {
		h := newHouse(t, unlocked).withAccount().withDomains("a.example")
		b := h.newBrowser()
		if role != "" {
			h.withPerson("visitor", role)
		}
		for _, route := range routes {
			t.Run(cmp.Or(string(role), "signed out")+" "+route.method+" "+route.path, func(t *testing.T) {
				if role != "" && b.get("/").location == "/sign-in" {
					b = h.signedInAs("visitor")
				}
				got := b.send(route.method, route.path, encoded(route.form))
				got.shows(t, statusFor(role, route.method, route.needs, route.status))
				checkHeaders(t, got.header)
			})
		}
	}
}

// statusFor is what a role gets of a route.
func statusFor(role control.Role, method string, needs control.Role, allowed int) int {
	switch {
	case needs == "" || needs == signedIn && role != "" || role.Allows(needs):
		return allowed
	case role != "":
		return http.StatusForbidden
	case method == http.MethodGet:
		return http.StatusSeeOther
	}
	return http.StatusUnauthorized
}

// Every route that is registered is in the table, with the role that it asks for.
func TestEveryRouteIsHeldToItsRole(t *testing.T) {
	registered := newHouse(t).handler.(*shell.Mux).Routes()
	patterns := http.NewServeMux()
	for _, route := range registered {
		patterns.HandleFunc(route.Pattern, func(http.ResponseWriter, *http.Request) {})
	}
	tried := map[string]control.Role{}
	for _, route := range routes {
		r := httptest.NewRequest(route.method, route.path, nil)
		_, pattern := patterns.Handler(r)
		tried[pattern] = route.needs
	}
	for _, route := range registered {
		want := route.Needs
		if route.Of == shell.Own {
			want = signedIn
		}
		if needs, found := tried[route.Pattern]; !found || needs != want {
			t.Errorf("%s needs %q; in the table: %v, %q", route.Pattern, route.Needs, found, needs)
		}
	}
}

// What a role does not allow is shown disabled, and says why.
func TestControlsAreDisabled(t *testing.T) {
	h := newHouse(t, unlocked).withAccount().withPerson("vic", control.RoleViewer).withPerson("edi", control.RoleEditor).withDomains("a.example")
	h.signedIn().post(tokensPath+"/new", "name", "Page")
	token := tokensPath + "/" + h.tokens()[0].ID
	tests := []struct {
		name, path string
		disabled   bool
	}{
		{"vic", "/settings/security", true},
		{"vic", "/settings/security/domains/1", true},
		{"vic", policyPath, true},
		{"vic", tokensPath + "/new", true},
		{"vic", token, true},
		{"edi", "/settings/security", false},
		{"edi", policyPath, true},
		{"edi", tokensPath + "/new", false},
		{account, policyPath, false},
	}
	browsers := map[string]*browser{"vic": h.signedInAs("vic"), "edi": h.signedInAs("edi"), account: h.signedIn()}
	for _, test := range tests {
		t.Run(test.name+" "+test.path, func(t *testing.T) {
			page := browsers[test.name].get(test.path)
			page.shows(t, http.StatusOK)
			for _, sign := range []string{`<fieldset class="bare" disabled>`, "Changing this takes an "} {
				if strings.Contains(page.body, sign) != test.disabled {
					t.Errorf("%q: want it there to be %v\n%s", sign, test.disabled, page.body)
				}
			}
		})
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
