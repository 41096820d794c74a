package control_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/trust"
)

// declared declares a site with a list.
func declared(name string, entries ...string) control.DeclaredSite {
	list := make([]control.DeclaredDomain, len(entries))
	for i, e := range entries {
		list[i] = control.DeclaredDomain{Entry: e, Line: i + 1}
	}
	return control.DeclaredSite{Name: name, Domains: &list}
}

func numbered(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("a%d.example.com", i)
	}
	return list
}

func applied(t *testing.T, c *control.Service, sites ...control.DeclaredSite) control.Plan {
	t.Helper()
	plan, err := c.Apply(t.Context(), anna, control.Declaration{Sites: sites}, "")
	must(t, err)
	return plan
}

// allOf is all that sites are like, in one text.
func allOf(t *testing.T, c *control.Service) string {
	t.Helper()
	text := ""
	must(t, c.Declare(t.Context(), "", func(d control.DeclaredSite) error {
		addresses := []string{}
		if d.Addresses != nil {
			addresses = *d.Addresses
		}
		text += fmt.Sprintf("%s %v %+v %+v %+v\n", d.Name, addresses, *d.Policy, *d.Domains, *d.Members)
		return nil
	}))
	return text
}

// What was looked at is what is applied, or nothing is.
func TestApplyWhatWasSeen(t *testing.T) {
	c, _ := newControl(t)
	d := control.Declaration{Sites: []control.DeclaredSite{declared("default", "app.example.com", "b.example.com")}}
	plan, err := c.PlanApply(t.Context(), d)
	must(t, err)
	seen, err := plan.Fingerprint()
	must(t, err)
	add(t, c, "other.example.net")
	_, err = c.Apply(t.Context(), anna, d, seen)
	wantCode(t, err, control.CodeChangedSince)
	same(t, texts(t, c), []string{"other.example.net"})

	plan, err = c.PlanApply(t.Context(), d)
	must(t, err)
	seen, err = plan.Fingerprint()
	must(t, err)
	_, err = c.AddSite(t.Context(), anna, control.Site{Name: "elsewhere"}) // nothing that the plan is about
	must(t, err)
	_, err = c.Apply(t.Context(), anna, d, seen)
	must(t, err)
	same(t, texts(t, c), []string{"b.example.com", "app.example.com"})
}

// An application can be undone as a whole, as any change of the list.
func TestApplyIsUndone(t *testing.T) {
	c, _ := newControl(t)
	add(t, c, "stays.example.com", "goes.example.com")
	keep := declared("default", "stays.example.com", "comes.example.com")
	(*keep.Domains)[0].Label = "Shop"
	applied(t, c, keep)
	last, found, err := c.LastChange(t.Context())
	must(t, err)
	if !found || last.Action != "domain.apply" || last.Summary != "applied: 1 added, 1 changed, 1 removed" {
		t.Errorf("the last change is %+v", last)
	}
	_, err = c.Undo(t.Context(), anna, last.ID)
	must(t, err)
	got := texts(t, c)
	slices.Sort(got)
	same(t, got, []string{"goes.example.com", "stays.example.com"})
	if label := find(t, c, "stays.example.com").Label; label != "" {
		t.Errorf("the label stayed %q", label)
	}
}

// The secrets of a site are no part of a declaration, and stay.
func TestApplyTouchesNoSecret(t *testing.T) {
	c := sealedControl(t)
	_, _, err := c.SetPolicy(t.Context(), anna, control.SetPolicy{UpstreamCredential: new("Bearer secret")})
	must(t, err)
	made, _, err := c.CreateToken(t.Context(), anna, control.CreateToken{Name: "t"})
	must(t, err)
	p := control.DefaultPolicy()
	p.Mode = gate.Observe
	one := declared("default")
	one.Policy = &p
	applied(t, c, one)
	got, err := c.Policy(t.Context())
	must(t, err)
	if got.UpstreamCredential == "" || got.Mode != gate.Observe {
		t.Errorf("the policy is %+v", got)
	}
	if _, err := c.Token(t.Context(), made.ID); err != nil {
		t.Error(err)
	}
}

func sealedControl(t *testing.T) *control.Service {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "crossgate.db"), store.Config{})
	must(t, err)
	t.Cleanup(func() { db.Close() })
	c, err := control.New(control.Config{Store: db, Sealer: openSealer{}})
	must(t, err)
	return c
}

// openSealer seals nothing.
type openSealer struct{}

func (openSealer) Seal(_ string, secret []byte) ([]byte, error) { return secret, nil }
func (openSealer) Open(_ string, sealed []byte) ([]byte, error) { return sealed, nil }

// What is confirmed elsewhere is confirmed here; a look-alike of what goes needs nothing.
func TestApplyConfirms(t *testing.T) {
	c, _ := newControl(t)
	add(t, c, "app.example.com")
	tests := []struct {
		name  string
		entry control.DeclaredDomain
		keep  bool
		code  string
	}{
		{"nothing to confirm", control.DeclaredDomain{Entry: "shop.other.net"}, true, ""},
		{"not encrypted", control.DeclaredDomain{Entry: "http://x.other.net"}, true, control.CodeNeedsConfirmation},
		{"confirmed", control.DeclaredDomain{Entry: "http://x.other.net", Confirm: []trust.Confirmation{trust.ConfirmInsecure}}, true, ""},
		{"another one confirmed", control.DeclaredDomain{Entry: "http://x.other.net", Confirm: []trust.Confirmation{trust.ConfirmLookAlike}}, true, control.CodeNeedsConfirmation},
		{"a public suffix without a reason", control.DeclaredDomain{Entry: "*.co.uk", Confirm: []trust.Confirmation{trust.ConfirmPublicSuffix}}, true, control.CodeNeedsConfirmation},
		{"a look-alike", control.DeclaredDomain{Entry: "app.examp1e.com"}, true, control.CodeNeedsConfirmation},
		{"a look-alike of what goes", control.DeclaredDomain{Entry: "app.examp1e.com"}, false, ""},
		{"no domain", control.DeclaredDomain{Entry: "a.example.net/path"}, true, "entry-path"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			site := declared("default")
			if test.keep {
				site = declared("default", "app.example.com")
			}
			test.entry.Line = 7
			*site.Domains = append(*site.Domains, test.entry)
			_, err := c.PlanApply(t.Context(), control.Declaration{Sites: []control.DeclaredSite{site}})
			flawed, ok := errors.AsType[*control.FlawedError](err)
			switch {
			case test.code == "":
				must(t, err)
			case !ok || flawed.Flaws[0].Code != test.code || flawed.Flaws[0].Line != 7:
				t.Errorf("flawed by %+v, want %s", err, test.code)
			}
		})
	}
}

// failingStore fails at the nth write of a transaction.
type failingStore struct {
	control.Store
	at, n int
}

func (s *failingStore) Update(ctx context.Context, write func(control.Writer) error) error {
	s.n = 0
	return s.Store.Update(ctx, func(w control.Writer) error { return write(failingWriter{w, s}) })
}

type failingWriter struct {
	control.Writer
	store *failingStore
}

func (w failingWriter) fails() error {
	if w.store.n++; w.store.n == w.store.at {
		return errFlaky
	}
	return nil
}

func (w failingWriter) Record(r control.AuditRecord, s []control.Subject, id string) (int64, error) {
	if err := w.fails(); err != nil {
		return 0, err
	}
	return w.Writer.Record(r, s, id)
}

func (w failingWriter) InsertDomain(site int64, d control.Domain) (int64, error) {
	if err := w.fails(); err != nil {
		return 0, err
	}
	return w.Writer.InsertDomain(site, d)
}

func (w failingWriter) InsertSite(s control.Site) (int64, error) {
	if err := w.fails(); err != nil {
		return 0, err
	}
	return w.Writer.InsertSite(s)
}

// Whatever fails, nothing has been applied.
func TestApplyIsWholeOrNothing(t *testing.T) {
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "crossgate.db"), store.Config{})
	must(t, err)
	defer db.Close()
	fails := &failingStore{Store: db}
	c, err := control.New(control.Config{Store: fails})
	must(t, err)
	add(t, c, "old.example.com")
	must2(c.AddSite(t.Context(), anna, control.Site{Name: "gone", Addresses: []string{"https://x.example.com"}}))
	before := allOf(t, c)
	p := control.DefaultPolicy()
	p.Mode = gate.Observe
	fresh := declared("fresh", "a.example.com", "b.example.com")
	fresh.Policy, fresh.Addresses = &p, &[]string{"https://x.example.com"}
	d := control.Declaration{Prune: true, Sites: []control.DeclaredSite{declared("default", "new.example.com"), fresh}}
	for fails.at = 1; ; fails.at++ {
		_, err := c.Apply(t.Context(), anna, d, "")
		if err == nil {
			break
		}
		if !errors.Is(err, errFlaky) {
			t.Fatal(err)
		}
		if after := allOf(t, c); after != before {
			t.Fatalf("after write %d failed:\n%s\nbefore:\n%s", fails.at, after, before)
		}
	}
	if fails.at < 8 {
		t.Errorf("only %d writes were made to fail", fails.at-1)
	}
	if after := allOf(t, c); after == before {
		t.Error("nothing was applied")
	}
}

func must2[T any](_ T, err error) {
	if err != nil {
		panic(err)
	}
}

// Promise P4: no server acts on a part of it, nor does anybody see one.
func TestApplyIsSeenWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "crossgate.db")
	c, other := controlOver(t, path, nil), controlOver(t, path, nil)
	applied(t, c, declared("one", "old.example.com"), declared("two", "old.example.com"))
	done := make(chan struct{})
	var reading sync.WaitGroup
	reading.Go(func() {
		for finished := false; !finished; {
			select {
			case <-done:
				finished = true // and look once more
			default:
			}
			lengths := map[string]int{}
			err := other.Declare(context.WithoutCancel(t.Context()), "", func(d control.DeclaredSite) error {
				lengths[d.Name] = len(*d.Domains)
				return nil
			})
			if err != nil || lengths["one"] != lengths["two"] {
				t.Errorf("saw lists of %v entries: %v", lengths, err)
				return
			}
		}
	})
	for _, n := range []int{400, 3, 700} {
		applied(t, c, declared("one", numbered(n)...), declared("two", numbered(n)...))
	}
	close(done)
	reading.Wait()
}

// Sites that are not named stay, unless they are pruned; the site default always stays.
func TestApplyPrunes(t *testing.T) {
	c, _ := newControl(t)
	applied(t, c, declared("one", "a.example.com"), declared("two"), declared("default", "b.example.com"))
	applied(t, c, declared("two"))
	if got := siteNames(t, c); !slices.Equal(got, []string{"default", "one", "two"}) {
		t.Errorf("left are %v", got)
	}
	plan, err := c.Apply(t.Context(), anna, control.Declaration{Prune: true, Sites: []control.DeclaredSite{declared("two")}}, "")
	must(t, err)
	if got := siteNames(t, c); !slices.Equal(got, []string{"default", "two"}) || plan.Count(control.SignRemove) != 1 {
		t.Errorf("left are %v by %+v", got, plan)
	}
	same(t, texts(t, c), []string{"b.example.com"})
	_, err = c.ForSite(t.Context(), "one")
	wantCode(t, err, control.CodeNotFound)
}

// One host and path is one site's, whatever the scheme, and whatever else the file moves.
func TestApplyAddresses(t *testing.T) {
	c, _ := newControl(t)
	at := func(name string, addresses ...string) control.DeclaredSite {
		d := declared(name)
		d.Addresses, d.Line = &addresses, 3
		return d
	}
	applied(t, c, at("one", "https://one.example.com", "https://api.example.com/one"), at("two", "https://two.example.com"))
	tests := []struct {
		name  string
		sites []control.DeclaredSite
		ok    bool
	}{
		{"another's", []control.DeclaredSite{at("three", "https://two.example.com")}, false},
		{"another's by its scheme", []control.DeclaredSite{at("three", "http://two.example.com")}, false},
		{"twice in the file", []control.DeclaredSite{at("three", "https://x.example.com"), at("four", "http://x.example.com")}, false},
		{"below another's", []control.DeclaredSite{at("three", "https://two.example.com/three")}, true},
		{"what another gives up", []control.DeclaredSite{at("three", "http://one.example.com"), at("one", "https://api.example.com/one")}, true},
		{"exchanged", []control.DeclaredSite{at("two", "https://one.example.com"), at("one", "https://two.example.com")}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := c.PlanApply(t.Context(), control.Declaration{Sites: test.sites})
			flawed, refused := errors.AsType[*control.FlawedError](err)
			if test.ok {
				must(t, err)
			} else if !refused || flawed.Flaws[0].Code != control.CodeExists || flawed.Flaws[0].Line != 3 {
				t.Errorf("answered %+v", err)
			}
		})
	}
	applied(t, c, tests[5].sites...)
	if site, err := c.SiteNamed(t.Context(), "two"); err != nil || !slices.Equal(site.Addresses, []string{"https://one.example.com"}) {
		t.Errorf("two is at %v: %v", site.Addresses, err)
	}
}

func siteNames(t *testing.T, c *control.Service) []string {
	t.Helper()
	sites, _, err := c.Sites(t.Context(), control.ListQuery{})
	must(t, err)
	var names []string
	for _, s := range sites {
		names = append(names, s.Name)
	}
	return names
}

// An entry that is over stays over: a file in version control outlives expiries.
func TestApplyTakesWhatHasExpired(t *testing.T) {
	c, at := newControl(t)
	site := declared("default", "app.example.com")
	(*site.Domains)[0].Expires = at.Now().Add(time.Hour)
	applied(t, c, site)
	at.forward(2 * time.Hour)
	if plan := applied(t, c, site); len(plan.Sites) != 0 {
		t.Errorf("planned %+v", plan)
	}
	got, err := c.Check(t.Context(), page)
	must(t, err)
	if got.Allowed {
		t.Error("an entry that has expired trusts again")
	}
}

// A site and its policy are changed together, or not at all.
func TestSetWhole(t *testing.T) {
	c, _ := newControl(t)
	must2(c.AddSite(t.Context(), anna, control.Site{Name: "one", Addresses: []string{"https://one.example.com"}}))
	must2(c.AddSite(t.Context(), anna, control.Site{Name: "two", Addresses: []string{"https://two.example.com"}}))
	one, err := c.ForSite(t.Context(), "one")
	must(t, err)
	observe := gate.Observe
	_, _, err = one.SetWhole(t.Context(), anna, control.SetSite{Addresses: &[]string{"https://two.example.com"}}, control.SetPolicy{Mode: &observe})
	wantCode(t, err, control.CodeExists)
	_, _, err = one.SetWhole(t.Context(), anna, control.SetSite{Upstreams: &[]string{"http://127.0.0.1:1"}}, control.SetPolicy{MaxAge: new(-time.Second)})
	wantCode(t, err, control.CodeInvalid)
	p, err := one.Policy(t.Context())
	must(t, err)
	site, err := c.SiteNamed(t.Context(), "one")
	must(t, err)
	if p.Mode != gate.Enforce || len(site.Upstreams) > 0 || site.Version != 1 {
		t.Errorf("half of it was changed: %+v, %+v", p, site)
	}
	p, done, err := one.SetWhole(t.Context(), anna, control.SetSite{Upstreams: &[]string{"http://127.0.0.1:1"}}, control.SetPolicy{Mode: &observe})
	must(t, err)
	if len(done) != 2 || p.Mode != gate.Observe {
		t.Errorf("changed %+v", done)
	}
	_, done, err = one.SetWhole(t.Context(), anna, control.SetSite{}, control.SetPolicy{Mode: &observe})
	must(t, err)
	if len(done) != 0 {
		t.Errorf("changed %+v", done)
	}
}

// An account that is made for a site may do nothing elsewhere, and is never the first.
func TestAddConfined(t *testing.T) {
	c, _ := newControl(t)
	must2(c.AddSite(t.Context(), anna, control.Site{Name: "one"}))
	one, err := c.ForSite(t.Context(), "one")
	must(t, err)
	const password = "correct horse battery staple"
	_, err = one.AddConfined(t.Context(), anna, "bob", password, control.RoleOwner)
	wantCode(t, err, control.CodeLastOwner)
	must2(c.AddAccount(t.Context(), anna, "ada", password, control.RoleOwner))
	bob, err := one.AddConfined(t.Context(), anna, "bob", password, control.RoleOwner)
	must(t, err)
	for place, want := range map[*control.Service]control.Role{one: control.RoleOwner, c: ""} {
		if got, err := place.RoleAt(t.Context(), bob); err != nil || got != want {
			t.Errorf("at %s it is %q: %v", place.Place().Name, got, err)
		}
	}
	must(t, c.RemoveSite(t.Context(), anna, "one"))
	_, err = one.AddConfined(t.Context(), anna, "eve", password, control.RoleViewer)
	wantCode(t, err, control.CodeNotFound)
	_, _, err = one.CreateKey(t.Context(), anna, control.CreateKey{Name: "k", Role: control.RoleViewer, OneSite: true})
	wantCode(t, err, control.CodeNotFound)
}
