package control

import (
	"context"
	"maps"
	"slices"
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

// usageBatch is how many entries and tokens are written in one transaction: counting
// holds nobody up for long.
const usageBatch = 500

// RecordUsage adds what was seen, at whichever site, since it was last called. Entries
// and tokens that are gone are passed over. Where it fails a part may have been added.
func (s *Service) RecordUsage(ctx context.Context, u Usage) error {
	// Always in the same order: two nodes that count the same rows wait for each other
	// once, and not each for the other.
	err := addUsage(ctx, s, slices.Sorted(maps.Keys(u.Domains)), func(w Writer, id int64) error {
		return w.AddDomainUsage(id, u.Domains[id])
	})
	if err != nil {
		return err
	}
	return addUsage(ctx, s, slices.Sorted(maps.Keys(u.Tokens)), func(w Writer, id string) error {
		return w.AddTokenUsage(id, u.Tokens[id])
	})
}

func addUsage[ID any](ctx context.Context, s *Service, ids []ID, add func(Writer, ID) error) error {
	for batch := range slices.Chunk(ids, usageBatch) {
		err := s.store.Tally(ctx, func(w Writer) error {
			for _, id := range batch {
				if err := add(w, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
