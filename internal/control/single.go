package control

import (
	"context"
	"fmt"
	"strings"
)

// Key returns one management key by its id.
func (s *Service) Key(ctx context.Context, id string) (Key, error) {
	return view(ctx, s, func(r Reader) (Key, error) {
		k, err := r.Key(id)
		return k, orNotFound(err, fmt.Sprintf("there is no management key with the id %q; the list has the ids", shortened(id)))
	})
}

// Account returns one account by its name.
func (s *Service) Account(ctx context.Context, name string) (Account, error) {
	return view(ctx, s, func(r Reader) (Account, error) {
		a, err := account(r, strings.ToLower(strings.TrimSpace(name)))
		return a.Account, err
	})
}

// RemoveDomain removes one entry, unless it was changed since the version that was
// seen; 0: any.
func (s *Service) RemoveDomain(ctx context.Context, who Actor, id, version int64) (Change, error) {
	return change(ctx, s, func(w Writer) (Change, error) {
		d, err := s.domain(w, id)
		if err != nil {
			return Change{}, err
		}
		if version != 0 && version != d.Version {
			return Change{}, changedSince(d.Domain.String())
		}
		return s.replace(w, who, AuditRecord{
			Change: Change{Action: actionRemoveDomains, Summary: "removed " + d.Domain.String()},
		}, []Domain{d}, nil)
	})
}
