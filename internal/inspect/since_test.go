package inspect

import (
	"fmt"
	"testing"
	"time"
)

// What came after an exchange is found in both rings, the newest first, and nothing else
// of all that is remembered is looked at.
func TestSince(t *testing.T) {
	r := New(Config{Exchanges: 2000, Now: func() time.Time { return noon }})
	record := func(n int) {
		for i := range n {
			for _, o := range []Observation{call(), turnedAway()} {
				o.Path = fmt.Sprint("/", i)
				r.Record(&o)
			}
		}
	}
	none := func(*Exchange) bool { return false }
	all := func(*Exchange) bool { return true }
	same(t, len(r.At(DefaultSite).Since(0, all, 10)), 0)
	for _, before := range []int{3, 1000, 1999, 2700} { // less than there is room for, all of it, round and round
		record(before)
		last := r.last()
		same(t, len(r.At(DefaultSite).Since(last, all, 10)), 0)
		record(2)
		read := 0
		r.At(DefaultSite).Since(last, func(*Exchange) bool { read++; return false }, 10)
		same(t, read, 4)
		got := r.At(DefaultSite).Since(last, all, 3)
		if len(got) != 3 || got[0].ID != last+4 || got[1].ID != last+3 || got[2].ID != last+2 {
			t.Errorf("after %d: %+v", before, got)
		}
		if got := r.At(DefaultSite).Since(last, none, 3); got != nil {
			t.Errorf("after %d: not wanted: %+v", before, got)
		}
	}
	same(t, len(r.At(DefaultSite).Since(0, all, 9999)), 2000)
	same(t, (*Recorder)(nil).At(DefaultSite).Since(0, all, 1), []Exchange(nil))
}

// The search ends a few slots behind the last one that is new, and finds what is late
// within these.
func TestSinceEndsSoon(t *testing.T) {
	r := newRing(1000)
	for id := range ID(1000) {
		r.put([]*waiting{{slot: slot{slotHead: slotHead{id: id + 1}}}})
	}
	late := func(back uint64) int { // how many are found, where one so many slots back is new
		i := (r.next.Load() - back) % 1000
		was := r.ids[i].Swap(5000)
		defer r.ids[i].Store(was)
		return len(r.since(1000, nil))
	}
	same(t, []int{late(0), late(lateSlots - 1), late(lateSlots), late(500)}, []int{1, 1, 0, 0})
}
