package control

import (
	"context"
	"time"
)

// Usage is what the gateway saw, flushed each minute. It is approximate and makes no revision.
type Usage struct {
	Domains map[int64]Seen
	Tokens  map[string]Seen
}

// Seen is how often and when last.
type Seen struct {
	Hits int64
	Last time.Time // not zero
}

// RecordUsage adds what was seen since it was last called. Entries and tokens
// that are gone are passed over.
func (s *Service) RecordUsage(ctx context.Context, u Usage) error {
	if len(u.Domains)+len(u.Tokens) == 0 {
		return nil
	}
	return s.store.Tally(ctx, func(w Writer) error {
		for id, seen := range u.Domains {
			if err := w.AddDomainUsage(s.site.ID, id, seen); err != nil {
				return err
			}
		}
		for id, seen := range u.Tokens {
			if err := w.AddTokenUsage(s.site.ID, id, seen); err != nil {
				return err
			}
		}
		return nil
	})
}
