package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/crossgate/crossgate/token"
)

// How long the keys of tickets live.
const (
	TicketKeyAge   = 24 * time.Hour // a key that old gets a successor
	ticketKeyLead  = time.Minute    // all nodes know a key for so long before it signs
	ticketKeySlack = time.Minute    // the clocks of nodes may differ by so much
)

// ticketSecret is the name of the sealed secret that holds the keys.
const ticketSecret = "ticket-keys"

// sealedKey is a key as it is sealed.
type sealedKey struct {
	Secret []byte    `json:"secret"`
	From   time.Time `json:"from"`
}

// ticketKeys are keys of tickets, the youngest first.
type ticketKeys []token.TicketKey

// due reports whether a new key has to be made by now: there is none that can sign, or
// none that is young enough, or one that only a clock that was wrong can have made.
func (ks ticketKeys) due(now time.Time) bool {
	if len(ks) == 0 || !ks.sign(now) {
		return true
	}
	age := now.Sub(ks[0].From)
	return age >= TicketKeyAge || age < -ticketKeyLead-ticketKeySlack
}

// sign reports whether any of the keys may sign.
func (ks ticketKeys) sign(now time.Time) bool {
	return slices.ContainsFunc(ks, func(k token.TicketKey) bool { return !now.Before(k.From) })
}

// awaited reports whether a key is known that is about to sign.
func (ks ticketKeys) awaited(now time.Time) bool { return len(ks) > 0 && now.Before(ks[0].From) }

// with returns the keys with a new one. It signs once all nodes know it, or at once
// where no other can.
func (ks ticketKeys) with(secret [token.TicketKeyBytes]byte, now time.Time) ticketKeys {
	kept := ks.ofUse(now)
	from := now
	if kept.sign(now) {
		from = now.Add(ticketKeyLead)
	}
	return append(ticketKeys{{Secret: secret, From: from}}, kept...).sorted()
}

// ofUse leaves out the keys of which no ticket can be alive: those whose successor
// has signed for longer than a ticket lives, and those from so far ahead that only a
// clock that was wrong can have made them.
func (ks ticketKeys) ofUse(now time.Time) ticketKeys {
	var kept ticketKeys
	for _, k := range ks {
		if k.From.Sub(now) > ticketKeyLead+ticketKeySlack {
			continue
		}
		kept = append(kept, k)
		if now.Sub(k.From) > token.TicketLife+ticketKeySlack {
			break
		}
	}
	return kept
}

func (ks ticketKeys) sorted() ticketKeys {
	slices.SortStableFunc(ks, func(a, b token.TicketKey) int { return b.From.Compare(a.From) })
	return ks
}

// from returns when each of the keys begins to sign.
func (ks ticketKeys) from() []time.Time {
	times := make([]time.Time, len(ks))
	for i, k := range ks {
		times[i] = k.From
	}
	return times
}

// sealTicketKeys seals keys for the store.
func (s *Service) sealTicketKeys(ks ticketKeys) ([]byte, error) {
	if s.sealer == nil {
		return nil, refuse(CodeNoSecretKey, "", "there is no secret key to seal the keys of tickets with; give one with --secret-key-file")
	}
	plain := make([]sealedKey, len(ks))
	for i, k := range ks {
		plain[i] = sealedKey{k.Secret[:], k.From}
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return nil, err
	}
	sealed, err := s.sealer.Seal(sealedName(DefaultSiteID, ticketSecret), text)
	if err != nil {
		return nil, fmt.Errorf("sealing the keys of tickets: %w", err)
	}
	return sealed, nil
}

// openTicketKeys opens what was sealed; of nothing, that is no keys.
func (s *Service) openTicketKeys(sealed []byte) (ticketKeys, error) {
	if sealed == nil {
		return nil, nil
	}
	if s.sealer == nil {
		return nil, errors.New("there is no secret key; give the one that they were sealed with, with --secret-key-file")
	}
	text, err := s.sealer.Open(sealedName(DefaultSiteID, ticketSecret), sealed)
	if err != nil {
		return nil, err
	}
	var plain []sealedKey
	if err := json.Unmarshal(text, &plain); err != nil {
		return nil, errors.New("what is sealed is no list of keys") // the cause could repeat some of it
	}
	ks := make(ticketKeys, len(plain))
	for i, k := range plain {
		if len(k.Secret) != token.TicketKeyBytes {
			return nil, fmt.Errorf("a key has %d bytes, and this one %d", token.TicketKeyBytes, len(k.Secret))
		}
		ks[i] = token.TicketKey{Secret: [token.TicketKeyBytes]byte(k.Secret), From: k.From}
	}
	return ks.sorted(), nil
}

// readTicketKeys reads the keys as they are sealed, nil where there are none.
func readTicketKeys(r Reader) ([]byte, error) {
	sealed, err := r.SealedSecret(DefaultSiteID, ticketSecret)
	if errors.Is(err, ErrNoRecord) {
		return nil, nil
	}
	return sealed, err
}

// ticketsOf are the keys for the rules: nil where there are none, or none that can be
// opened. They are the same for all sites: a ticket is bound to the name of its own.
func (s *Service) ticketsOf(sealed []byte) *token.TicketKeys {
	keys, err := s.openTicketKeys(sealed)
	if err != nil || len(keys) == 0 {
		return nil // tendTicketKeys tells of it
	}
	return token.NewTicketKeys(keys...)
}
