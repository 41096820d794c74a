package fleet

import (
	"slices"
	"sync"
	"time"

	"github.com/crossgate/crossgate/e2e/internal/history"
)

// A recorder writes down what happens, by one clock.
type recorder struct {
	began time.Time

	mu      sync.Mutex
	seen    []history.Observation
	changes []*attempt
	broken  []history.Interval
}

// An attempt is a change that was asked for.
type attempt struct {
	history.Change
	slot  string // what it is about, and
	turn  int    // the how manieth about that
	audit int64  // its row in the audit log, where that was told; else 0
}

func newRecorder() *recorder { return &recorder{began: time.Now()} }

func (r *recorder) now() time.Duration { return time.Since(r.began) }

func (r *recorder) saw(o history.Observation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = append(r.seen, o)
}

// asked notes an attempt before it is made: it counts even where no answer comes.
func (r *recorder) asked(a *attempt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a.Interval = history.Interval{Begin: r.now(), End: -1}
	r.changes = append(r.changes, a)
}

// answered notes what became of an attempt.
func (r *recorder) answered(a *attempt, audit int64, acknowledged bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a.Interval.End, a.audit, a.Acknowledged = r.now(), audit, acknowledged
}

// disturb notes that something is in the way of the records until the end of a function.
func (r *recorder) disturb(during func()) {
	begin := r.now()
	during()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broken = append(r.broken, history.Interval{Begin: begin, End: r.now()})
}

// history returns what was recorded, with the changes in the order of the records.
func (r *recorder) history(rows []row, settled time.Duration) *history.History {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := &history.History{Seen: slices.Clone(r.seen), Settled: settled, Disturbed: r.broken}
	index := make(map[string]map[int]int) // by slot and turn
	for i, a := range r.changes {
		if index[a.slot] == nil {
			index[a.slot] = make(map[int]int)
		}
		index[a.slot][a.turn] = i
		if a.Interval.End < 0 {
			a.Interval.End = r.now()
		}
		h.Changes = append(h.Changes, a.Change)
	}
	turns := make(map[string]int)
	for _, row := range rows {
		i, ours := index[row.slot][turns[row.slot]]
		turns[row.slot]++
		switch {
		case !ours || r.changes[i].audit != 0 && r.changes[i].audit != row.audit:
			continue // of nobody who was recorded, or not the row that was acknowledged
		case !row.audited:
			h.Unaudited = append(h.Unaudited, i)
		}
		h.Log = append(h.Log, i)
	}
	return h
}
