package control

import (
	"context"
	"fmt"
)

// RemoveDomains removes entries by id, all or none.
func (s *Service) RemoveDomains(ctx context.Context, who Actor, ids []int64) (Change, error) {
	switch {
	case len(ids) == 0:
		return Change{}, refuse(CodeInvalid, "domains", "choose at least one entry to remove")
	case len(ids) > MaxEntries:
		return Change{}, refuse(CodeTooMany, "domains", fmt.Sprintf("at most %d entries can be removed at once", MaxEntries))
	}
	return change(ctx, s, func(w Writer) (Change, error) {
		gone, err := s.domains(w, ids)
		if err != nil {
			return Change{}, err
		}
		return s.replace(w, who, AuditRecord{
			Change: Change{Action: actionRemoveDomains, Summary: "removed " + named(gone)},
		}, gone, nil)
	})
}

// domains returns the entries with these ids, each once.
func (s *Service) domains(r Reader, ids []int64) ([]Domain, error) {
	seen := make(map[int64]bool, len(ids))
	list := make([]Domain, 0, len(ids))
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		d, err := s.domain(r, id)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
}

// named names a list of entries by its first one: "app.example.com and 2 more".
func named(list []Domain) string {
	switch len(list) {
	case 0:
		return "nothing"
	case 1:
		return list[0].Domain.String()
	}
	return fmt.Sprintf("%s and %d more", list[0].Domain, len(list)-1)
}
