package inspect

import (
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// A Rollup is what was counted and is to be added to what others have counted, or what
// was added up so far.
type Rollup struct {
	Traffic []TrafficCount
	Days    []OriginDay
	Refused []RefusedOrigin
}

// IsEmpty reports whether there is nothing in it.
func (r *Rollup) IsEmpty() bool { return len(r.Traffic)+len(r.Days)+len(r.Refused) == 0 }

// A TrafficCount is one number of one span of time.
type TrafficCount struct {
	Span  time.Duration // a minute or an hour
	Start time.Time
	Name  string // of one of Counts, or "reason:…", or "cause:…"
	Hits  int64
}

// An OriginDay is what one origin did in a day.
type OriginDay struct {
	Day    time.Time // its midnight, UTC
	Origin string
	LetIn  bool
	Hits   int64
	First  time.Time
	Last   time.Time
}

// A RefusedOrigin is an origin that was not trusted.
type RefusedOrigin struct {
	Origin    string
	Hits      int64
	Uncertain int64 // how many more there may have been
	First     time.Time
	Last      time.Time
	Reason    string
	Paths     []string
}

// The names of Counts in a TrafficCount.
var countNames = []struct {
	name string
	of   func(*Counts) *uint64
}{
	{"allowed", func(c *Counts) *uint64 { return &c.Allowed }},
	{"refused", func(c *Counts) *uint64 { return &c.Refused }},
	{"observed", func(c *Counts) *uint64 { return &c.Observed }},
	{"failed", func(c *Counts) *uint64 { return &c.Failed }},
	{"preflights", func(c *Counts) *uint64 { return &c.Preflights }},
	{"preflights-refused", func(c *Counts) *uint64 { return &c.PreflightsRefused }},
	{"unwrapped", func(c *Counts) *uint64 { return &c.Unwrapped }},
}

const (
	reasonPrefix = "reason:"
	causePrefix  = "cause:"
)

// traffic is what is pending as counts by name.
func (p *pending) traffic() (all []TrafficCount) {
	for minute, c := range p.minutes {
		all = c.appendTo(all, time.Minute, time.Unix(minute*60, 0).UTC())
	}
	for hour, t := range p.hours {
		start := time.Unix(hour*3600, 0).UTC()
		all = t.Counts.appendTo(all, time.Hour, start)
		for reason, hits := range t.reasons {
			all = append(all, TrafficCount{time.Hour, start, reasonPrefix + string(reason), int64(hits)})
		}
		for cause, hits := range t.causes {
			all = append(all, TrafficCount{time.Hour, start, causePrefix + cause, int64(*hits)})
		}
	}
	return all
}

func (c Counts) appendTo(all []TrafficCount, span time.Duration, start time.Time) []TrafficCount {
	for _, n := range countNames {
		if hits := *n.of(&c); hits > 0 {
			all = append(all, TrafficCount{span, start, n.name, int64(hits)})
		}
	}
	return all
}

// tally is the count as one of a tally's.
func (c TrafficCount) tally() (t tally) {
	hits := uint64(max(c.Hits, 0))
	if reason, ok := strings.CutPrefix(c.Name, reasonPrefix); ok {
		t.because(gate.Code(reason), hits)
		return t
	}
	if cause, ok := strings.CutPrefix(c.Name, causePrefix); ok {
		t.causedBy(cause, hits)
		return t
	}
	for _, n := range countNames {
		if n.name == c.Name {
			*n.of(&t.Counts) = hits
		}
	}
	return t
}

// replace makes the cells those of what is written down, with what is pending added. What
// is too old or in the future has no cell: it would take that of a span that can be asked
// for.
func (h *history) replace(written []TrafficCount, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.cells == nil {
		return
	}
	*h.cells = cells{}
	for _, c := range written {
		if c.Start.After(now) {
			continue
		}
		minute, hour := c.Start.Unix()/60, c.Start.Unix()/3600
		switch t := c.tally(); {
		case c.Span == time.Minute && minute > now.Unix()/60-minutesKept:
			h.cells.addMinute(minute, t.Counts)
		case c.Span == time.Hour && hour > now.Unix()/3600-hoursKept:
			h.cells.addHour(hour, t)
		}
	}
	h.cells.repeat(h.pending, now)
}
