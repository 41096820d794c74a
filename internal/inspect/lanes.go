package inspect

import (
	"cmp"
	"slices"
	"sync"

	"github.com/crossgate/crossgate/internal/gate"
)

// A lane is where exchanges wait to be settled: a few, in memory that the processor has
// at hand. There are several lanes, so that requests hardly ever wait for each other.
type lane struct {
	mu      sync.Mutex
	used    int
	waiting *[laneSlots]waiting
	spare   *[laneSlots]waiting // of settle, which works on it while the lane fills again
	_       [64]byte            // keeps the locks on cache lines of their own
}

// waiting is an exchange in its slot, and what it takes to settle it.
type waiting struct {
	reason gate.Code // one of the gateway's constants: it keeps nothing of a request
	place  place     // where it is kept, once it is
	behind uint64    // what a preflight and its request have in common; 0: not to be joined
	sketch uint8     // which counts its origin
	slot
}

// Where an origin is counted.
const (
	inNone uint8 = iota
	inLetIn
	inRefused
)

func newLanes(n int) []lane {
	lanes := make([]lane, n)
	for i := range lanes {
		lanes[i].waiting, lanes[i].spare = new([laneSlots]waiting), new([laneSlots]waiting)
	}
	return lanes
}

// put writes an exchange into the lane. It reports whether there is room for it, and
// whether there is for another one.
func (l *lane) put(id ID, o *Observation, j *joins) (done, more bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.used == laneSlots {
		return false, false
	}
	w := &l.waiting[l.used]
	l.used++
	w.reason, w.behind, w.sketch = o.Reason, o.behind(j), o.sketch()
	w.begin(id, o)
	o.write(&w.slot)
	return true, l.used < laneSlots
}

// take appends what waits in all lanes, as it is at one moment, in the order of the IDs.
// It stays as it is until the next call.
func take(lanes []lane, all []*waiting) []*waiting {
	for i := range lanes {
		lanes[i].mu.Lock()
	}
	for i := range lanes {
		l := &lanes[i]
		for n := range l.used {
			all = append(all, &l.waiting[n])
		}
		l.waiting, l.spare, l.used = l.spare, l.waiting, 0
		l.mu.Unlock()
	}
	byID := func(a, b *waiting) int { return cmp.Compare(a.id, b.id) }
	if !slices.IsSortedFunc(all, byID) {
		slices.SortFunc(all, byID)
	}
	return all
}
