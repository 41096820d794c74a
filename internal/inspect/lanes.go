package inspect

import (
	"sync"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// A tally is what was counted in one span of time.
type tally struct {
	Counts
	reasons map[gate.Code]uint64
	// causes are counted by the name of a header, or by causeMethod and a method. To add
	// to an entry of a map would keep the string that it was found by, of a request.
	causes map[string]*uint64
}

func (c *Counts) add(more Counts) {
	c.Allowed += more.Allowed
	c.Refused += more.Refused
	c.Observed += more.Observed
	c.Failed += more.Failed
	c.Preflights += more.Preflights
	c.PreflightsRefused += more.PreflightsRefused
	c.Unwrapped += more.Unwrapped
}

func (t *tally) add(more tally) {
	t.Counts.add(more.Counts)
	for reason, hits := range more.reasons {
		t.because(reason, hits)
	}
	for cause, hits := range more.causes {
		t.causedBy(cause, *hits)
	}
}

// because counts a reason. Reasons are a closed set, so what is over the limit is none.
func (t *tally) because(reason gate.Code, hits uint64) {
	if _, known := t.reasons[reason]; !known && len(t.reasons) >= maxReasons {
		return
	}
	if t.reasons == nil {
		t.reasons = make(map[gate.Code]uint64)
	}
	t.reasons[reason] += hits
}

// causedBy counts a cause; where there are too many already, without its name.
func (t *tally) causedBy(name string, hits uint64) {
	if t.causes[name] == nil && len(t.causes) >= maxCauses {
		name = manyCauses
	}
	if n := t.causes[name]; n != nil {
		*n += hits
		return
	}
	if t.causes == nil {
		t.causes = make(map[string]*uint64)
	}
	first := hits
	t.causes[name] = &first
}

// A lane counts the exchanges of the minute, until they go into the history. There are
// several, so that requests hardly ever wait for each other.
type lane struct {
	mu     sync.Mutex
	minute int64 // since 1970
	now    tally
	_      [64]byte // keeps the locks on cache lines of their own
}

// count counts an exchange, and hands what was counted in an earlier minute to the
// history.
func (l *lane) count(at time.Time, o *Observation, outcome Outcome, h *history) {
	minute := at.Unix() / 60
	l.mu.Lock()
	defer l.mu.Unlock()
	if minute != l.minute {
		l.drain(h)
		l.minute = minute
	}
	l.now.Counts.count(o, outcome)
	switch {
	case outcome != Allowed:
		l.now.because(o.Reason, 1)
	case o.Preflight:
		o.countCauses(&l.now)
	}
}

// drain hands over what was counted so far.
func (l *lane) drain(h *history) {
	if l.now.All() == 0 {
		return
	}
	h.add(l.minute, l.now)
	clear(l.now.reasons)
	clear(l.now.causes)
	l.now.Counts = Counts{}
}

func (c *Counts) count(o *Observation, outcome Outcome) {
	if o.Preflight {
		c.Preflights++
		if outcome == Refused {
			c.PreflightsRefused++
		}
		return
	}
	switch outcome {
	case Allowed:
		c.Allowed++
		if o.Carrier != Ordinary {
			c.Unwrapped++
		}
	case Refused:
		c.Refused++
	case Observed:
		c.Observed++
	case Failed:
		c.Failed++
	}
}
