package control

import (
	"context"
	"fmt"
)

// maxVisits is how many whole lists are visited at once. Each visit holds a connection to
// the store for as long as its visitor takes, who may be a browser that reads slowly, and
// there are few: some are left for following the records.
const maxVisits = 2

// EachDomain visits every entry that matches, the newest first, all of one state of
// the list. An error of visit ends it and is returned. It waits while maxVisits others
// are under way.
func (s *Service) EachDomain(ctx context.Context, search string, visit func(Domain) error) error {
	select {
	case s.visits <- struct{}{}:
		defer func() { <-s.visits }()
	case <-ctx.Done():
		return fmt.Errorf("other lists are still being read: %w", context.Cause(ctx))
	}
	return s.store.View(ctx, func(r Reader) error { return eachDomain(r, s.site.ID, search, visit) })
}

func eachDomain(r Reader, site int64, search string, visit func(Domain) error) error {
	q := ListQuery{Search: search, Limit: MaxPage}.bounded()
	for before := int64(0); ; {
		page, err := r.DomainsBefore(site, q.Search, before, q.Limit)
		if err != nil {
			return err
		}
		for _, d := range page {
			if err := visit(d); err != nil {
				return err
			}
		}
		if len(page) < q.Limit {
			return nil
		}
		before = page[len(page)-1].ID
	}
}
