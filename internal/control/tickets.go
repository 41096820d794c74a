package control

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/crossgate/crossgate/token"
)

// TicketKeys is what is said of the keys that sign tickets: never the keys.
type TicketKeys struct {
	From []time.Time // when each of them begins to sign, the youngest first; none: nobody has needed them yet
}

// Signing returns since when the key that signs now does; zero: none does.
func (k TicketKeys) Signing(now time.Time) time.Time {
	for _, from := range k.From {
		if !now.Before(from) {
			return from
		}
	}
	return time.Time{}
}

// Next returns when the key that is about to sign will; zero: there is none yet.
func (k TicketKeys) Next(now time.Time) time.Time {
	if len(k.From) > 0 && now.Before(k.From[0]) {
		return k.From[0]
	}
	return time.Time{}
}

// A TicketRotation asks for a new key to sign tickets with.
type TicketRotation struct {
	// Now drops all other keys at once, which ends every ticket that is out, and what
	// tickets have opened: for an incident, or where the keys cannot be opened any more.
	// Without it the new key signs in a minute, and nobody notices.
	Now bool
}

// TicketKeys says which keys there are.
func (s *Service) TicketKeys(ctx context.Context) (TicketKeys, error) {
	sealed, err := view(ctx, s, readTicketKeys)
	if err != nil {
		return TicketKeys{}, err
	}
	keys, err := s.openTicketKeys(sealed)
	if err != nil {
		return TicketKeys{}, ticketKeysSealed(err)
	}
	return TicketKeys{keys.from()}, nil
}

func ticketKeysSealed(cause error) *Error {
	return &Error{
		Code: CodeSecretSealed,
		Message: "the keys of tickets cannot be opened, so there are no tickets: give the secret key that they were sealed with, " +
			"or make new ones, which ends every ticket that is out, with: crossgate ticket rotate --now",
		Cause: cause,
	}
}

// RotateTicketKeys has another key sign tickets. Where one is about to already,
// nothing is recorded and the Change is zero.
func (s *Service) RotateTicketKeys(ctx context.Context, who Actor, in TicketRotation) (TicketKeys, Change, error) {
	return s.rotateTicketKeys(ctx, who, in, func(keys ticketKeys, now time.Time) bool { return !keys.awaited(now) })
}

// rotateTicketKeys rotates where the keys that are there need it, which is judged
// within the transaction: of several nodes that want to at once, one does.
func (s *Service) rotateTicketKeys(ctx context.Context, who Actor, in TicketRotation, needed func(ticketKeys, time.Time) bool) (TicketKeys, Change, error) {
	var c Change
	keys, err := change(ctx, s, func(w Writer) (ticketKeys, error) {
		sealed, err := readTicketKeys(w)
		if err != nil {
			return nil, err
		}
		before, err := s.openTicketKeys(sealed)
		now := s.now()
		switch {
		case err != nil && !in.Now:
			return nil, ticketKeysSealed(err)
		case !in.Now && !needed(before, now):
			return before, nil
		}
		after := before
		if in.Now {
			after = nil
		}
		after = after.with([token.TicketKeyBytes]byte(s.random(token.TicketKeyBytes)), now)
		c, err = s.putTicketKeys(w, who, before, after, in.Now)
		return after, err
	})
	return TicketKeys{keys.from()}, c, err
}

// auditedKeys is the keys of tickets as the audit log keeps them.
type auditedKeys struct {
	SignsFrom []time.Time `json:"signs_from"`
}

// putTicketKeys writes and records the keys.
func (s *Service) putTicketKeys(w Writer, who Actor, before, after ticketKeys, ended bool) (Change, error) {
	sealed, err := s.sealTicketKeys(after)
	if err != nil {
		return Change{}, err
	}
	if err := w.PutSealedSecret(DefaultSiteID, ticketSecret, sealed, s.now()); err != nil {
		return Change{}, fmt.Errorf("writing the keys of tickets: %w", err)
	}
	summary := "tickets: a new key signs from " + after[0].From.Format(time.RFC3339)
	switch {
	case ended:
		summary = "tickets: a new key signs, and all that were out have ended"
	case before == nil:
		summary = "tickets: the first key was made"
	}
	r := AuditRecord{Change: Change{Actor: who, Action: actionRotateTickets, Summary: summary}, Site: DefaultSiteID}
	if r.Before, err = json.Marshal(auditedKeys{before.from()}); err != nil {
		return Change{}, err
	}
	if r.After, err = json.Marshal(auditedKeys{after.from()}); err != nil {
		return Change{}, err
	}
	return s.record(w, r, []Subject{{DefaultSiteID, SubjectTicketKeys, DefaultSite}})
}
