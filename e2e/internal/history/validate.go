package history

import (
	"cmp"
	"fmt"
	"slices"
)

// A Violation is something that fits no story in which the promise was kept.
type Violation struct {
	Promise Promise
	Text    string
}

func (v Violation) String() string { return string(v.Promise) + ": " + v.Text }

// Validate returns what the history shows of broken promises. Nothing: all were kept, as
// far as anybody has seen.
//
// The revisions that a node can have decided by are the least that its observations allow,
// in the order of real time; where even those do not fit, none do.
func Validate(h *History) []Violation {
	found := kept(h)
	o := newOrder(h)
	byNode := make(map[string][]Observation)
	for _, seen := range h.Seen {
		byNode[seen.Node] = append(byNode[seen.Node], seen)
	}
	for _, node := range slices.Sorted(keys(byNode)) {
		found = append(found, o.follow(node, byNode[node])...)
	}
	return found
}

func keys[V any](of map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for key := range of {
			if !yield(key) {
				return
			}
		}
	}
}

// kept judges what became of the changes.
func kept(h *History) (found []Violation) {
	there := make(map[int]int)
	for _, index := range h.Log {
		there[index]++
	}
	for i, c := range h.Changes {
		switch {
		case c.Acknowledged && there[i] == 0:
			found = append(found, Violation{Durable, fmt.Sprintf("%s acknowledged change %d at %v, and the records do not have it", c.Node, i, c.Interval.End)})
		case there[i] > 1:
			found = append(found, Violation{Durable, fmt.Sprintf("change %d is in the records %d times", i, there[i])})
		}
	}
	for _, index := range h.Unaudited {
		found = append(found, Violation{Audited, fmt.Sprintf("change %d is in the records, and not in the audit log", index)})
	}
	return found
}

// A placed observation was made at this revision, or at a later one.
type placed struct {
	Observation
	at revision
}

// follow tells the story of one node.
func (o *order) follow(node string, all []Observation) (found []Violation) {
	slices.SortFunc(all, func(a, b Observation) int { return cmp.Compare(a.Interval.Begin, b.Interval.Begin) })
	var ended endings
	var before placed // the highest of those that were over when this one began
	for _, seen := range all {
		if seen.Failed != "" {
			found = append(found, Violation{FailStatic, fmt.Sprintf("%s did not decide on %s at %v: %s", node, seen.Subject, seen.Interval.Begin, seen.Failed)})
			continue
		}
		before = ended.over(seen.Interval, before)
		at, fits := o.first(seen, max(before.at, o.due(seen)), o.newest(seen.Interval.End))
		if !fits {
			found = append(found, o.misfit(seen, before))
			continue
		}
		ended.push(placed{seen, at})
	}
	return found
}

// due is the least revision that a node may decide by, whatever it has decided before.
func (o *order) due(seen Observation) revision {
	if o.h.Settled > 0 && seen.Interval.Begin > o.h.Settled {
		return o.last()
	}
	return o.acknowledgedBy(seen.Node, seen.Interval.Begin)
}

// misfit says which promise an observation breaks: the first that explains it alone.
func (o *order) misfit(seen Observation, before placed) Violation {
	newest := o.newest(seen.Interval.End)
	verdict := map[bool]string{true: "let in", false: "refused"}[seen.Allowed]
	what := fmt.Sprintf("%s %s %s between %v and %v", seen.Node, verdict, seen.Subject, seen.Interval.Begin, seen.Interval.End)
	if _, ever := o.first(seen, 0, newest); !ever {
		if seen.Allowed {
			return Violation{NeverOpen, what + ", and no revision did by then"}
		}
		return Violation{Atomic, what + ", and no revision did by then"}
	}
	if _, fits := o.first(seen, o.due(seen), newest); !fits {
		if o.h.Settled > 0 && seen.Interval.Begin > o.h.Settled {
			return Violation{Bounded, what + ", when all had settled otherwise"}
		}
		return Violation{ReadOwnWrite, what + ", after it had acknowledged that it is otherwise"}
	}
	_, since := o.allows(seen.Subject, before.at)
	_, saw := o.allows(before.Subject, before.at)
	if before.Subject != seen.Subject && since == saw {
		return Violation{Atomic, fmt.Sprintf("%s, after it had decided on %s as the same change has it", what, before.Subject)}
	}
	return Violation{Monotonic, fmt.Sprintf("%s, after a decision on %s by a later revision", what, before.Subject)}
}
