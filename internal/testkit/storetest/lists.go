package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

func domainRoundTrip(t *testing.T, s control.Store) {
	for _, text := range []string{"app.example.com", "*.example.org", "bücher.example", "http://localhost:3000", "[::1]"} {
		want := entry(t, text)
		want.ID = insert(t, s, text)[0]
		got := view(t, s, func(r control.Reader) (control.Domain, error) { return r.Domain(site, want.ID) })
		same(t, got, want)

		want.Label, want.Enabled, want.ExpiresAt, want.Version = "", false, time.Time{}, 2
		update(t, s, func(w control.Writer) error { return w.UpdateDomain(site, want) })
		got = view(t, s, func(r control.Reader) (control.Domain, error) { return r.DomainOf(site, want.Domain) })
		same(t, got, want)
		entries := view(t, s, func(r control.Reader) ([]trust.Entry, error) { return r.Entries(site) })
		same(t, entries[len(entries)-1], trust.Entry{ID: want.ID, Domain: want.Domain, Disabled: true})
	}
}

func domainRestored(t *testing.T, s control.Store) {
	id := insert(t, s, "app.example.com")[0]
	was := view(t, s, func(r control.Reader) (control.Domain, error) { return r.Domain(site, id) })
	update(t, s, func(w control.Writer) error { return w.DeleteDomain(site, id) })
	if other := insert(t, s, "other.example.com")[0]; other == id {
		t.Errorf("the id %d of a removed entry was used again", id)
	}
	update(t, s, func(w control.Writer) error {
		_, err := w.InsertDomain(site, was)
		return err
	})
	same(t, view(t, s, func(r control.Reader) (control.Domain, error) { return r.Domain(site, id) }), was)
}

func domainOnce(t *testing.T, s control.Store) {
	insert(t, s, "app.example.com")
	err := s.Update(t.Context(), func(w control.Writer) error {
		_, err := w.InsertDomain(site, entry(t, "app.example.com"))
		return err
	})
	if err == nil {
		t.Error("the same entry was written twice")
	}
}

func domainSearch(t *testing.T, s control.Store) {
	insert(t, s, "app.example.com", "a_b.example.com", "bücher.example")
	for search, want := range map[string]int{
		"":         3,
		"app":      1,
		"example":  3,
		"xn--":     1,
		"bücher":   1,
		"partner":  3, // the label
		"a_b":      1,
		"a%b":      0, // no wildcards
		"_":        1,
		`\`:        0,
		"nowhere!": 0,
	} {
		if got := view(t, s, count(search)); got != want {
			t.Errorf("%q finds %d entries, want %d", search, got, want)
		}
		q := control.ListQuery{Search: search, Limit: 10}
		page := view(t, s, func(r control.Reader) ([]control.Domain, error) { return r.Domains(site, q) })
		if len(page) != want {
			t.Errorf("%q lists %d entries, want %d", search, len(page), want)
		}
	}
}

func domainPages(t *testing.T, s control.Store) {
	ids := insert(t, s, "one.example.com", "two.example.com", "three.example.com")
	slices.Reverse(ids)
	var got []int64
	for offset := range 4 {
		q := control.ListQuery{Offset: offset, Limit: 1}
		for _, d := range view(t, s, func(r control.Reader) ([]control.Domain, error) { return r.Domains(site, q) }) {
			got = append(got, d.ID)
		}
	}
	same(t, got, ids)
}

func otherSite(t *testing.T, s control.Store) {
	const other = site + 1
	id := insert(t, s, "app.example.com")[0]
	update(t, s, func(w control.Writer) error {
		if _, err := w.Domain(other, id); err == nil {
			t.Error("an entry is found in another site")
		}
		wantMissing(t, "DeleteDomain", w.DeleteDomain(other, id))
		if entries, err := w.Entries(other); err != nil || len(entries) != 0 {
			t.Errorf("another site has %d entries, error %v", len(entries), err)
		}
		return nil
	})
	err := s.Update(t.Context(), func(w control.Writer) error {
		_, err := w.InsertDomain(other, entry(t, "app.example.com"))
		return err
	})
	if err == nil {
		t.Error("an entry was written for a site that does not exist")
	}
}

// accessToken is a token with every field set to something.
func accessToken(t *testing.T, id string) control.TokenRecord {
	t.Helper()
	return control.TokenRecord{
		Token: control.Token{
			ID: id, Name: "Mobile app", ExpiresAt: noon.Add(time.Hour), Methods: []string{"GET", "POST"},
			PathPrefix: "/api/v2", Domains: []trust.Domain{domain(t, "app.example.com")}, Servers: true,
			CreatedAt: noon, CreatedBy: "anna", QueryCarrier: token.QueryRead,
		},
		Digest: token.Digest{0: id[len(id)-1], 31: 7},
	}
}

func tokenRoundTrip(t *testing.T, s control.Store) {
	want := accessToken(t, "tok_a")
	bare := control.TokenRecord{Token: control.Token{ID: "tok_b", Name: "bare", CreatedAt: noon, CreatedBy: "anna", QueryCarrier: token.QueryFull}}
	update(t, s, func(w control.Writer) error {
		if err := w.InsertToken(site, want); err != nil {
			return err
		}
		return w.InsertToken(site, bare)
	})
	same(t, view(t, s, func(r control.Reader) (control.Token, error) { return r.Token(site, "tok_a") }), want.Token)
	same(t, view(t, s, func(r control.Reader) (control.Token, error) { return r.Token(site, "tok_b") }), bare.Token)

	want.RevokedAt = noon.Add(time.Minute)
	update(t, s, func(w control.Writer) error { return w.RevokeToken(site, "tok_a", want.RevokedAt) })
	q := control.ListQuery{Search: "mobile", Limit: 10}
	same(t, view(t, s, func(r control.Reader) ([]control.Token, error) { return r.Tokens(site, q) }), []control.Token{want.Token})
	same(t, view(t, s, func(r control.Reader) (int, error) { return r.CountTokens(site, "tok_") }), 2)
}

// grants are what all tokens of the site allow, by digest.
func grants(t *testing.T, s control.Store) map[token.Digest]*token.Grant {
	t.Helper()
	all := make(map[token.Digest]*token.Grant)
	err := s.View(t.Context(), func(r control.Reader) error {
		return r.EachGrant(site, func(of int64, d token.Digest, g *token.Grant) error {
			same(t, of, site)
			all[d] = g
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func grantsByDigest(t *testing.T, s control.Store) {
	a := accessToken(t, "tok_a")
	update(t, s, func(w control.Writer) error {
		if err := w.InsertToken(site, a); err != nil {
			return err
		}
		return w.RevokeToken(site, a.ID, noon)
	})
	got := grants(t, s)
	same(t, got, map[token.Digest]*token.Grant{a.Digest: {
		ID: a.ID, Subject: a.Name, Expires: a.ExpiresAt, Revoked: true, Methods: a.Methods,
		PathPrefix: a.PathPrefix, Domains: a.Domains, Servers: true, QueryCarrier: token.QueryRead,
	}})
}

func usageAddsUp(t *testing.T, s control.Store) {
	id := insert(t, s, "app.example.com")[0]
	head := view(t, s, control.Reader.Head)
	update(t, s, func(w control.Writer) error { return w.InsertToken(site, accessToken(t, "tok_a")) })
	for _, seen := range []control.Seen{{Hits: 2, Last: noon.Add(time.Minute)}, {Hits: 3, Last: noon}} {
		update(t, s, func(w control.Writer) error {
			for _, id := range []int64{id, 99} {
				if err := w.AddDomainUsage(id, seen); err != nil {
					return err
				}
			}
			return w.AddTokenUsage("tok_a", seen)
		})
	}
	d := view(t, s, func(r control.Reader) (control.Domain, error) { return r.Domain(site, id) })
	same(t, []any{d.Hits, d.LastSeen}, []any{int64(5), noon.Add(time.Minute)})
	k := view(t, s, func(r control.Reader) (control.Token, error) { return r.Token(site, "tok_a") })
	same(t, k.LastUsed, noon.Add(time.Minute))
	same(t, view(t, s, control.Reader.Head), head)
}

func domainsBefore(t *testing.T, s control.Store) {
	ids := insert(t, s, "one.example.com", "two.example.org", "three.example.com", "four.example.com")
	page := func(search string, before int64) []int64 {
		var got []int64
		for _, d := range view(t, s, func(r control.Reader) ([]control.Domain, error) {
			return r.DomainsBefore(site, search, before, 2)
		}) {
			got = append(got, d.ID)
		}
		return got
	}
	same(t, page("", 0), []int64{ids[3], ids[2]})
	same(t, page("", ids[2]), []int64{ids[1], ids[0]})
	same(t, page("example.com", ids[2]), []int64{ids[0]})
	same(t, page("", ids[0]), []int64(nil))
}

func oneGrant(t *testing.T, s control.Store) {
	a := accessToken(t, "tok_a")
	update(t, s, func(w control.Writer) error { return w.InsertToken(site, a) })
	all := grants(t, s)
	update(t, s, func(w control.Writer) error {
		digest, grant, err := w.Grant(site, "tok_a")
		same(t, map[token.Digest]*token.Grant{digest: grant}, all)
		return err
	})
}
