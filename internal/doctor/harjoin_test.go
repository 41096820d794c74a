package doctor

import (
	"math/rand/v2"
	"testing"
	"time"
)

const recordedAt = "https://api.example.com/items"

// entryAt is a recorded request of the page's to one address.
func entryAt(at time.Duration, method string, fields ...[2]string) *harEntry {
	e := new(harEntry)
	e.Started.Time = time.Unix(1_800_000_000, 0).Add(at)
	e.Request.Method, e.Request.URL = method, recordedAt
	e.Request.Headers = append(harHeaders{{"Origin", pageOrigin}}, fields...)
	e.Response.Status = 200
	return e
}

func preflightAt(at time.Duration, method string) *harEntry {
	return entryAt(at, "OPTIONS", [2]string{"Access-Control-Request-Method", method})
}

func redirectAt(at time.Duration) *harEntry {
	e := entryAt(at, "GET")
	e.Response.Status, e.Response.Headers = 302, harHeaders{{"Location", recordedAt}}
	return e
}

// As many requests as a recording may have, all to one address, are joined in the time
// that their sorting takes: each finds its own among all that are taken already. To compare
// each with each would be 100 million comparisons for every case.
func TestManyToOneAddress(t *testing.T) {
	const pairs = MaxEntries / 2
	for _, c := range []struct {
		name  string
		begun func(i int) (preflight, request time.Duration)
	}{
		{"each with its preflight", func(i int) (time.Duration, time.Duration) { at := time.Duration(i) * time.Second; return at, at + 1 }},
		{"all at the same time", func(int) (time.Duration, time.Duration) { return 0, 0 }},
		{"all preflights before", func(i int) (time.Duration, time.Duration) { return time.Duration(i), time.Hour + time.Duration(i) }},
		{"all preflights behind", func(i int) (time.Duration, time.Duration) {
			return time.Hour + time.Duration(i), time.Duration(pairs - i)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var entries []*harEntry
			for i := range pairs {
				p, r := c.begun(i)
				entries = append(entries, preflightAt(p, "PUT"), entryAt(r, "PUT"))
			}
			calls := joined(entries)
			if len(calls) != pairs {
				t.Fatalf("%d calls", len(calls))
			}
			for i, call := range calls {
				if call.preflight == nil {
					t.Fatalf("request %d has no preflight", i)
				}
				if c.name != "all preflights before" && c.name != "all preflights behind" && call.preflight.order != call.order-1 {
					t.Fatalf("request %d has the preflight at %d", call.order, call.preflight.order)
				}
			}
		})
	}
	t.Run("each leads to the next", func(t *testing.T) {
		var entries []*harEntry
		for range MaxEntries {
			entries = append(entries, redirectAt(0))
		}
		calls := joined(entries)
		if len(calls) != 1 {
			t.Fatalf("%d calls", len(calls))
		}
		n := 0
		for c := calls[0]; c != nil; c = c.next {
			n++
		}
		if n != MaxEntries {
			t.Errorf("%d are in a row", n)
		}
	})
}

// The requests that are found are those that looking at each of them would find.
func TestJoinFindsTheNearest(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 300 {
		var entries []*harEntry
		for range 1 + random.IntN(24) {
			at := time.Duration(random.IntN(9)) * time.Second
			method := []string{"PUT", "DELETE"}[random.IntN(2)]
			switch random.IntN(3) {
			case 0:
				entries = append(entries, preflightAt(at, method))
			case 1:
				entries = append(entries, entryAt(at, method))
			default:
				entries = append(entries, redirectAt(at))
			}
		}
		want := plainlyJoined(entries)
		for _, c := range joined(entries) {
			for ; c != nil; c = c.next {
				got := [2]int{-1, -1}
				if c.preflight != nil {
					got[0] = c.preflight.order
				}
				if c.next != nil {
					got[1] = c.next.order
				}
				if got != want[c.order] {
					t.Fatalf("round %d: entry %d has the preflight and target %v, want %v", round, c.order, got, want[c.order])
				}
				delete(want, c.order)
			}
		}
		if len(want) > 0 {
			t.Fatalf("round %d: %v are in no row", round, want)
		}
	}
}

// plainlyJoined gives for each request the places of its preflight and of where its
// redirect leads, -1 for none, by looking at all of them.
func plainlyJoined(entries []*harEntry) map[int][2]int {
	found := map[int][2]int{}
	for i, e := range entries {
		if e.Request.Method != "OPTIONS" {
			found[i] = [2]int{-1, -1}
		}
	}
	for i, p := range entries {
		nearest := -1
		for j, c := range entries {
			pair, isCall := found[j]
			if p.Request.Method != "OPTIONS" || !isCall || pair[0] >= 0 || c.Request.Method != p.asks("access-control-request-method") {
				continue
			}
			apart := func(j int) time.Duration { return p.Started.Sub(entries[j].Started.Time).Abs() }
			if nearest < 0 || apart(j) < apart(nearest) {
				nearest = j
			}
		}
		if nearest >= 0 {
			found[nearest] = [2]int{i, -1}
		}
	}
	claimed := map[int]bool{}
	for i, c := range entries {
		if c.Response.Status != 302 {
			continue
		}
		next := -1
		for j, n := range entries {
			_, isCall := found[j]
			apart := n.Started.Sub(c.Started.Time)
			if !isCall || claimed[j] || apart < 0 || apart == 0 && j <= i {
				continue
			}
			if next < 0 || n.Started.Before(entries[next].Started.Time) {
				next = j
			}
		}
		if next >= 0 {
			claimed[next] = true
			found[i] = [2]int{found[i][0], next}
		}
	}
	return found
}
