package inspect

import "github.com/crossgate/crossgate/internal/gate"

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

// count counts an exchange.
func (t *tally) count(w *waiting) {
	outcome := outcomes[w.outcome]
	t.Counts.count(&w.slot, outcome)
	switch {
	case outcome != Allowed:
		t.because(w.reason, 1)
	case w.preflight:
		t.countCauses(&w.slot)
	}
}

// empty makes the tally count anew, in the room that it has.
func (t *tally) empty() {
	clear(t.reasons)
	clear(t.causes)
	t.Counts = Counts{}
}

func (c *Counts) count(s *slot, outcome Outcome) {
	if s.preflight {
		c.Preflights++
		if outcome == Refused {
			c.PreflightsRefused++
		}
		return
	}
	switch outcome {
	case Allowed:
		c.Allowed++
		if carriers[s.carrier] != Ordinary {
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
