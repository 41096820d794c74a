package trust

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestNearest(t *testing.T) {
	list := entries(t, "app.example.com", "*.example.org", "shop.example.net:8443", "old.example.com", "past.example.com", "localhost:3000", "www.example.de", "example.co.uk", "http://legacy.test", "192.0.2.1")
	list[3].Disabled = true
	list[4].Expires = noon.Add(-24 * time.Hour)
	s := NewSet(list)
	for _, tc := range []struct {
		origin, nearest string
		differs         Difference
		says            string
	}{
		{"https://old.example.com", "old.example.com", DiffersOff, "switched off"},
		{"https://past.example.com", "past.example.com", DiffersExpired, "28 February 2026"},
		{"http://app.example.com", "app.example.com", DiffersScheme, "over https"},
		{"https://legacy.test", "http://legacy.test", DiffersScheme, "over http; "},
		{"https://app.example.com:8443", "app.example.com", DiffersPort, "port 8443"},
		{"https://shop.example.net", "shop.example.net:8443", DiffersPort, "default port of https"},
		{"http://localhost:3001", "localhost:3000", DiffersPort, "port 3001"},
		{"https://192.0.2.1:444", "192.0.2.1", DiffersPort, "port 444"},
		{"https://192.0.2.2", "", "", ""},
		{"https://example.org", "*.example.org", DiffersSubdomain, "not example.org itself"},
		{"https://www.app.example.com", "app.example.com", DiffersSubdomain, "with no www"},
		{"https://example.de", "www.example.de", DiffersSubdomain, "with www"},
		{"https://a.b.app.example.com", "app.example.com", DiffersSubdomain, "not the names below it"},
		{"https://other.example.com", "app.example.com", DiffersSubdomain, "another name of the same domain"},
		{"https://www.exampel.de", "www.example.de", DiffersLookAlike, "another domain"},
		{"https://example.uk", "", "", ""},
		{"https://elsewhere.invalid", "", "", ""},
	} {
		near, ok := s.Nearest(mustOrigin(t, tc.origin), noon)
		if !ok {
			if tc.nearest != "" {
				t.Errorf("%s: nothing is near, want %s", tc.origin, tc.nearest)
			}
			continue
		}
		if near.Entry.Domain.String() != tc.nearest || near.Differs != tc.differs || !strings.Contains(near.Detail, tc.says) {
			t.Errorf("%s: %s differs in %s: %s\nwant %q, %q, %q", tc.origin, near.Entry.Domain, near.Differs, near.Detail, tc.nearest, tc.differs, tc.says)
		}
	}
}

func TestLookAlikes(t *testing.T) {
	s := NewSet(entries(t, "app.example.com", "paypal.com", "*.bücher.example", "example.co.uk", "192.0.2.1"))
	asked := []string{
		"example.com",        // the same registrable domain
		"other.example.com",  // likewise
		"app.examp1e.com",    // one substitution
		"exmaple.com",        // neighbours exchanged
		"examplle.com",       // one insertion
		"exaple.com",         // one deletion
		"exaxxle.com",        // two edits
		"pаypаl.com",         // Cyrillic letters drawn like Latin ones
		"раураl.com",         // more of them
		"bucher.example",     // differs by an umlaut
		"example.co",         // another suffix, one edit away
		"totally-other.test", // nothing
		"192.0.2.2",          // addresses are no names
		"localhost",
	}
	want := []string{"", "", "app.example.com", "app.example.com", "app.example.com", "app.example.com", "", "paypal.com", "paypal.com", "*.xn--bcher-kva.example", "app.example.com", "", "", ""}
	domains := make([]Domain, len(asked))
	for i, a := range asked {
		domains[i] = mustDomain(t, a)
	}
	for i, e := range s.LookAlikes(domains) {
		got := ""
		if e != nil {
			got = e.Domain.String()
		}
		if got != want[i] {
			t.Errorf("%s resembles %q, want %q", asked[i], got, want[i])
		}
	}
}

func TestOneEditApart(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"abc", "abc", false},
		{"abc", "abd", true},
		{"abc", "xbc", true},
		{"abc", "ab", true},
		{"abc", "bc", true},
		{"abc", "ac", true},
		{"abc", "acb", true},
		{"abc", "bac", true},
		{"abc", "cba", false},
		{"abc", "a", false},
		{"abcd", "badc", false},
		{"", "a", true},
		{"", "", false},
	} {
		if oneEditApart([]rune(tc.a), []rune(tc.b)) != tc.want || oneEditApart([]rune(tc.b), []rune(tc.a)) != tc.want {
			t.Errorf("%q and %q: want %v", tc.a, tc.b, tc.want)
		}
	}
}

// What a name is without one character has the hash that it has by itself.
func TestNeighbourhood(t *testing.T) {
	for _, s := range []string{"", "a", "abc.example", "bücher.example", strings.Repeat("x9-", 80)} {
		want := []uint64{hashOf(s)}
		runes := []rune(s)
		for i := range runes {
			want = append(want, hashOf(string(runes[:i])+string(runes[i+1:])))
		}
		if got := appendNeighbourhood(nil, s); !slices.Equal(got, want) {
			t.Errorf("%q: hashes %v, want %v", s, got, want)
		}
	}
}

// hashOf is the hash of a string, character by character.
func hashOf(s string) (h uint64) {
	for _, r := range s {
		h = h*hashBase + uint64(r)
	}
	return h
}

// The neighbourhoods of two strings meet wherever they are one edit apart: the
// index may over-ask, and never under-asks.
func FuzzNeighbourhood(f *testing.F) {
	f.Add("example", "exmaple")
	f.Add("a", "")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a) > 40 || len(b) > 40 || strings.ToValidUTF8(a, "") != a || strings.ToValidUTF8(b, "") != b || !oneEditApart([]rune(a), []rune(b)) {
			return
		}
		keys := map[uint64]bool{}
		for _, k := range appendNeighbourhood(nil, a) {
			keys[k] = true
		}
		for _, k := range appendNeighbourhood(nil, b) {
			if keys[k] {
				return
			}
		}
		t.Fatalf("%q and %q share no key", a, b)
	})
}
