package dashboard_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard"
)

func TestAddSite(t *testing.T) {
	h := newHouse(t, unlocked).withAccount().withPerson("vic", control.RoleViewer).withSite("shop")
	b := h.signedIn()
	const addresses, upstreams = "https://Billing.example.com\nhttps://api.example.com/billing", "http://127.0.0.1:9001"
	tests := []struct {
		name, addresses, upstreams, health string
		shows                              []string
	}{
		{"", addresses, upstreams, "", []string{`id="name-error"`, "Give the site a name"}},
		{"Not good", addresses, upstreams, "", []string{`id="name-error"`, "letters a to z", `value="Not good"`}},
		{"shop", addresses, upstreams, "", []string{"There is a site named shop already"}},
		{"billing", "", upstreams, "", []string{`id="addresses-error"`, "where browsers find the site"}},
		{"billing", "billing.example.com", upstreams, "", []string{`id="addresses-error"`, "an address looks like"}},
		{"billing", "https://shop.example.com", upstreams, "", []string{"is the address of another site already"}},
		{"billing", addresses, "", "", []string{`id="upstreams-error"`, "which API is behind"}},
		{"billing", addresses, "ftp://x", "", []string{`id="upstreams-error"`, "is no upstream", "https://Billing.example.com\nhttps://api"}},
		{"billing", addresses, upstreams, "healthz", []string{`id="health-path-error"`}},
	}
	for _, test := range tests {
		got := b.post("/add-site", "name", test.name, "addresses", test.addresses, "upstreams", test.upstreams, "health-path", test.health)
		got.shows(t, http.StatusUnprocessableEntity, test.shows...)
	}
	b.post("/add-site", "name", "billing", "addresses", addresses, "upstreams", upstreams, "health-path", "/healthz").leads(t, "/sites/billing/settings/security")
	b.get("/sites/billing/settings/security").shows(t, 200, "No domain is trusted yet")
	b.get("/sites").shows(t, 200, "3 sites", "https://billing.example.com", "https://api.example.com/billing", `href="/sites/shop/overview"`, `href="/overview"`)
	b.get("/sites?search=billing").shows(t, 200, "1 matches")
	b.get("/sites?search=nowhere").shows(t, 200, "Nothing matches")
	h.signedInAs("vic").get("/add-site").shows(t, 200, `<fieldset class="bare" disabled>`)
}

func TestSiteSettings(t *testing.T) {
	h := newHouse(t, unlocked).withAccount().withPerson("vic", control.RoleViewer).withSite("billing", "a.example").withSite("shop")
	b := h.signedIn()
	const path = "/sites/billing/settings/site"
	b.get("/settings/site").shows(t, http.StatusNotFound)
	b.get(path).shows(t, 200, "https://billing.example.com", `name="version" value="1"`)
	form := []string{"version", "1", "addresses", "https://pay.example.com", "upstreams", "http://127.0.0.1:9002", "health-path", "/up"}
	saved := b.post(path, form...)
	saved.leads(t, path)
	b.get(saved.location).shows(t, 200, "The site is saved", "https://pay.example.com", `value="/up"`, `name="version" value="2"`)
	b.post(path, form...).shows(t, http.StatusConflict, "changed", "https://pay.example.com", `name="version" value="2"`)
	b.post(path, "version", "2", "addresses", "nonsense", "upstreams", "http://127.0.0.1:9").shows(t, 422, `id="addresses-error"`, "nonsense</textarea>")

	b.get(b.post(path+"/off").location).shows(t, 200, "switched off", "Switch on")
	b.get("/sites").shows(t, 200, `<span class="badge off">Off</span>`)
	b.post(path+"/on").leads(t, path)

	vic := h.signedInAs("vic")
	vic.get(path).shows(t, 200, `<fieldset class="bare" disabled>`, "Changing this takes an owner")
	vic.post(path+"/off").shows(t, http.StatusForbidden)

	b.get(path+"/remove").shows(t, 200, "Remove <bdi>billing</bdi>?", "https://pay.example.com", "<dd>1</dd>", "cannot be undone")
	b.post(path+"/remove", "name", "biling").shows(t, 422, "Nothing was removed", `value="biling"`)
	b.post(path+"/remove", "name", "billing").leads(t, "/sites?notice=removed")
	b.get("/sites?notice=removed").shows(t, 200, "The site is removed")
	b.get(path).shows(t, http.StatusNotFound)
	b.get("/settings/audit?action=site.remove&sites=all").shows(t, 200, "Removed the site billing", "a site that was removed")
}

func TestMembers(t *testing.T) {
	const path = "/sites/billing/settings/members"
	h := newHouse(t, unlocked).withAccount().withPerson("vic", control.RoleViewer).withSite("billing", "a.example").withSite("shop")
	b := h.signedIn()
	b.post(path, "name", "x y", "role", "viewer").shows(t, 422, `id="name-error"`, `value="x y"`)
	b.post(path, "name", "vic", "role", "king").shows(t, 422, `id="invite-role-error"`)
	b.get(b.post(path, "name", "vic", "role", "editor").location).shows(t, 200, "Made vic an editor of the site billing.", "Viewer everywhere")

	invited := b.post(path, "name", "Grace@example.com", "role", "owner")
	invited.shows(t, 200, "is invited as Owner", `data-leave="`+path+`"`, `id="invitations-list"`)
	b.get("/settings/people").shows(t, 200, "Owner of <bdi>billing</bdi>")
	g := h.newBrowser()
	g.get(link(t, invited)).leads(t, "/invitation")
	g.post("/invitation", "password", password).leads(t, "/")
	g.get("/").leads(t, "/sites")
	g.get("/sites").shows(t, 200, "1 site", `href="/sites/billing/overview"`)
	if page := g.get("/sites").body; strings.Contains(page, "shop") || strings.Contains(page, "/settings/people") || strings.Contains(page, "/overview\" aria") {
		t.Errorf("somebody who is confined sees more than their site:\n%s", page)
	}
	g.get("/account").shows(t, 200, "At single sites", `href="/sites/billing/"`)
	if page := g.get("/sites/billing/settings/audit?sites=all&action=").body; strings.Contains(page, "shop") || strings.Contains(page, "Added account") || !strings.Contains(page, "a.example") {
		t.Errorf("the log of somebody who is confined:\n%s", page)
	}
	g.get("/sites/billing/settings/audit/1?sites=all").shows(t, http.StatusNotFound) // the first account

	// An owner of the site alone says who is at it, and nothing else.
	made := g.post(path, "name", "heidi", "role", "viewer")
	made.shows(t, 200, "is invited as Viewer")
	b.post("/settings/people/invite", "name", "ivan", "role", "viewer").shows(t, 200, "is invited")
	g.post(path, "name", "ivan", "role", "viewer").shows(t, 422, "is invited already, to something else")
	invitations, err := h.control.Invitations(t.Context())
	if err != nil || len(invitations) != 2 {
		t.Fatal(err, len(invitations))
	}
	g.post(path+fmt.Sprintf("/invitations/%d/revoke", invitations[1].ID)).shows(t, http.StatusNotFound)

	b.get(b.post(path+"/grace@example.com/role", "role", "editor").location).shows(t, 200, "Made grace@example.com an editor")
	g.get(link(t, made)).leads(t, "/invitation") // whose maker is no owner any more
	g.get("/invitation").shows(t, 422, "was used already, was revoked or has expired")
	g.post(path, "name", "judy", "role", "viewer").shows(t, http.StatusForbidden)
	b.post(path+"/grace@example.com/remove").leads(t, path)
	g.get(path).shows(t, http.StatusNotFound)
	g.get("/sites").shows(t, 200, "You have no role at any site")
	b.post(path+"/grace@example.com/remove").shows(t, http.StatusNotFound, "is no member")
}

// Somebody with a role everywhere is confined, and freed of that.
func TestConfine(t *testing.T) {
	h := newHouse(t, unlocked).withAccount().withPerson("vic", control.RoleEditor).withDomains("a.example").withSite("billing", "b.example")
	b, vic := h.signedIn(), h.signedInAs("vic")
	b.get("/settings/people/accounts/vic").shows(t, 200, "Confine to single sites")
	b.post("/settings/people/accounts/vic/confine", "confined", "yes").leads(t, "/settings/people")
	vic.get("/settings/security").shows(t, http.StatusNotFound)
	vic.get("/").leads(t, "/sites")
	b.get("/settings/people").shows(t, 200, "where they are a member")
	b.get("/settings/people/accounts/vic").shows(t, 200, "their role at every site is Editor", "no role at any")
	b.post("/settings/people/accounts/vic/confine", "confined", "no").leads(t, "/settings/people")
	vic.get("/settings/security").shows(t, 200, "a.example")
	b.post("/settings/people/accounts/ada/confine", "confined", "yes").shows(t, 422, "only owner")
}

// A node in trouble is told of on every page, to those who may see the fleet.
func TestFleet(t *testing.T) {
	now := time.Now()
	h := newHouse(t, unlocked, func(c *dashboard.Config) { c.Now = func() time.Time { return now } }).withAccount().withDomains("a.example").withSite("billing", "b.example")
	h.withPerson("mem", control.RoleViewer)
	if err := h.control.Confine(t.Context(), control.Actor{}, "mem", true); err != nil {
		t.Fatal(err)
	}
	if err := h.at("billing").SetMember(t.Context(), control.Actor{}, "mem", control.RoleViewer); err != nil {
		t.Fatal(err)
	}
	fleet, err := h.control.Fleet(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := h.signedIn()
	b.get("/settings/fleet").shows(t, 200, "No node has told of itself")
	if err := h.control.Beat(t.Context(), control.Node{ID: "1", Name: "one", Version: "1.2.3", StartedAt: now, Head: fleet.Head, KeptAt: now}); err != nil {
		t.Fatal(err)
	}
	b.get("/settings/fleet").shows(t, 200, `one</bdi> <span class="badge current">current`, "1.2.3", "just now")
	if page := b.get("/overview").body; strings.Contains(page, `id="alert"`) {
		t.Error("there is an alert without trouble")
	}
	h.t.Run("silent", func(t *testing.T) { silentNode(t, h, b, &now) })
}

// silentNode writes down a node that was last heard of long ago.
func silentNode(t *testing.T, h *house, b *browser, now *time.Time) {
	before, err := control.New(control.Config{Store: h.store, Now: func() time.Time { return time.Now().Add(-time.Minute) }})
	if err != nil {
		t.Fatal(err)
	}
	if err := before.Beat(t.Context(), control.Node{ID: "2", Name: "two", Version: "1.2.3", StartedAt: *now}); err != nil {
		t.Fatal(err)
	}
	*now = now.Add(5 * time.Second)
	b.get("/overview").shows(t, 200, `id="alert"`, "Node two is not heard of.", `href="/settings/fleet"`)
	b.get("/settings/fleet").shows(t, 200, `id="trouble"`, `<span class="badge silent">silent`)
	b.get("/settings/audit").shows(t, 200, `name="node"`)
	if page := h.signedInAs("mem").get("/sites/billing/overview").body; strings.Contains(page, `id="alert"`) {
		t.Error("somebody who is confined learns of the fleet")
	}
}

// The list of sites stays small and quick to look through, with the longest addresses.
func TestManySites(t *testing.T) {
	h := newHouse(t, unlocked).withAccount()
	who := control.Actor{Kind: "user", Name: account}
	long := "/" + strings.Repeat("x", 90)
	for i := range 60 {
		name := fmt.Sprintf("%s-%02d", strings.Repeat("n", 60), i)
		site := control.Site{Name: name, Addresses: nil, Upstreams: nil}
		for j := range 5 {
			site.Addresses = append(site.Addresses, fmt.Sprintf("https://%s.example.com:1%d00%s", name, j+1, long))
			site.Upstreams = append(site.Upstreams, fmt.Sprintf("http://%s.example.com:1%d00%s", name, j+1, long))
		}
		if _, err := h.control.AddSite(t.Context(), who, site); err != nil {
			t.Fatal(err)
		}
	}
	b := h.signedIn()
	b.get("/sites").shows(t, 200, "61 sites", "and 3 more", "1–25 of 61")
	b.get("/sites?page=3").shows(t, 200, "51–61 of 61")
	b.get("/sites?page=99").shows(t, 200, "51–61 of 61")
}
