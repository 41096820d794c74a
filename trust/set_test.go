package trust

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func entries(t testing.TB, domains ...string) []Entry {
	t.Helper()
	list := make([]Entry, len(domains))
	for i, d := range domains {
		list[i] = Entry{ID: int64(i + 1), Domain: mustDomain(t, d)}
	}
	return list
}

// anyTrusts is the oracle: the definition, asked of each entry in turn.
func anyTrusts(list []Entry, o Origin, now time.Time) bool {
	for i := range list {
		if list[i].Active(now) && list[i].Domain.Trusts(o) {
			return true
		}
	}
	return false
}

// lastOfEach drops all but the last entry of each Domain, and zero Domains.
func lastOfEach(entries []Entry) []Entry {
	last := make(map[Domain]int, len(entries))
	for i := range entries {
		last[entries[i].Domain] = i
	}
	var kept []Entry
	for i := range entries {
		if d := entries[i].Domain; last[d] == i && !d.IsZero() {
			kept = append(kept, entries[i])
		}
	}
	return kept
}

func TestMatchPrefersTheMostSpecific(t *testing.T) {
	s := NewSet(entries(t, "*.example.com", "*.a.example.com", "b.a.example.com", "localhost", "localhost:3000", "http://localhost:3000", "*.localhost"))
	for origin, want := range map[string]string{
		"https://b.a.example.com":   "b.a.example.com",
		"https://c.a.example.com":   "*.a.example.com",
		"https://x.y.a.example.com": "*.a.example.com",
		"https://a.example.com":     "*.example.com",
		"https://example.com":       "",
		"http://localhost:3000":     "http://localhost:3000",
		"https://localhost:3000":    "localhost:3000",
		"https://localhost:3001":    "localhost",
		"http://x.localhost:5":      "*.localhost",
	} {
		got := ""
		if e := s.Match(mustOrigin(t, origin), noon); e != nil {
			got = e.Domain.String()
		}
		if got != want {
			t.Errorf("%s is trusted by %q, want %q", origin, got, want)
		}
	}
}

func TestInactiveEntriesTrustNothing(t *testing.T) {
	list := entries(t, "off.example.com", "past.example.com", "now.example.com", "future.example.com", "*.off.test", "localhost")
	list[0].Disabled = true
	list[1].Expires = noon.Add(-time.Second)
	list[2].Expires = noon
	list[3].Expires = noon.Add(time.Second)
	list[4].Disabled = true
	list[5].Expires = noon
	s := NewSet(list)
	for origin, want := range map[string]bool{
		"https://off.example.com":    false,
		"https://past.example.com":   false,
		"https://now.example.com":    false,
		"https://future.example.com": true,
		"https://x.off.test":         false,
		"http://localhost:80":        false,
		"http://localhost":           false,
	} {
		e, _ := s.MatchHeader(origin, noon)
		if (e != nil) != want {
			t.Errorf("%s: trusted by %v", origin, e)
		}
	}
}

// An entry that is switched off does not hide a wildcard that trusts the same.
func TestInactiveEntryDoesNotShadow(t *testing.T) {
	list := entries(t, "a.example.com", "*.example.com")
	list[0].Disabled = true
	if e := NewSet(list).Match(mustOrigin(t, "https://a.example.com"), noon); e == nil || e.ID != 2 {
		t.Errorf("trusted by %+v", e)
	}
}

func TestLastDuplicateCounts(t *testing.T) {
	list := append(entries(t, "a.example.com", "*.b.example", "localhost"), entries(t, "a.example.com", "*.b.example", "localhost")...)
	for i := range 3 {
		list[i].Disabled = true
	}
	list = append(list, Entry{})
	s := NewSet(list)
	if s.Len() != 3 {
		t.Errorf("%d entries, want 3", s.Len())
	}
	for _, o := range []string{"https://a.example.com", "https://x.b.example", "http://localhost"} {
		if s.Match(mustOrigin(t, o), noon) == nil {
			t.Errorf("%s is not trusted", o)
		}
	}
	for _, d := range []string{"a.example.com", "*.b.example", "localhost"} {
		if e := s.Get(mustDomain(t, d)); e == nil || e.Disabled {
			t.Errorf("Get(%s) = %v", d, e)
		}
	}
	if s.Get(mustDomain(t, "localhost:1")) != nil || s.Get(Domain{}) != nil {
		t.Error("Get finds what is not there")
	}
}

func TestEmptySetsTrustNothing(t *testing.T) {
	o := mustOrigin(t, "https://example.com")
	for name, s := range map[string]*Set{"nil": nil, "zero": {}, "empty": NewSet(nil)} {
		if s.Match(o, noon) != nil || s.Len() != 0 || s.Get(mustDomain(t, "example.com")) != nil {
			t.Errorf("%s set holds something", name)
		}
		if e, reason := s.MatchHeader("https://example.com", noon); e != nil || reason != "" {
			t.Errorf("%s set: %v, %q", name, e, reason)
		}
		if _, reason := s.MatchHeader("null", noon); reason != OriginNull {
			t.Errorf("%s set: %q", name, reason)
		}
		if _, ok := s.Nearest(o, noon); ok {
			t.Errorf("%s set has something near", name)
		}
		if s.LookAlikes([]Domain{mustDomain(t, "example.com")})[0] != nil {
			t.Errorf("%s set has a look-alike", name)
		}
	}
}

func TestMatchDoesNotAllocate(t *testing.T) {
	s := NewSet(entries(t, "app.example.com", "*.example.org", "localhost"))
	for _, header := range []string{
		"https://app.example.com", "https://a.b.c.example.org", "http://localhost:3000", "https://evil.example",
		"null", "https://[2001:db8::1]", "https://192.0.2.1:444", "https://example.com{.evil", strings.Repeat("a", 5000),
	} {
		if n := testing.AllocsPerRun(100, func() { s.MatchHeader(header, noon) }); n != 0 {
			t.Errorf("%.20s: %v allocations", header, n)
		}
	}
}

// words make random lists and origins that meet often.
var (
	schemes = []string{"https", "http", "capacitor"}
	hosts   = []string{"example.com", "a.example.com", "b.a.example.com", "badexample.com", "com", "localhost", "x.localhost", "127.0.0.1", "[::1]", "192.0.2.1", "example.com.evil.test", "xn--bcher-kva.example"}
	ports   = []string{"", ":80", ":443", ":3000", ":8443"}
)

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

func randomEntry(r *rand.Rand) (Entry, bool) {
	text := pick(r, hosts) + pick(r, ports)
	if r.IntN(3) == 0 {
		text = "*." + text
	}
	if r.IntN(2) == 0 {
		text = pick(r, schemes) + "://" + text
	}
	d, err := ParseDomain(text)
	e := Entry{Domain: d, Disabled: r.IntN(8) == 0}
	if r.IntN(4) == 0 {
		e.Expires = noon.Add(time.Duration(r.IntN(3)-1) * time.Hour)
	}
	return e, err == nil
}

func randomHeader(r *rand.Rand) string {
	host := pick(r, hosts)
	for range r.IntN(3) {
		host = pick(r, []string{"a.", "www.", "x.y.", "bad", "-", "."}) + host
	}
	return pick(r, schemes) + "://" + host + pick(r, ports)
}

// compareWithOracle holds a set against the definition for one random list.
func compareWithOracle(t *testing.T, seed uint64, origins int) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	var list []Entry
	for range r.IntN(20) {
		if e, ok := randomEntry(r); ok {
			list = append(list, e)
		}
	}
	list = lastOfEach(list)
	s := NewSet(list)
	for range origins {
		header := randomHeader(r)
		got, reason := s.MatchHeader(header, noon)
		o, err := ParseOrigin(header)
		if (err == nil) != (reason == "") {
			t.Fatalf("seed %d: %q: reason %q, error %v", seed, header, reason, err)
		}
		if want := err == nil && anyTrusts(list, o, noon); (got != nil) != want {
			t.Fatalf("seed %d: %q: set says %v, the definition says %v; list %v", seed, header, got, want, listText(list))
		}
		if got != nil && (!got.Active(noon) || !got.Domain.Trusts(o)) {
			t.Fatalf("seed %d: %q: matched by %v, which does not trust it", seed, header, got)
		}
		if err == nil && s.Match(o, noon) != got {
			t.Fatalf("seed %d: %q: Match and MatchHeader differ", seed, header)
		}
	}
}

func listText(list []Entry) string {
	var b strings.Builder
	for _, e := range list {
		fmt.Fprintf(&b, "%s(off=%v,expires=%v) ", e.Domain, e.Disabled, e.Expires)
	}
	return b.String()
}

func TestSetAgainstOracle(t *testing.T) {
	for seed := range uint64(4000) {
		compareWithOracle(t, seed, 50)
	}
}

func FuzzSetAgainstOracle(f *testing.F) {
	f.Add("a.example.com *.example.com localhost", "https://b.a.example.com")
	f.Add("http://x.test capacitor://localhost [::1]", "capacitor://localhost")
	f.Fuzz(func(t *testing.T, list, header string) {
		var all []Entry
		for _, text := range strings.Fields(list) {
			if d, err := ParseDomain(text); err == nil {
				all = append(all, Entry{Domain: d})
			}
		}
		got, _ := NewSet(all).MatchHeader(header, noon)
		o, err := ParseOrigin(header)
		if want := err == nil && anyTrusts(all, o, noon); (got != nil) != want {
			t.Fatalf("%q against %q: set says %v, the definition says %v", header, list, got, want)
		}
	})
}

// What only looks like the text of an entry is no origin.
func TestEntriesTextIsNoOrigin(t *testing.T) {
	s := NewSet(entries(t, "http://old.example.com", "localhost:3000", "*.example.org", "https://localhost", "capacitor://localhost", "app.example.com:8443"))
	for _, header := range []string{
		"https://http://old.example.com", "localhost:3000", "https://*.example.org", "*.example.org", ".example.org",
		"https://https://localhost", "https://capacitor://localhost", "app.example.com:8443", "http://*.localhost", "http://localhost:",
	} {
		if e, reason := s.MatchHeader(header, noon); e != nil || reason == "" {
			t.Errorf("%s is trusted by %v, reason %q", header, e, reason)
		}
	}
}

// A long list that was changed in steps trusts what the definition trusts.
func TestLongSetAgainstOracle(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var s *Set
	list := map[Domain]Entry{}
	for range 40 {
		var put []Entry
		var out []Domain
		for range 60 {
			text := fmt.Sprintf("%sh%d.example.com%s", pick(r, []string{"", "", "*.", "http://", "https://*.", "x.localhost:"}), r.IntN(800), pick(r, []string{"", ":8443"}))
			d, err := ParseDomain(strings.Replace(text, "localhost:h", "localhost", 1))
			if err != nil {
				continue
			}
			if r.IntN(3) == 0 {
				out = append(out, d)
				delete(list, d)
				continue
			}
			put = append(put, Entry{ID: int64(r.Int()), Domain: d, Disabled: r.IntN(9) == 0})
		}
		for _, e := range put {
			list[e.Domain] = e
		}
		s = s.With(put, out)
	}
	var all []Entry
	for d, e := range list {
		all = append(all, e)
		if got := s.Get(d); got == nil || *got != e {
			t.Errorf("the entry of %s is %v, want %v", d, got, e)
		}
	}
	if s.Len() != len(all) {
		t.Errorf("%d entries, want %d", s.Len(), len(all))
	}
	for i := range 1600 {
		o := mustOrigin(t, fmt.Sprintf("%s://%sh%d.example.com%s", pick(r, schemes[:2]), pick(r, []string{"", "a.", "b.c."}), i/2, pick(r, []string{"", ":8443"})))
		if got := s.Match(o, noon); (got != nil) != anyTrusts(all, o, noon) {
			t.Errorf("%s is trusted by %v", o, got)
		}
	}
}
