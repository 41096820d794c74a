package history

import (
	"fmt"
	"time"
)

// A Lag is for how long at least a node went on deciding without a change that was
// acknowledged, by itself or another.
type Lag struct {
	Node   string
	Change int           // an index of Changes
	At     time.Duration // when the last decision without it began
	Lag    time.Duration // from the acknowledgement, or the last disturbance, until then; 0: nobody saw one
}

// Lags returns the lag of each acknowledged change on each node that was asked about
// anything. It is as exact as the observations are dense, and no less than it was.
func Lags(h *History) []Lag {
	o := newOrder(h)
	worst := make(map[string]map[int]Lag) // by node and change
	for _, seen := range h.Seen {
		if worst[seen.Node] == nil {
			worst[seen.Node] = make(map[int]Lag)
		}
		index, late := o.misses(seen)
		if late > worst[seen.Node][index].Lag {
			worst[seen.Node][index] = Lag{seen.Node, index, seen.Interval.Begin, late}
		}
	}
	var all []Lag
	for node, by := range worst {
		for _, index := range h.Log {
			if !h.Changes[index].Acknowledged {
				continue
			}
			lag := by[index]
			lag.Node, lag.Change = node, index
			all = append(all, lag)
		}
	}
	return all
}

// misses returns the change that an observation of its subject does not know of, and how
// long after the acknowledgement it was made; 0 where it knows all of them.
func (o *order) misses(seen Observation) (change int, late time.Duration) {
	if seen.Failed != "" {
		return 0, 0
	}
	list := o.flips[seen.Subject]
	for i := len(list) - 1; i >= 0; i-- {
		if _, knows := o.first(seen, list[i].at, o.newest(seen.Interval.End)); knows {
			break // this change, or a later one
		}
		index := o.h.Log[list[i].at-1]
		if c := o.h.Changes[index]; c.Acknowledged {
			if since := o.h.undisturbed(c.Interval.End, seen.Interval.Begin); since > late {
				change, late = index, since
			}
		}
	}
	return change, late
}

// undisturbed is how long nothing was in the way before a moment, since another; 0 where
// something is.
func (h *History) undisturbed(since, until time.Duration) time.Duration {
	for _, d := range h.Disturbed {
		if d.Begin <= until {
			since = max(since, d.End)
		}
	}
	return max(0, until-since)
}

// Overdue returns the changes that were not effective everywhere within a bound.
func Overdue(h *History, bound time.Duration) (found []Violation) {
	for _, lag := range Lags(h) {
		if lag.Lag > bound {
			found = append(found, Violation{Bounded, fmt.Sprintf("%s did not know of change %d for %v, at %v", lag.Node, lag.Change, lag.Lag, lag.At)})
		}
	}
	return found
}
