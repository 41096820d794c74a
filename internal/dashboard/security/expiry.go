package security

import (
	"net/url"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// The choices of when an entry expires, as forms send them.
const (
	never    = "never"
	inADay   = "24h"
	inAWeek  = "7d"
	inAMonth = "30d"
	onADate  = "date"
	asItIs   = "keep" // where an entry that has an expiry is edited
)

// day is a day without a change of clocks; expiries are in UTC.
const day = 24 * time.Hour

// An expiryField is the choice of when an entry expires, as it was sent.
type expiryField struct {
	Choice   string
	Date     string // of onADate: "2006-01-02"
	Kept     string // of asItIs, for people: "in 3 days"; "": there is none to keep
	Error    string
	Proposed bool // Choice is our proposal and not the visitor's
}

func expiryOf(form url.Values) expiryField {
	return expiryField{Choice: form.Get("expires"), Date: form.Get("expires-on")}
}

// time returns when the entry expires; the zero time is never. It trusts to the
// end of a date, in UTC.
func (e expiryField) time(now time.Time) (time.Time, error) {
	switch e.Choice {
	case "", never:
		return time.Time{}, nil
	case inADay:
		return now.Add(day), nil
	case inAWeek:
		return now.Add(7 * day), nil
	case inAMonth:
		return now.Add(30 * day), nil
	case onADate:
		return e.endOfDate(now)
	}
	return time.Time{}, expiryError("Choose when it expires from the list.", nil)
}

func (e expiryField) endOfDate(now time.Time) (time.Time, error) {
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

// fieldExpires is the field of a control.Error about an expiry.
const fieldExpires = "expires"

func expiryError(message string, cause error) error {
	return &control.Error{Code: control.CodeInvalid, Field: fieldExpires, Message: message, Cause: cause}
}
