package history

import (
	"sort"
	"time"
)

// A revision counts the changes that were made before, and with, it: 0 is the start.
type revision int

// order is the history of the records: what each revision lets in, and when it can have
// been the newest.
type order struct {
	h     *History
	flips map[string][]flip // by subject, in order
	begun []time.Duration   // by revision: the earliest that it can have been seen
	of    map[int]revision  // by index of the change
	own   map[string][]acknowledgement
}

// A flip is a revision from which on a subject is let in, or is not.
type flip struct {
	at      revision
	allowed bool
}

// An acknowledgement says from when on a node is to be at a revision.
type acknowledgement struct {
	from time.Duration
	at   revision
}

func newOrder(h *History) *order {
	o := &order{
		h: h, flips: make(map[string][]flip), begun: make([]time.Duration, 1, len(h.Log)+1),
		of: make(map[int]revision), own: make(map[string][]acknowledgement),
	}
	for i, index := range h.Log {
		at, c := revision(i+1), h.Changes[index]
		o.of[index] = at
		for subject, allowed := range c.Sets {
			o.flips[subject] = append(o.flips[subject], flip{at, allowed})
		}
		o.begun = append(o.begun, max(o.begun[i], c.Interval.Begin))
		if c.Acknowledged {
			o.own[c.Node] = append(o.own[c.Node], acknowledgement{c.Interval.End, at})
		}
	}
	for _, list := range o.own {
		sortAcknowledgements(list)
	}
	return o
}

// sortAcknowledgements sorts by time and makes each the highest that is known by then.
func sortAcknowledgements(list []acknowledgement) {
	sort.Slice(list, func(i, j int) bool { return list[i].from < list[j].from })
	for i := 1; i < len(list); i++ {
		list[i].at = max(list[i].at, list[i-1].at)
	}
}

// newest is the highest revision that can have been seen at a moment: all its changes
// had been asked for.
func (o *order) newest(at time.Duration) revision {
	return revision(sort.Search(len(o.begun), func(i int) bool { return o.begun[i] > at }) - 1)
}

// acknowledgedBy is the lowest revision that a node may decide by at a moment: the last
// that it had said to be done.
func (o *order) acknowledgedBy(node string, at time.Duration) revision {
	list := o.own[node]
	i := sort.Search(len(list), func(i int) bool { return list[i].from >= at })
	if i == 0 {
		return 0
	}
	return list[i-1].at
}

// last is the revision of the end.
func (o *order) last() revision { return revision(len(o.begun) - 1) }

// allows reports whether a revision lets a subject in, and since which it does or does not.
func (o *order) allows(subject string, at revision) (allowed bool, since revision) {
	list := o.flips[subject]
	i := sort.Search(len(list), func(i int) bool { return list[i].at > at })
	if i == 0 {
		return false, 0
	}
	return list[i-1].allowed, list[i-1].at
}

// first returns the first revision from one on, up to another, that decides as was seen.
func (o *order) first(seen Observation, from, most revision) (revision, bool) {
	if from > most {
		return 0, false
	}
	if allowed, _ := o.allows(seen.Subject, from); allowed == seen.Allowed {
		return from, true
	}
	list := o.flips[seen.Subject]
	for i := sort.Search(len(list), func(i int) bool { return list[i].at > from }); i < len(list); i++ {
		if list[i].at > most {
			break
		}
		if list[i].allowed == seen.Allowed {
			return list[i].at, true
		}
	}
	return 0, false
}
