package main

import (
	"errors"
	"flag"
	"strconv"
	"strings"
	"time"
)

// expiry is the value of --expires: how long from now, a day, or never.
type expiry struct {
	given bool
	never bool
	after time.Duration
	at    time.Time
}

// maxExpiry is the furthest that --expires reaches.
const maxExpiry = 100 * 365 * day

const day = 24 * time.Hour

var errExpiry = errors.New("write how long from now, as in 24h or 30d, a day, as in 2027-01-31, or never")

// flag registers --expires.
func (e *expiry) flag(fs *flag.FlagSet, meaning string) {
	fs.Func("expires", "`WHEN` "+meaning+": 24h, 30d, 2027-01-31 or never", e.set)
}

func (e *expiry) set(s string) error {
	*e = expiry{given: true}
	if s == "never" {
		e.never = true
		return nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, s); err == nil {
			e.at = at
			return nil
		}
	}
	var err error
	e.after, err = parseAfter(s)
	return err
}

// parseAfter parses a duration, in which days and weeks may stand alone: 30d, 2w.
func parseAfter(s string) (time.Duration, error) {
	for unit, length := range map[string]time.Duration{"d": day, "w": 7 * day} {
		number, ok := strings.CutSuffix(s, unit)
		if n, err := strconv.Atoi(number); ok && err == nil && n > 0 && n <= int(maxExpiry/length) {
			return time.Duration(n) * length, nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 || d > maxExpiry {
		return 0, errExpiry
	}
	return d, nil
}

// time returns when that is, seen from now; the zero time is never.
func (e *expiry) time(now time.Time) time.Time {
	if e.after > 0 {
		return now.Add(e.after)
	}
	return e.at
}
