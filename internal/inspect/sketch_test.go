package inspect

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// The bound of the space-saving algorithm, against a map that counts everything: what is
// kept has at least Hits calls and Uncertain more at most, and whoever has more than its
// share of all calls is kept.
func TestSketchAgainstCounting(t *testing.T) {
	const most, calls = 20, 5000
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 1))
		k, truth := newSketch(most, 0, false), map[string]uint64{}
		for range calls {
			name := fmt.Sprint(int(random.ExpFloat64() * float64(5+seed)))
			k.see([]byte(name), noon, "", nil)
			truth[name]++
		}
		kept := map[string]bool{}
		for _, o := range k.origins() {
			kept[o.Origin] = true
			if n := truth[o.Origin]; o.Hits > n || o.Hits+o.Uncertain < n {
				t.Fatalf("seed %d: %s had %d calls; Hits %d, Uncertain %d", seed, o.Origin, n, o.Hits, o.Uncertain)
			}
		}
		for name, n := range truth {
			if n > calls/most && !kept[name] {
				t.Fatalf("seed %d: %s is forgotten after %d calls", seed, name, n)
			}
		}
		if len(kept) > most || len(k.byName) != len(k.heap) {
			t.Fatalf("seed %d: %d entries", seed, len(kept))
		}
		inOrder(t, k)
	}
}

// inOrder wants the heap to be one, and each entry to know its place.
func inOrder(t *testing.T, k *sketch) {
	t.Helper()
	for i, s := range k.heap {
		if s.index != i || k.byName[s.name] != s || i > 0 && s.weight() < k.heap[(i-1)/2].weight() {
			t.Fatalf("entry %d, %s, stands at %d with weight %d", i, s.name, s.index, s.weight())
		}
	}
}

// Under a flood of invented origins those that really call stay, with their counts.
func TestFloodOfOrigins(t *testing.T) {
	k := newSketch(100, MaxExamplePaths, false)
	for i := range 20_000 {
		k.see([]byte(fmt.Sprintf("https://invented-%d.example", i)), noon, "", []byte("/"))
		if i%50 == 0 {
			k.see([]byte("https://partner.example"), noon, "", []byte("/api"))
		}
	}
	s := k.byName["https://partner.example"]
	if s == nil || s.hits != 400 {
		t.Fatalf("the partner has %+v", s)
	}
}

func TestOriginsAreForgotten(t *testing.T) {
	k := newSketch(10, 0, true)
	for i := range 8 {
		k.see([]byte(fmt.Sprintf("https://%d.example", i)), noon.AddDate(0, 0, i), "", nil)
	}
	k.forget(noon.AddDate(0, 0, daysKept+2))
	if all := k.origins(); len(all) != 5 || len(k.byName) != 5 {
		t.Errorf("%d are left, want 5", len(all))
	}
	inOrder(t, k)
}

func TestExamplePaths(t *testing.T) {
	r := New(Config{})
	o := turnedAway()
	for i := range 20 {
		o.Path = fmt.Sprintf("/%d", i/2)
		r.Record(&o)
	}
	same(t, r.At(DefaultSite).RefusedOrigins(), []Origin{{
		Origin: "https://app.example.net", Hits: 20, First: noon, Last: noon, Reason: "origin-not-trusted",
		Paths: []string{"/0", "/1", "/2", "/3"},
	}})
}

func TestDaysOfAnOrigin(t *testing.T) {
	k := newSketch(10, 0, true)
	for day := range 10 {
		for range day + 1 {
			k.see([]byte("https://a.example"), noon.AddDate(0, 0, day), "", nil)
		}
	}
	days := k.pending()[0].days
	if len(days) != daysKept {
		t.Fatalf("%d days", len(days))
	}
	for _, d := range days {
		if at := int64(d.Day.Sub(noon.Truncate(24*time.Hour)) / (24 * time.Hour)); d.Hits != at+1 {
			t.Errorf("day %d has %d hits", at, d.Hits)
		}
	}
}
