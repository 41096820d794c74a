package trust

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// nearWords make hosts that are near each other in all ways.
var nearWords = []string{"example", "examp1e", "exampl", "exmaple", "a-example", "пример", "раураl", "paypal", "bücher", "bucher", "x", "y"}

func randomNearDomain(r *rand.Rand) (Domain, bool) {
	text := pick(r, nearWords) + "." + pick(r, []string{"com", "co", "co.uk", "uk", "github.io", "test", "s3.amazonaws.com", "localhost"})
	for r.IntN(3) == 0 {
		text = pick(r, []string{"a", "b", "www", "a-b", "x"}) + "." + text
	}
	switch r.IntN(12) {
	case 0:
		text = pick(r, []string{"localhost", "192.0.2.1", "192.0.2.2", "[::1]", "[2001:db8::1]", "amazonaws.com", "github.io", "com"})
	case 1:
		text = "http://" + text
	case 2, 3:
		text = "*." + text
	}
	d, err := ParseDomain(text + pick(r, []string{"", "", ":8443", ":1"}))
	return d, err == nil
}

// nearSet is a list and the set of it, which was changed after somebody had asked it.
func nearSet(r *rand.Rand, n int) (list []Entry, s *Set) {
	var gone []Domain
	for i := range n {
		d, ok := randomNearDomain(r)
		if !ok {
			continue
		}
		e := Entry{ID: int64(r.IntN(n)), Domain: d, Disabled: r.IntN(6) == 0}
		if r.IntN(5) == 0 {
			e.Expires = noon
		}
		if i%3 == 0 {
			gone = append(gone, d)
		}
		list = append(list, e)
	}
	list = lastOfEach(list)
	s = NewSet(list)
	s.byName()
	s = s.With(nil, gone)
	list = slices.DeleteFunc(list, func(e Entry) bool { return slices.Contains(gone, e.Domain) })
	for range n / 4 {
		if d, ok := randomNearDomain(r); ok && s.Get(d) == nil {
			e := Entry{ID: int64(r.IntN(n)), Domain: d}
			list = append(list, e)
			s = s.With([]Entry{e}, nil)
		}
	}
	return list, s
}

// nearestOf is the oracle: every entry, compared with the best one so far.
func nearestOf(list []Entry, o Origin) (best *Entry, differs Difference) {
	bestRank := rank{difference: len(differences)}
	for i := range list {
		e := &list[i]
		d, ok := e.differs(o, registrable(o.Host()), noon)
		r := rank{slices.Index(differences, d), -commonLabels(e.Domain.Host(), o.Host())}
		if ok && (r.before(bestRank) || (r == bestRank && e.before(best))) {
			best, bestRank, differs = e, r, d
		}
	}
	return best, differs
}

func TestNearestAgainstOracle(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 7))
		list, s := nearSet(r, 10+r.IntN(300))
		for range 100 {
			d, _ := randomNearDomain(r)
			o, err := ParseOrigin(pick(r, []string{"https://", "http://"}) + d.Host() + pick(r, []string{"", ":8443", ":2"}))
			if err != nil || s.Match(o, noon) != nil {
				continue
			}
			want, differs := nearestOf(list, o)
			got, ok := s.Nearest(o, noon)
			if ok != (want != nil) || (ok && (*got.Entry != *want || got.Differs != differs)) {
				t.Fatalf("seed %d: %s: nearest is %+v in %s, want %+v in %s", seed, o, got.Entry, got.Differs, want, differs)
			}
		}
	}
}

// What is looked up is what a reading of the list finds, and what the definition says.
func TestLookAlikesAgainstOracle(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 8))
		list, s := nearSet(r, 10+r.IntN(300))
		var asked []Domain
		for range 40 {
			if d, ok := randomNearDomain(r); ok {
				asked = append(asked, d)
			}
		}
		scanned, lookedUp := newResemblances(asked), newResemblances(asked)
		scanned.scan(s)
		lookedUp.lookUp(s)
		for _, d := range asked {
			name := registrable(d.Host())
			var want *Entry
			for i := range list {
				if e := &list[i]; resembles(name, registrable(e.Domain.Host())) && (want == nil || e.before(want)) {
					want = e
				}
			}
			for how, got := range map[string]*Entry{"scan": scanned.like[name], "lookUp": lookedUp.like[name]} {
				if (got == nil) != (want == nil) || (want != nil && *got != *want) {
					t.Fatalf("seed %d: %s of %s finds %+v, want %+v", seed, how, name, got, want)
				}
			}
		}
	}
}

// The names of a set that was derived are those of one that is made anew.
func TestNamesOfDerivedSets(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	_, s := nearSet(r, 3_000)
	got, anew := s.byName(), newNames(s)
	all := func(Domain) bool { return false }
	if !slices.Equal(slices.Collect(got.all.From(all)), slices.Collect(anew.all.From(all))) ||
		!slices.Equal(slices.Collect(got.foreign.From(all)), slices.Collect(anew.foreign.From(all))) ||
		got.all.Len() != s.Len() || got.foreign.Len() == 0 {
		t.Errorf("%d and %d names of %d entries", got.all.Len(), got.foreign.Len(), s.Len())
	}
}

func TestSortFromEnd(t *testing.T) {
	var list []keyed
	for _, host := range []string{"b.example.com", "a.example.com", "example.com", strings.Repeat("x", 60) + ".com", strings.Repeat("x", 61) + ".com", "com", "x.com", "example.com:1", "*.example.com", "http://example.com", "a-example.com"} {
		list = append(list, keyed{domain: mustDomain(t, host)})
	}
	sortFromEnd(list, 0)
	if !slices.IsSortedFunc(list, func(a, b keyed) int { return compareNames(a.domain, b.domain) }) {
		t.Errorf("sorted as %v", list)
	}
}
