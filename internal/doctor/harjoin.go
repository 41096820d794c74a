package doctor

import (
	"cmp"
	"slices"
	"time"
)

// A line is recorded requests that stand in for each other, in order of time, and at the
// same time as they were written down. They are taken one by one, each search for one
// that is left being short, however many are taken already.
type line struct {
	calls []*recorded
	ahead []int // by place: itself while it is left, or a place behind it from where to look on
	back  []int // by place + 1: the same towards the beginning; 0 is none
}

func newLine(calls []*recorded) *line {
	l := &line{calls: calls, ahead: make([]int, len(calls)+1), back: make([]int, len(calls)+1)}
	slices.SortStableFunc(l.calls, earlier)
	for i := range l.ahead {
		l.ahead[i], l.back[i] = i, i
	}
	return l
}

// earlier orders requests by time and then as they were written down.
func earlier(a, b *recorded) int {
	return cmp.Or(a.Started.Compare(b.Started.Time), cmp.Compare(a.order, b.order))
}

// settle follows places to the first one that is left, and shortens the way for the next.
func settle(way []int, i int) int {
	for way[i] != i {
		way[i] = way[way[i]]
		i = way[i]
	}
	return i
}

// take takes the request at a place, and returns it.
func (l *line) take(i int) *recorded {
	l.ahead[i], l.back[i+1] = i+1, i
	return l.calls[i]
}

// from is the first place at one or behind it that is left, len(l.calls) for none.
func (l *line) from(i int) int { return settle(l.ahead, i) }

// before is the last place before one that is left, -1 for none.
func (l *line) before(i int) int { return settle(l.back, i) - 1 }

// since is the first place of a request that began at a time or later.
func (l *line) since(at time.Time) int {
	i, _ := slices.BinarySearchFunc(l.calls, at, func(c *recorded, at time.Time) int {
		return cmp.Or(c.Started.Compare(at), 1)
	})
	return i
}

// takeNearest takes the request that is nearest to a time, of several the one that was
// written down first; nil: none is left.
func (l *line) takeNearest(at time.Time) *recorded {
	start := l.since(at)
	later, sooner := l.from(start), l.before(start)
	if sooner >= 0 {
		sooner = l.from(l.since(l.calls[sooner].Started.Time)) // the first that began at that time
	}
	switch {
	case sooner < 0 && later == len(l.calls):
		return nil
	case sooner < 0 || later < len(l.calls) && nearer(at, l.calls[later], l.calls[sooner]):
		return l.take(later)
	}
	return l.take(sooner)
}

// nearer reports whether one request is nearer to a time than another.
func nearer(at time.Time, one, other *recorded) bool {
	apart := func(c *recorded) time.Duration { return at.Sub(c.Started.Time).Abs() }
	return cmp.Or(cmp.Compare(apart(one), apart(other)), cmp.Compare(one.order, other.order)) < 0
}

// takeAfter takes the first request that comes after another one; nil: none is left.
func (l *line) takeAfter(c *recorded) *recorded {
	i, found := slices.BinarySearchFunc(l.calls, c, earlier)
	if found {
		i++ // the request itself
	}
	if i = l.from(i); i == len(l.calls) {
		return nil
	}
	return l.take(i)
}
