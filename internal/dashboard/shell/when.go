package shell

import (
	"fmt"
	"time"
)

// A When is a point in time as a person reads it. The zero When is "never".
type When struct {
	Text  string // "3 hours ago", "in 2 days", "4 March 2026"
	Exact string // "4 March 2026, 15:04 UTC"
	ISO   string // for machines: RFC 3339
}

// far is from when on a date says more than a distance.
const far = 30 * 24 * time.Hour

// NewWhen describes a time as seen from now. The zero time is the zero When.
func NewWhen(now, t time.Time) When {
	if t.IsZero() {
		return When{}
	}
	t = t.UTC()
	return When{Text: distance(now, t), Exact: t.Format("2 January 2006, 15:04 MST"), ISO: t.Format(time.RFC3339)}
}

// distance says how far t is from now, or its date where that is far.
func distance(now, t time.Time) string {
	d := t.Sub(now)
	switch {
	case d >= far || d <= -far:
		return t.Format("2 January 2006")
	case d > 0:
		return "in " + span(d)
	case -d < time.Minute:
		return "just now"
	}
	return span(-d) + " ago"
}

// span says a length of time in its largest whole unit. It rounds up to the next
// minute, so that what was set to 24 hours does not read 23.
func span(d time.Duration) string {
	d += time.Minute - 1
	switch {
	case d < time.Hour:
		return count(int(d/time.Minute), "minute")
	case d < 48*time.Hour:
		return count(int(d/time.Hour), "hour")
	}
	return count(int(d/(24*time.Hour)), "day")
}

func count(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}
