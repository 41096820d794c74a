package inspect

import (
	"time"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/preflight"
)

// A Range is how far back a [Series] goes.
type Range string

// The ranges.
const (
	LastDay  Range = "day"  // 24 hours, minute by minute
	LastWeek Range = "week" // 7 days, hour by hour
)

// A Series is what happened over time.
type Series struct {
	Range   Range         `json:"range"`
	Step    time.Duration `json:"step"`   // of a point, in nanoseconds
	Points  []Point       `json:"points"` // from the oldest to now, without a gap
	Total   Counts        `json:"total"`
	Reasons []ReasonCount `json:"reasons"` // of what was refused, observed and failed; most first
	Causes  []CauseCount  `json:"causes"`  // of preflights that were granted; most first
}

// A Point is one step of a series.
type Point struct {
	Start time.Time `json:"start"` // UTC
	Counts
}

// Counts are numbers of exchanges. Every exchange but a health check is counted once in
// the first five: preflights stand by themselves.
type Counts struct {
	Allowed    uint64 `json:"allowed"`
	Refused    uint64 `json:"refused"`
	Observed   uint64 `json:"observed"`
	Failed     uint64 `json:"failed"`
	Preflights uint64 `json:"preflights"`

	PreflightsRefused uint64 `json:"preflights_refused"` // of Preflights
	Unwrapped         uint64 `json:"unwrapped"`          // of Allowed: those that came without the preflight they would have had
}

// All is the number of exchanges.
func (c Counts) All() uint64 {
	return c.Allowed + c.Refused + c.Observed + c.Failed + c.Preflights
}

// A ReasonCount says how often a reason was given.
type ReasonCount struct {
	Reason gate.Code `json:"reason"`
	Hits   uint64    `json:"hits"`
}

// A Cause is what a preflight asked for that made the browser ask.
type Cause struct {
	Code preflight.Code `json:"code"`
	Name string         `json:"name"` // the header in lower case, or the method; "": one of the many that were not told apart
}

// A CauseCount says how often a cause was there. A preflight can have several.
type CauseCount struct {
	Cause
	Hits uint64 `json:"hits"`
}
