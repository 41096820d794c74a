package storetest

import (
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// billing is a site with every field set to something.
func billing() control.Site {
	return control.Site{
		Name: "billing", Addresses: []string{"https://billing.example.com", "https://api.example.com/billing"},
		Upstreams: []string{"http://127.0.0.1:9001", "http://127.0.0.1:9002/base"}, HealthPath: "/health", Enabled: true,
		CreatedAt: noon, CreatedBy: "anna", Version: 1,
	}
}

// insertSite adds a site and returns it with its id.
func insertSite(t *testing.T, s control.Store, one control.Site) control.Site {
	t.Helper()
	update(t, s, func(w control.Writer) (err error) {
		one.ID, err = w.InsertSite(one)
		return err
	})
	return one
}

func siteRoundTrip(t *testing.T, s control.Store) {
	want := insertSite(t, s, billing())
	same(t, view(t, s, func(r control.Reader) (control.Site, error) { return r.SiteOf(want.ID) }), want)
	same(t, view(t, s, func(r control.Reader) (control.Site, error) { return r.SiteNamed("billing") }), want)
	same(t, view(t, s, func(r control.Reader) (int64, error) { return r.SiteAt("https://api.example.com/billing") }), want.ID)

	want.Addresses, want.Upstreams, want.HealthPath = []string{"https://new.example.com"}, nil, ""
	want.Enabled, want.Version = false, 2
	update(t, s, func(w control.Writer) error { return w.UpdateSite(want) })
	same(t, view(t, s, func(r control.Reader) (control.Site, error) { return r.SiteOf(want.ID) }), want)
	wantMissing(t, "an address that was taken away", s.View(t.Context(), func(r control.Reader) error {
		_, err := r.SiteAt("https://api.example.com/billing")
		return err
	}))
}

func sitePages(t *testing.T, s control.Store) {
	zebra := insertSite(t, s, control.Site{Name: "zebra", Enabled: true, CreatedAt: noon, Version: 1})
	alpha := insertSite(t, s, control.Site{Name: "alpha", Addresses: []string{"https://alpha.example.com"}, Enabled: true, CreatedAt: noon, Version: 1})
	names := func(q control.ListQuery) (list []string) {
		for _, one := range view(t, s, func(r control.Reader) ([]control.Site, error) { return r.Sites(q) }) {
			list = append(list, one.Name)
		}
		return list
	}
	same(t, names(control.ListQuery{Limit: 10}), []string{"default", "alpha", "zebra"})
	same(t, names(control.ListQuery{Limit: 1, Offset: 1}), []string{"alpha"})
	same(t, names(control.ListQuery{Limit: 10, Search: "alpha.example"}), []string{"alpha"})
	same(t, view(t, s, func(r control.Reader) (int, error) { return r.CountSites("") }), 3)
	var visited []int64
	err := s.View(t.Context(), func(r control.Reader) error {
		return r.EachSite(func(one control.Site) error {
			visited = append(visited, one.ID)
			if one.ID == alpha.ID {
				same(t, one, alpha)
			}
			return nil
		})
	})
	same(t, []any{visited, err}, []any{[]int64{site, zebra.ID, alpha.ID}, nil})
}

// What a site had goes with it, and nothing that is another's.
func siteRemoved(t *testing.T, s control.Store) {
	other := insertSite(t, s, billing())
	insert(t, s, "kept.example.com")
	key := control.KeyRecord{Key: control.Key{ID: "key_b", Name: "ci", Role: control.RoleViewer, CreatedAt: noon, Site: other.ID}}
	update(t, s, func(w control.Writer) error {
		if _, err := w.InsertDomain(other.ID, entry(t, "gone.example.com")); err != nil {
			return err
		}
		if err := w.InsertToken(other.ID, accessToken(t, "tok_b")); err != nil {
			return err
		}
		if err := w.PutPolicy(other.ID, control.DefaultPolicy()); err != nil {
			return err
		}
		if err := w.PutSealedSecret(other.ID, "secret", []byte("sealed"), noon); err != nil {
			return err
		}
		return w.InsertKey(key)
	})
	write(t, s, "site.add", "c1", control.Subject{Site: other.ID, Kind: control.SubjectSite, Name: "billing"})
	update(t, s, func(w control.Writer) error { return w.RemoveSite(other.ID, noon) })

	wantMissing(t, "the site", s.View(t.Context(), func(r control.Reader) error {
		_, err := r.SiteNamed("billing")
		return err
	}))
	var entries []string
	var grants int
	err := s.View(t.Context(), func(r control.Reader) error {
		if err := r.EachEntry(func(_ int64, e trust.Entry) error {
			entries = append(entries, e.Domain.String())
			return nil
		}); err != nil {
			return err
		}
		return r.EachGrant(0, func(int64, token.Digest, *token.Grant) error {
			grants++
			return nil
		})
	})
	same(t, []any{entries, grants, err}, []any{[]string{"kept.example.com"}, 0, nil})
	wantMissing(t, "its key", s.View(t.Context(), func(r control.Reader) error {
		_, err := r.Key("key_b")
		return err
	}))
	insertSite(t, s, billing()) // name and addresses are free again
}

func listsOfAllSites(t *testing.T, s control.Store) {
	other := insertSite(t, s, billing())
	insert(t, s, "a.example.com", "b.example.com")
	update(t, s, func(w control.Writer) error {
		if err := w.InsertToken(other.ID, accessToken(t, "tok_b")); err != nil {
			return err
		}
		_, err := w.InsertDomain(other.ID, entry(t, "a.example.com"))
		return err
	})
	got := map[int64][]string{}
	err := s.View(t.Context(), func(r control.Reader) error {
		return r.EachEntry(func(of int64, e trust.Entry) error {
			got[of] = append(got[of], e.Domain.String())
			return nil
		})
	})
	same(t, []any{got, err}, []any{map[int64][]string{site: {"a.example.com", "b.example.com"}, other.ID: {"a.example.com"}}, nil})

	names := []string{"b.example.com", "missing.example.com", "a.example.com"}
	var named []string
	for _, e := range view(t, s, func(r control.Reader) ([]trust.Entry, error) { return r.EntriesNamed(site, names) }) {
		named = append(named, e.Domain.String())
	}
	same(t, named, []string{"a.example.com", "b.example.com"})

	update(t, s, func(w control.Writer) error { return w.PutSealedSecret(other.ID, "secret", []byte("sealed"), noon) })
	same(t, view(t, s, func(r control.Reader) ([]int64, error) { return r.SitesWithPolicy("secret") }), []int64{other.ID})
}

func memberRoundTrip(t *testing.T, s control.Store) {
	other := insertSite(t, s, billing())
	var bob int64
	update(t, s, func(w control.Writer) (err error) {
		bob, err = w.InsertAccount(control.AccountRecord{Account: control.Account{Name: "bob", Role: control.RoleViewer, CreatedAt: noon}, Password: "x"})
		if err != nil {
			return err
		}
		if err := w.SetConfined(bob, true); err != nil {
			return err
		}
		if err := w.PutMember(other.ID, bob, control.RoleViewer); err != nil {
			return err
		}
		return w.PutMember(other.ID, bob, control.RoleEditor)
	})
	same(t, view(t, s, func(r control.Reader) ([]control.Member, error) { return r.Members(other.ID) }),
		[]control.Member{{Account: "bob", Role: control.RoleEditor}})
	same(t, view(t, s, func(r control.Reader) ([]control.Membership, error) { return r.Memberships(bob) }),
		[]control.Membership{{Site: control.Place{ID: other.ID, Name: "billing"}, Role: control.RoleEditor}})
	same(t, view(t, s, func(r control.Reader) (control.Role, error) { return r.MemberRole(other.ID, bob) }), control.RoleEditor)
	same(t, view(t, s, func(r control.Reader) (control.AccountRecord, error) { return r.Account("bob") }).Confined, true)
	update(t, s, func(w control.Writer) error { return w.DeleteAccount(bob) })
	wantMissing(t, "the role of somebody who is gone", s.View(t.Context(), func(r control.Reader) error {
		_, err := r.MemberRole(other.ID, bob)
		return err
	}))
}

func nodeRoundTrip(t *testing.T, s control.Store) {
	head := view(t, s, control.Reader.Head)
	want := control.Node{
		ID: "a1", Name: "one", Version: "v1.2.3", StartedAt: noon, SeenAt: noon,
		Head: control.Head{Revision: 7, ChangeID: "c7"}, KeptAt: noon.Add(-time.Minute),
	}
	old := control.Node{ID: "b2", Name: "two", Version: "v1.2.2", StartedAt: noon, SeenAt: noon.Add(-time.Hour)}
	tally := func(write func(control.Writer) error) {
		t.Helper()
		if err := s.Tally(t.Context(), write); err != nil {
			t.Fatal(err)
		}
	}
	tally(func(w control.Writer) error { return w.PutNode(old) })
	for range 2 {
		tally(func(w control.Writer) error { return w.PutNode(want) })
	}
	same(t, view(t, s, control.Reader.Nodes), []control.Node{want, old})
	tally(func(w control.Writer) error { return w.DeleteNodesBefore(noon) })
	same(t, view(t, s, control.Reader.Nodes), []control.Node{want})
	same(t, view(t, s, control.Reader.Head), head)
}
