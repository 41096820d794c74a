package control

import (
	"slices"
	"testing"
	"time"

	"github.com/crossgate/crossgate/token"
)

// keysFrom are keys that begin to sign so long after a moment, the youngest first.
func keysFrom(now time.Time, after ...time.Duration) ticketKeys {
	keys := make(ticketKeys, len(after))
	for i, d := range after {
		keys[i] = token.TicketKey{Secret: [token.TicketKeyBytes]byte{byte(i + 1)}, From: now.Add(d)}
	}
	return keys
}

// A key signs for a day, and every node knows the next one before it signs.
func TestTicketKeysAreDue(t *testing.T) {
	now := time.Unix(2e9, 0).UTC()
	for _, test := range []struct {
		name string
		from []time.Duration // from when the keys sign, after now
		due  bool
	}{
		{"there is none", nil, true},
		{"a new one", []time.Duration{0}, false},
		{"a young one", []time.Duration{-TicketKeyAge + time.Second}, false},
		{"an old one", []time.Duration{-TicketKeyAge}, true},
		{"an old one whose successor is on its way", []time.Duration{time.Second, -TicketKeyAge}, false},
		{"one that cannot sign yet", []time.Duration{time.Second}, true},
		{"one of a clock that was wrong", []time.Duration{3 * time.Hour, -time.Hour}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := keysFrom(now, test.from...).due(now); got != test.due {
				t.Errorf("due: %v, want %v", got, test.due)
			}
		})
	}
}

// The old keys go where no ticket of theirs can be alive, and no sooner.
func TestTicketKeysOfUse(t *testing.T) {
	now := time.Unix(2e9, 0).UTC()
	alive := token.TicketLife + ticketKeySlack
	for _, test := range []struct {
		name       string
		from, want []time.Duration // from when the keys sign, after now
	}{
		{"none", nil, []time.Duration{0}},
		{"the one before", []time.Duration{-TicketKeyAge}, []time.Duration{ticketKeyLead, -TicketKeyAge}},
		{"two before", []time.Duration{-TicketKeyAge, -2 * TicketKeyAge}, []time.Duration{ticketKeyLead, -TicketKeyAge}},
		{
			"those whose tickets may be alive",
			[]time.Duration{-time.Second, -alive, -alive - time.Second, -TicketKeyAge},
			[]time.Duration{ticketKeyLead, -time.Second, -alive, -alive - time.Second},
		},
		{"one of a clock that was wrong", []time.Duration{time.Hour, -time.Hour}, []time.Duration{ticketKeyLead, -time.Hour}},
		{"that one alone", []time.Duration{time.Hour}, []time.Duration{0}},
		{"one that cannot sign yet", []time.Duration{time.Second}, []time.Duration{time.Second, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []time.Duration
			for _, from := range keysFrom(now, test.from...).with([token.TicketKeyBytes]byte{99}, now).from() {
				got = append(got, from.Sub(now))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("kept %v, want %v", got, test.want)
			}
		})
	}
}
