package main

import (
	"context"
	"errors"
	"flag"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

// ticketCommands are the commands of tickets, which are stateless: what there is to
// be done is done to the keys that sign them.
func ticketCommands() []command { return []command{ticketRotateCommand()} }

func ticketRotateCommand() command {
	return command{
		name: "ticket rotate", json: true, settings: config.ForData | config.ForSeal,
		summary: "Sign tickets with a new key; with --now, end all that are out",
		about: `
Servers do so by themselves each day, and nobody notices: the new key signs in a
minute, once every server has read it, and tickets signed before stay good until they
expire. --now is for an incident, or where the keys cannot be opened any more: every
ticket that is out is refused within a second, and what it opened ends.`,
		example: `
crossgate ticket rotate
crossgate ticket rotate --now`,
		verb: func() verb { return new(ticketRotate) },
	}
}

// ticketRotate is crossgate ticket rotate.
type ticketRotate struct{ now bool }

func (v *ticketRotate) flags(fs *flag.FlagSet) {
	fs.BoolVar(&v.now, "now", false, "drop the old keys at once, and with them every ticket that is out")
}

// rotatedJSON is what became of the keys, as scripts read it.
type rotatedJSON struct {
	Changed bool            `json:"changed"` // false: a new key was about to sign already
	Keys    []ticketKeyJSON `json:"keys"`    // the youngest first
}

type ticketKeyJSON struct {
	SignsFrom *time.Time `json:"signs_from"`
}

func (v *ticketRotate) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		keys, change, err := service.RotateTicketKeys(ctx, operator(), control.TicketRotation{Now: v.now})
		if sealed, ok := errors.AsType[*control.Error](err); ok && sealed.Code == control.CodeSecretSealed {
			f := cannot("open the keys of tickets", sealed.Cause)
			f.advice = "give the secret key that they were sealed with, or make new ones, which ends every ticket that is out: crossgate ticket rotate --now"
			return f
		}
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(rotatedToJSON(keys, change))
		}
		c.say("%s", v.told(keys, change))
		return nil
	})
}

func rotatedToJSON(keys control.TicketKeys, change control.Change) rotatedJSON {
	shown := rotatedJSON{Changed: change.ID != 0, Keys: make([]ticketKeyJSON, len(keys.From))}
	for i, from := range keys.From {
		shown.Keys[i].SignsFrom = jsonTime(from)
	}
	return shown
}

// told says to a person what was done.
func (v *ticketRotate) told(keys control.TicketKeys, change control.Change) string {
	from := keys.From[0].UTC().Format(time.TimeOnly) + " UTC"
	switch {
	case v.now:
		return "a new key signs tickets; all that were out have ended"
	case change.ID == 0:
		return "nothing was changed: a new key is about to sign tickets already, from " + from
	case len(keys.From) == 1:
		return "made the first key of tickets"
	}
	return "a new key signs tickets from " + from + "; those that are out stay good until they expire"
}
