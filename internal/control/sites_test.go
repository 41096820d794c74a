package control_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/snapshot"
)

// addSite adds a site and returns its control plane.
func addSite(t *testing.T, c *control.Service, name string) *control.Service {
	t.Helper()
	site, err := c.AddSite(t.Context(), anna, control.Site{
		Name: name, Addresses: []string{"https://" + name + ".example.com"}, Upstreams: []string{"http://127.0.0.1:9001"},
	})
	must(t, err)
	return c.In(control.Place{ID: site.ID, Name: site.Name})
}

// What is done at one site is neither seen nor undone nor used from another.
func TestSitesAreApart(t *testing.T) {
	c, _ := newControl(t)
	one, two := addSite(t, c, "one"), addSite(t, c, "two")
	change := add(t, one, "app.example.com")
	_, secret, err := one.CreateToken(t.Context(), anna, control.CreateToken{Name: "app"})
	must(t, err)

	for _, other := range []*control.Service{c, two} {
		list, n, err := other.Domains(t.Context(), control.ListQuery{})
		same(t, []any{len(list), n, err}, []any{0, 0, nil})
		tokens, _, err := other.Tokens(t.Context(), control.ListQuery{})
		same(t, []any{len(tokens), err}, []any{0, nil})
		_, err = other.FindDomain(t.Context(), "app.example.com")
		wantCode(t, err, control.CodeNotFound)
		_, err = other.RemoveDomains(t.Context(), anna, []int64{find(t, one, "app.example.com").ID})
		wantCode(t, err, control.CodeNotFound)
		_, err = other.Undo(t.Context(), anna, change.ID)
		wantCode(t, err, control.CodeNotFound)
		_, err = other.Audited(t.Context(), change.ID)
		wantCode(t, err, control.CodeNotFound)
		got, err := other.Check(t.Context(), page)
		same(t, []any{got.Allowed, err}, []any{false, nil})
	}
	wantTokenAtHome(t, c, secret)
}

// wantTokenAtHome looks at what is published: a token is known at its own site alone.
func wantTokenAtHome(t *testing.T, c *control.Service, secret string) {
	t.Helper()
	to := new(snapshot.Holder)
	go func() { _ = c.Follow(t.Context(), control.SiteSettings{}, to, func(error) {}) }()
	for to.Load() == nil {
		time.Sleep(time.Millisecond)
	}
	for name, want := range map[string]gate.Code{"one": "", "two": gate.TokenUnknown} {
		site, code := to.Load().Find(name+".example.com", "/")
		same(t, []any{site.Name, code}, []any{name, gate.Code("")})
		f := gate.Facts{Method: "GET", Path: "/", Host: name + ".example.com", Authorization: "Bearer " + secret, Authorizations: 1, Now: time.Now()}
		got := gate.Plan(site.Gate, &f, gate.Judge(site.Gate, &f), nil)
		same(t, codeOf(got), want)
	}
}

// However sites change, a node that reads only what changed serves what one that has
// just read everything does.
func TestFollowingSitesIsReadingAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "crossgate.db")
		writer := controlOver(t, path, nil)
		to, reported := start(t, controlOver(t, path, nil), control.SiteSettings{})
		random := rand.New(rand.NewPCG(6, 1))
		for range 40 {
			for range 1 + random.IntN(3) {
				changeSites(t, writer, random)
			}
			time.Sleep(time.Second)
			synctest.Wait()
			fresh, _ := start(t, controlOver(t, path, nil), control.SiteSettings{})
			same(t, told(to), told(fresh))
		}
		same(t, reported.count(), 0)
	})
}

// changeSites does something at random to one of a few sites.
func changeSites(t *testing.T, c *control.Service, random *rand.Rand) {
	t.Helper()
	name := fmt.Sprintf("site%d", random.IntN(3))
	at, err := c.ForSite(t.Context(), name)
	if err != nil {
		addSite(t, c, name)
		return
	}
	switch random.IntN(8) {
	case 0:
		must(t, c.RemoveSite(t.Context(), anna, name))
	case 1:
		on := random.IntN(2) == 0
		_, err := c.SetSite(t.Context(), anna, name, control.SetSite{Enabled: &on})
		must(t, err)
	case 2:
		_, _, err := at.CreateToken(t.Context(), anna, control.CreateToken{Name: "t"})
		must(t, err)
	case 3:
		required := random.IntN(2) == 0
		_, _, err := at.SetPolicy(t.Context(), anna, control.SetPolicy{TokenRequired: &required})
		must(t, err)
	default:
		randomSwitch(t, at, random)
	}
}

// told is what a snapshot says, in words that can be compared.
func told(to *snapshot.Holder) map[string]string {
	s := to.Load()
	sites := maps.Collect(func(yield func(string, *snapshot.Site) bool) {
		yield("default", s.Default)
		s.Sites.All(func(one *snapshot.Site) bool { return yield(one.Name, one) })
	})
	out := make(map[string]string, len(sites))
	for name, site := range sites {
		var trusted []string
		for n := range 9 {
			origin := fmt.Sprintf("https://n%d.example.com", n)
			if gate.Check(site.Gate, origin, time.Now()).Allowed {
				trusted = append(trusted, origin)
			}
		}
		slices.Sort(trusted)
		out[name] = fmt.Sprint(site.ID, site.Disabled, site.Addresses, site.Tokens, site.Gate.Policy().TokenRequired, trusted)
	}
	return out
}

// Mistakes in a site are told, and no address is two sites'.
func TestSiteMistakes(t *testing.T) {
	c, _ := newControl(t)
	addSite(t, c, "one")
	for name, test := range map[string]struct {
		site        control.Site
		code, field string
	}{
		"no name":                {control.Site{}, control.CodeInvalid, "name"},
		"an odd name":            {control.Site{Name: "a b"}, control.CodeInvalid, "name"},
		"a name that is taken":   {control.Site{Name: "ONE"}, control.CodeExists, "name"},
		"the name default":       {control.Site{Name: "default"}, control.CodeExists, "name"},
		"an address of another":  {control.Site{Name: "b", Addresses: []string{"HTTPS://One.Example.com:443/"}}, control.CodeExists, "addresses"},
		"that address over http": {control.Site{Name: "b", Addresses: []string{"http://one.example.com"}}, control.CodeExists, "addresses"},
		"an address with query":  {control.Site{Name: "b", Addresses: []string{"https://b.example.com/?x"}}, control.CodeInvalid, "addresses"},
		"an address with a user": {control.Site{Name: "b", Addresses: []string{"https://u@b.example.com"}}, control.CodeInvalid, "addresses"},
		"a path with dots":       {control.Site{Name: "b", Addresses: []string{"https://b.example.com/a/../b"}}, control.CodeInvalid, "addresses"},
		"an upstream of ftp":     {control.Site{Name: "b", Upstreams: []string{"ftp://b"}}, control.CodeInvalid, "upstreams"},
		"an upstream's password": {control.Site{Name: "b", Upstreams: []string{"http://a:b@c"}}, control.CodeInvalid, "upstreams"},
		"an odd health path":     {control.Site{Name: "b", HealthPath: "health"}, control.CodeInvalid, "health-path"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.AddSite(t.Context(), anna, test.site)
			same(t, wantCode(t, err, test.code).Field, test.field)
		})
	}
	must(t, c.RemoveSite(t.Context(), anna, "one"))
	addSite(t, c, "one") // name and address are free again
	wantCode(t, c.RemoveSite(t.Context(), anna, "default"), control.CodeInvalid)
}

// A role at a site counts there alone; one that is confined has no other.
func TestRoleAt(t *testing.T) {
	c, _ := newControl(t)
	one, two := addSite(t, c, "one"), addSite(t, c, "two")
	for _, name := range []string{"owner", "viewer", "guest"} {
		role := map[string]control.Role{"owner": control.RoleOwner}[name]
		if role == "" {
			role = control.RoleViewer
		}
		_, err := c.AddAccount(t.Context(), anna, name, "correct horse battery "+name, role)
		must(t, err)
	}
	must(t, c.Confine(t.Context(), anna, "guest", true))
	must(t, one.SetMember(t.Context(), anna, "guest", control.RoleEditor))
	must(t, two.SetMember(t.Context(), anna, "viewer", control.RoleOwner))
	for _, test := range []struct {
		name string
		at   *control.Service
		want control.Role
	}{
		{"owner", one, control.RoleOwner},
		{"owner", c, control.RoleOwner},
		{"viewer", one, control.RoleViewer},
		{"viewer", two, control.RoleOwner},
		{"guest", one, control.RoleEditor},
		{"guest", two, ""},
		{"guest", c, ""},
	} {
		a, err := c.Account(t.Context(), test.name)
		must(t, err)
		got, err := test.at.RoleAt(t.Context(), a)
		same(t, []any{test.name, test.at.Place().Name, got, err}, []any{test.name, test.at.Place().Name, test.want, nil})
	}
	wantCode(t, c.Confine(t.Context(), anna, "owner", true), control.CodeLastOwner)
}
