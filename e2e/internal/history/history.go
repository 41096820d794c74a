// Package history judges what was seen of a fleet against what Crossgate promises. A
// test records who asked which node for which change, and when; what each node decided,
// and when; and, at the end, the order in which the records have the changes. Validate
// then looks for a story in which every promise was kept:
//
//   - a change that was acknowledged is in the records, with its audit row (P3, P8);
//   - nothing is let in that no revision trusts (P2);
//   - each node decided by one revision at a time, whole (P4), never going back (P7);
//   - a node that acknowledged a change decided by it from then on (P6);
//   - who asked was answered, whatever was broken meanwhile (P1).
//
// Where there is no such story, what does not fit is a [Violation]. [Lags] tells how long
// each change took to be effective (P5). All times are of one monotonic clock; an
// interval holds the moment that counts, nobody knows where. All functions are pure.
package history

import "time"

// Promise is the name of a promise, as security documents number them.
type Promise string

// The promises that a history can show to be broken.
const (
	FailStatic   Promise = "P1" // the data plane goes on
	NeverOpen    Promise = "P2" // what no revision trusts is refused
	Durable      Promise = "P3" // what was acknowledged is kept
	Atomic       Promise = "P4" // one revision, never a mix
	Bounded      Promise = "P5" // a change is effective everywhere within a bound
	ReadOwnWrite Promise = "P6" // the node that acknowledged has applied it
	Monotonic    Promise = "P7" // never back to an earlier revision
	Audited      Promise = "P8" // no change without its audit row
)

// An Interval is when something began and when it had ended.
type Interval struct{ Begin, End time.Duration }

// before reports whether all of the interval was over before another began.
func (i Interval) before(other Interval) bool { return i.End < other.Begin }

// A Change sets subjects, origins or tokens, to be let in or refused, all at once.
type Change struct {
	Node         string          // that was asked
	Sets         map[string]bool // whether a subject is let in from then on
	Interval     Interval        // from asking to the answer
	Acknowledged bool            // the answer said that it is done; else nobody knows
}

// An Observation is one decision of a node about one subject.
type Observation struct {
	Node     string
	Subject  string
	Allowed  bool
	Interval Interval
	Failed   string // why there was no decision: a broken connection, a 502; "": there was
}

// A History is what one run has recorded. A subject is refused until a change sets it.
type History struct {
	Changes []Change
	// Log is the order of the changes in the records at the end, as indexes of Changes.
	Log []int
	// Unaudited are the changes of Log without an audit row.
	Unaudited []int
	Seen      []Observation
	// Disturbed is when the records, or a way to them, were not to be had.
	Disturbed []Interval
	// Settled is from when on every node is to decide by the last change: the records
	// were to be had again for long enough. Zero: never.
	Settled time.Duration
}
