package api

import (
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// ticketKeysJSON is what is said of the keys that sign tickets.
type ticketKeysJSON struct {
	Keys []ticketKeyJSON `json:"keys"` // the youngest first
}

type ticketKeyJSON struct {
	SignsFrom *time.Time `json:"signs_from"`
}

// rotatedJSON is the keys after a rotation.
type rotatedJSON struct {
	ticketKeysJSON
	Change *changeJSON `json:"change"` // null: a new key was about to sign already
}

func ticketKeysToJSON(k control.TicketKeys) ticketKeysJSON {
	return ticketKeysJSON{each(k.From, func(from time.Time) ticketKeyJSON { return ticketKeyJSON{jsonTime(from)} })}
}

func (a *API) showTicketKeys(c *call) (answer, error) {
	keys, err := c.control.TicketKeys(c.Context())
	return answer{body: ticketKeysToJSON(keys)}, err
}

func (a *API) rotateTicketKeys(c *call) (answer, error) {
	var in control.TicketRotation
	if c.ContentLength != 0 {
		if err := c.decode(members{"now": &in.Now}); err != nil {
			return answer{}, err
		}
	}
	keys, change, err := c.control.RotateTicketKeys(c.Context(), c.actor, in)
	return answer{body: rotatedJSON{ticketKeysToJSON(keys), changeToJSON(change)}}, err
}
