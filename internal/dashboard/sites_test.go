package dashboard_test

import (
	"cmp"
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
)

// withSite makes a site that trusts entries.
func (h *house) withSite(name string, entries ...string) *house {
	h.t.Helper()
	who := control.Actor{Kind: "user", Name: account}
	site := control.Site{Name: name, Addresses: []string{"https://" + name + ".example.com"}, Upstreams: []string{"http://127.0.0.1:9000"}}
	if _, err := h.control.AddSite(h.t.Context(), who, site); err != nil {
		h.t.Fatal(err)
	}
	if len(entries) > 0 {
		if _, _, err := h.at(name).AddDomains(h.t.Context(), who, control.AddDomains{Text: entries}); err != nil {
			h.t.Fatal(err)
		}
	}
	return h
}

// at is the control plane of a site.
func (h *house) at(name string) *control.Service {
	h.t.Helper()
	s, err := h.control.ForSite(h.t.Context(), name)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// listAt returns the Trusted Domains of a site, the newest first.
func (h *house) listAt(site string) string {
	there := *h
	there.control = h.at(site)
	return there.domains()
}

// below are the routes that each site has, with the ids that the things of a site have.
func (h *house) below(t *testing.T, site string) (list []routeOf) {
	t.Helper()
	registered := map[string]shell.Route{}
	patterns := http.NewServeMux()
	for _, route := range h.handler.(*shell.Mux).Routes() {
		registered[route.Pattern] = route
		patterns.HandleFunc(route.Pattern, func(http.ResponseWriter, *http.Request) {})
	}
	domain, change := h.idsAt(t.Context(), site)
	for _, route := range routes {
		_, pattern := patterns.Handler(httptest.NewRequest(route.method, route.path, nil))
		found, ok := registered[pattern]
		if !ok || found.Of == shell.Anybody || !h.handler.(*shell.Mux).IsBelowSites(route.path) || route.path == "/account/sign-out-everywhere" {
			continue
		}
		path := strings.Replace(route.path, "/domains/1", "/domains/"+domain, 1)
		path = strings.Replace(path, "/audit/1", "/audit/"+change, 1)
		form := append([]string(nil), route.form...)
		if path == "/settings/security/remove" {
			form = []string{"one", domain}
		}
		if path == "/settings/members" && form != nil {
			form = []string{"name", "new-at-" + site, "role", "viewer"}
		}
		status := route.status
		if other := atOtherSites[route.method+" "+path]; other != 0 && site != control.DefaultSite {
			status = other
		}
		list = append(list, routeOf{found, route.method, path, form, status})
	}
	return list
}

// atOtherSites is what routes answer that the default site has not.
var atOtherSites = map[string]int{
	"GET /settings/site": 200, "POST /settings/site": 422, "POST /settings/site/on": 303, "POST /settings/site/off": 303,
	"GET /settings/site/remove": 200, "POST /settings/site/remove": 422,
}

// A routeOf is a route with an address that it answers to.
type routeOf struct {
	shell.Route
	method, path string
	form         []string
	status       int
}

// idsAt returns the ids of the oldest entry and of the newest change of a site.
func (h *house) idsAt(ctx context.Context, site string) (domain, change string) {
	h.t.Helper()
	list, _, err := h.at(site).Domains(ctx, control.ListQuery{})
	if err != nil || len(list) == 0 {
		h.t.Fatal(err, len(list))
	}
	changes, err := h.at(site).Changes(ctx, control.ListQuery{})
	if err != nil || len(changes) == 0 {
		h.t.Fatal(err, len(changes))
	}
	return strconv.FormatInt(list[len(list)-1].ID, 10), strconv.FormatInt(changes[0].ID, 10)
}

// leaves returns the addresses of a page that are not below a prefix and not the same for
// all sites.
func leaves(t *testing.T, page, prefix string) (list []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			isPath := strings.HasPrefix(a.Val, "/") && a.Key != "value" && a.Key != "d" && a.Key != "placeholder"
			if isPath && !strings.HasPrefix(a.Val, prefix+"/") && !isCommon(a.Val) {
				list = append(list, a.Key+"="+a.Val)
			}
		}
	}
	return list
}

// isCommon reports whether a path belongs to no site.
func isCommon(path string) bool {
	return strings.HasPrefix(path, "/static/") || strings.HasPrefix(path, "/api/v1/") || path == "/sites" || path == "/sign-out"
}

// Whoever is at a site stays there: every page and every form of it leads to pages of the
// same site, and changes that site alone.
func TestSitesAreNotLeft(t *testing.T) {
	const prefix = "/sites/billing"
	h := newHouse(t, unlocked).withAccount().withDomains("a.example").withSite("billing", "b.example", "c.example")
	b := h.signedIn()
	b.get(prefix).leads(t, prefix+"/overview")
	for _, route := range h.below(t, "billing") {
		t.Run(route.method+" "+route.path, func(t *testing.T) {
			got := b.send(route.method, prefix+route.path, encoded(route.form))
			got.shows(t, route.status)
			if got.location != "" && !strings.HasPrefix(got.location, prefix+"/") {
				t.Errorf("leads to %s", got.location)
			}
			if strings.HasPrefix(got.location, prefix+"/") {
				told := b.get(got.location)
				for _, address := range leaves(t, told.body, prefix) {
					t.Errorf("behind %s: %s", got.location, address)
				}
			}
			for _, address := range leaves(t, got.body, prefix) {
				t.Error(address)
			}
		})
	}
	if got := h.domains(); got != "a.example" {
		t.Errorf("the default site trusts %s", got)
	}
	if got := h.listAt("billing"); got == "c.example b.example" {
		t.Error("nothing was changed at the site")
	}
}

// What was seen of a site is shown there alone, and its links stay there, in rows that come
// live as well.
func TestTrafficOfSites(t *testing.T) {
	const prefix = "/sites/billing"
	looks := 0
	seen := inspect.New(inspect.Config{})
	h := newHouse(t, remembering(seen), func(c *dashboard.Config) { c.Stopping = func() bool { looks++; return looks > 1 } })
	h.withAccount().withDomains("a.example").withSite("billing", "b.example")
	for _, path := range []string{"/first", "/second"} {
		seen.Record(&inspect.Observation{
			SiteID: h.at("billing").Place().ID, Site: "billing", Time: time.Now(), Method: "GET", Scheme: "https", Host: "billing.example.com", Path: path,
			Origin: "https://evil.example", Verdict: gate.Refused, Judged: true, Reason: gate.OriginNotTrusted, Refused: true, Status: 403,
		})
	}
	b := h.signedIn()
	for path, text := range map[string]string{"/overview": "origin-not-trusted", "/inspector": "evil.example", "/refused": "evil.example"} {
		here := b.get(prefix + path)
		here.shows(t, 200, text)
		for _, address := range leaves(t, here.body, prefix) {
			t.Errorf("%s: %s", path, address)
		}
		if strings.Contains(b.get(path).body, text) {
			t.Errorf("%s of the default site tells of another one", path)
		}
	}
	ids := regexp.MustCompile(`href="/sites/billing/inspector/(\w+)"`).FindAllStringSubmatch(b.get(prefix+"/inspector").body, -1)
	if len(ids) < 2 {
		t.Fatal(ids)
	}
	one := b.get(prefix + "/inspector/" + ids[1][1])
	one.shows(t, 200, "/first", prefix+"/settings/security?add=evil.example#add")
	b.get("/inspector/"+ids[1][1]).shows(t, http.StatusNotFound)
	stream := b.get(prefix + "/inspector/stream?after=" + ids[1][1])
	stream.shows(t, 200, `href="`+prefix+"/inspector/"+ids[0][1]+`"`)
}

// Every route by everybody at every site: what counts is the role at the site that the
// address names. Whoever may see nothing there is told that there is nothing.
func TestRoutesBySite(t *testing.T) {
	people := []struct {
		name string
		role control.Role            // everywhere; "": confined
		at   map[string]control.Role // as a member
	}{
		{name: "own", role: control.RoleOwner},
		{name: "vic", role: control.RoleViewer},
		{name: "vic-edits-alpha", role: control.RoleViewer, at: map[string]control.Role{"alpha": control.RoleEditor}},
		{name: "alpha-viewer", at: map[string]control.Role{"alpha": control.RoleViewer}},
		{name: "alpha-editor", at: map[string]control.Role{"alpha": control.RoleEditor}},
		{name: "alpha-owner", at: map[string]control.Role{"alpha": control.RoleOwner}},
		{name: "nobody"},
	}
	for _, person := range people {
		h := newHouse(t, unlocked).withAccount().withDomains("a.example").withSite("alpha", "b.example").withSite("beta", "c.example")
		h.withPerson(person.name, cmp.Or(person.role, control.RoleViewer))
		if person.role == "" {
			if err := h.control.Confine(t.Context(), control.Actor{}, person.name, true); err != nil {
				t.Fatal(err)
			}
		}
		for site, role := range person.at {
			if err := h.at(site).SetMember(t.Context(), control.Actor{}, person.name, role); err != nil {
				t.Fatal(err)
			}
		}
		b := h.signedInAs(person.name)
		for _, site := range []string{"default", "alpha", "beta"} {
			here := person.role
			if member := person.at[site]; member.Allows(control.RoleViewer) && (here == "" || member.Allows(here)) {
				here = member
			}
			for _, route := range h.below(t, site) {
				path := shell.SiteAddress(site, route.path)
				t.Run(person.name+" "+route.method+" "+path, func(t *testing.T) {
					b.send(route.method, path, encoded(route.form)).shows(t, statusAt(route, site, here, person.role))
				})
			}
		}
		b.get("/sites/no-such/overview").shows(t, http.StatusNotFound)
	}
}

// statusAt is what somebody gets of a route at a site, with a role there and one everywhere.
func statusAt(route routeOf, site string, here, everywhere control.Role) int {
	counts := here
	if route.Of == shell.OfFleet {
		counts = everywhere
	}
	switch {
	case here == "" && (site != control.DefaultSite || route.Of != shell.Own):
		return http.StatusNotFound
	case route.Of == shell.Own || counts.Allows(route.Needs):
		return route.status
	case counts == "":
		return http.StatusNotFound
	}
	return http.StatusForbidden
}

// What names a site in another way than links do is not found, and leads nowhere.
func TestSiteAddresses(t *testing.T) {
	h := newHouse(t).withAccount().withSite("billing")
	b := h.signedIn()
	for _, path := range []string{
		"/sites/Billing/overview", "/sites/%62illing/overview", "/sites/default//overview", "/sites/default/../sites", "/sites//overview", "/sites/billing//overview",
		"/sites/billing//evil.example/", "/sites/billing/%2e%2e/overview", "/sites/billing/sign-in", "/sites/billing/healthz",
		"/sites/billing/sites", "/sites/billing/sites/billing/overview", "/sites/billing/static/x.css", "/sites/billing/nowhere",
	} {
		if got := b.get(path); got.status != http.StatusNotFound || got.location != "" {
			t.Errorf("%s: %d to %q", path, got.status, got.location)
		}
	}
	b.get("/sites/default/overview?range=week").leads(t, "/overview?range=week")
	b.get("/sites/default").leads(t, "/")
	b.post("/sites/default/settings/security/add", "domains", "x.example").shows(t, http.StatusNotFound)
	signedOut := h.newBrowser()
	for _, path := range []string{"/sites/billing/overview?range=week", "/sites/no-such/overview?range=week"} {
		if got := signedOut.get(path); got.location != "/sign-in?return="+strings.NewReplacer("/", "%2F", "?", "%3F", "=", "%3D").Replace(path) {
			t.Errorf("%s leads to %s", path, got.location)
		}
	}
}

// While there is one site nothing says that there could be others.
func TestOneSiteIsInvisible(t *testing.T) {
	h := newHouse(t, unlocked).withAccount().withDomains("a.example")
	b := h.signedIn()
	for _, path := range []string{"/overview", "/settings/security", "/settings/tokens", "/settings/audit", "/account"} {
		if page := b.get(path).body; strings.Contains(page, "/sites") || strings.Contains(page, "default") {
			t.Errorf("%s speaks of sites", path)
		}
	}
	h.withSite("billing")
	b.get("/overview").shows(t, 200, `href="/sites"`, "<strong>default</strong>")
	b.get("/sites/billing/settings/security").shows(t, 200, "<strong>billing</strong>", "<title>Security · billing · Crossgate</title>", "billing <span aria-hidden=\"true\">›</span> Settings")
}
