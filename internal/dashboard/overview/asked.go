package overview

import (
	"net/url"
	"strconv"
	"time"

	"github.com/crossgate/crossgate/internal/inspect"
)

// Limits of the round trip that a person may reckon with.
const (
	defaultTrip = 100 * time.Millisecond // between continents less, over mobile networks more
	maxTrip     = 10 * time.Second
)

// An asked is what the address asks for.
type asked struct {
	Range inspect.Range
	Trip  time.Duration // one round trip between a visitor and the API
}

// askedOf reads an address. What makes no sense is as if it were not there: an address
// that was kept still leads to the page.
func askedOf(query url.Values) asked {
	a := asked{Range: inspect.LastDay, Trip: defaultTrip}
	if query.Get("range") == string(inspect.LastWeek) {
		a.Range = inspect.LastWeek
	}
	ms, err := strconv.Atoi(query.Get("rtt"))
	if trip := time.Duration(ms) * time.Millisecond; err == nil && trip > 0 && trip <= maxTrip {
		a.Trip = trip
	}
	return a
}

// Milliseconds is the round trip as the form has it.
func (a asked) Milliseconds() int64 { return a.Trip.Milliseconds() }

// Week reports whether the longer range is shown.
func (a asked) Week() bool { return a.Range == inspect.LastWeek }

// Period is the range in words.
func (a asked) Period() string {
	if a.Week() {
		return "the last 7 days"
	}
	return "the last 24 hours"
}

// Over is the address of the page over another range.
func (a asked) Over(over string) string {
	query := url.Values{}
	if over == string(inspect.LastWeek) {
		query.Set("range", over)
	}
	if a.Trip != defaultTrip {
		query.Set("rtt", strconv.FormatInt(a.Milliseconds(), 10))
	}
	if len(query) == 0 {
		return Path
	}
	return Path + "?" + query.Encode()
}
