package shell

import (
	"net/url"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// The choices of when something expires, as forms send them.
const (
	Never    = "never"
	InADay   = "24h"
	InAWeek  = "7d"
	InAMonth = "30d"
	OnADate  = "date"
	AsItIs   = "keep" // where something that has an expiry is edited
)

// day is a day without a change of clocks; expiries are in UTC.
const day = 24 * time.Hour

// An Expiry is the choice of when something expires, as it was sent; the template
// "expiry" shows it.
type Expiry struct {
	Choice   string
	Date     string // of OnADate: "2006-01-02"
	Kept     string // of AsItIs, for people: "in 3 days"; "": there is none to keep
	Error    string
	Proposed bool // Choice is our proposal and not the visitor's
}

// ExpiryOf reads the choice from a form.
func ExpiryOf(form url.Values) Expiry {
	return Expiry{Choice: form.Get("expires"), Date: form.Get("expires-on")}
}

// Time returns when it expires; the zero time is never. A date counts to its end,
// in UTC. The error is a [*control.Error] about [FieldExpires].
func (e Expiry) Time(now time.Time) (time.Time, error) {
	switch e.Choice {
	case "", Never:
		return time.Time{}, nil
	case InADay:
		return now.Add(day), nil
	case InAWeek:
		return now.Add(7 * day), nil
	case InAMonth:
		return now.Add(30 * day), nil
	case OnADate:
		return e.endOfDate(now)
	}
	return time.Time{}, expiryError("Choose when it expires from the list.", nil)
}

func (e Expiry) endOfDate(now time.Time) (time.Time, error) {
	date, err := time.Parse(time.DateOnly, e.Date)
	if err != nil {
		return time.Time{}, expiryError("Choose the date on which it expires.", err)
	}
	end := date.Add(day)
	if !end.After(now) {
		return time.Time{}, expiryError("That date is over. Choose today or a later one.", nil)
	}
	return end, nil
}

// FieldExpires is the field of a [control.Error] about an expiry.
const FieldExpires = "expires"

func expiryError(message string, cause error) error {
	return &control.Error{Code: control.CodeInvalid, Field: FieldExpires, Message: message, Cause: cause}
}
