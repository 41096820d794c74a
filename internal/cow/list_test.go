package cow

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// A list that was changed in steps holds what a sorted slice holds, and what was read
// before a step stays as it was.
func TestListAgainstOracle(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var l, earlier List[int]
	var want, wantEarlier []int
	for step := range 60 {
		if step%7 == 0 {
			sameList(t, earlier, wantEarlier)
			earlier, wantEarlier = l, slices.Clone(want)
		}
		e := l.Edit(cmp.Compare[int])
		for range 1 + r.IntN(600) {
			x := r.IntN(5_000)
			i, found := slices.BinarySearch(want, x)
			if shrinking := step > 30; shrinking != (r.IntN(4) == 0) {
				if e.Remove(x); found {
					want = slices.Delete(want, i, i+1)
				}
				continue
			}
			if e.Put(x); !found {
				want = slices.Insert(want, i, x)
			}
		}
		l = e.List()
		sameList(t, l, want)
	}
	e := l.Edit(cmp.Compare[int])
	for _, x := range want {
		e.Remove(x)
	}
	if l = e.List(); l.Len() != 0 || len(l.chunks) != 0 {
		t.Errorf("an emptied list has %d entries in %d chunks", l.Len(), len(l.chunks))
	}
}

// sameList holds a list, and one that is made of the same at once, against the oracle.
func sameList(t *testing.T, got List[int], want []int) {
	t.Helper()
	anew := NewList(slices.Values(want), len(want))
	for _, l := range []List[int]{got, anew} {
		if l.Len() != len(want) || !slices.Equal(slices.Collect(l.From(func(int) bool { return false })), want) {
			t.Fatalf("%d entries, want %d", l.Len(), len(want))
		}
		for _, from := range []int{-1, 0, 17, 2_500, 4_990, 5_001} {
			i, _ := slices.BinarySearch(want, from)
			if got := slices.Collect(l.From(func(x int) bool { return x < from })); !slices.Equal(got, want[i:]) {
				t.Fatalf("from %d there are %d entries, want %d", from, len(got), len(want)-i)
			}
		}
		for _, chunk := range l.chunks {
			if len(chunk) == 0 || len(chunk) > chunkRoom {
				t.Fatalf("a chunk has %d entries", len(chunk))
			}
		}
	}
}
