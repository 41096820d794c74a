package history

import "container/heap"

// endings are observations, the one that ended first on top.
type endings []placed

// over takes out what had ended before an interval began, and returns the one of the
// highest revision, or an even higher one that was known before.
func (e *endings) over(interval Interval, highest placed) placed {
	for len(*e) > 0 && (*e)[0].Interval.before(interval) {
		if one := heap.Pop((*heaped)(e)).(placed); one.at > highest.at {
			highest = one
		}
	}
	return highest
}

func (e *endings) push(one placed) { heap.Push((*heaped)(e), one) }

// heaped is what container/heap wants.
type heaped []placed

func (h heaped) Len() int           { return len(h) }
func (h heaped) Less(i, j int) bool { return h[i].Interval.End < h[j].Interval.End }
func (h heaped) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *heaped) Push(one any)      { *h = append(*h, one.(placed)) }
func (h *heaped) Pop() any {
	last := len(*h) - 1
	one := (*h)[last]
	*h = (*h)[:last]
	return one
}
