package control

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/crossgate/crossgate/trust"
)

// A Domain is one Trusted Domain as it is kept.
type Domain struct {
	ID        int64
	Typed     string // as a person typed it
	Domain    trust.Domain
	Label     string
	Enabled   bool
	ExpiresAt time.Time // zero: never
	CreatedAt time.Time
	CreatedBy string
	LastSeen  time.Time // zero: never; approximate
	Hits      int64     // approximate
	Version   int64     // grows with each change: optimistic locking
}

// ListQuery narrows and pages a list.
type ListQuery struct {
	Search string // substring of domain or label, case ignored
	Offset int
	Limit  int // 0: DefaultPage; at most MaxPage
}

// Pages of lists, in rows.
const (
	DefaultPage = 50
	MaxPage     = 1000
)

// maxSearch is how much of a search is looked for, in bytes.
const maxSearch = 300

// bounded returns the query within its limits.
func (q ListQuery) bounded() ListQuery {
	if q.Limit <= 0 {
		q.Limit = DefaultPage
	}
	q.Limit = min(q.Limit, MaxPage)
	q.Offset = max(q.Offset, 0)
	q.Search = bounded(q.Search)
	return q
}

// bounded is a text to look for, within its limit and in lower case.
func bounded(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	return text[:min(len(text), maxSearch)]
}

// total returns how many rows match in all. A page that is not full says so itself,
// which spares a search that finds little its second pass.
func (q ListQuery) total(page int, count func() (int, error)) (int, error) {
	if page < q.Limit && (page > 0 || q.Offset == 0) {
		return q.Offset + page, nil
	}
	return count()
}

// Domains lists entries, the newest first, and how many match in all.
func (s *Service) Domains(ctx context.Context, q ListQuery) ([]Domain, int, error) {
	q = q.bounded()
	total := 0
	list, err := view(ctx, s, func(r Reader) (_ []Domain, err error) {
		list, err := r.Domains(s.site.ID, q)
		if err == nil {
			total, err = q.total(len(list), func() (int, error) {
				if q.Search == "" {
					return s.domainsInAll(r)
				}
				return r.CountDomains(s.site.ID, q.Search)
			})
		}
		return list, err
	})
	return list, total, err
}

// Domain returns one entry by its id.
func (s *Service) Domain(ctx context.Context, id int64) (Domain, error) {
	return view(ctx, s, func(r Reader) (Domain, error) { return s.domain(r, id) })
}

func (s *Service) domain(r Reader, id int64) (Domain, error) {
	d, err := r.Domain(s.site.ID, id)
	return d, orNotFound(err, fmt.Sprintf("entry %d is not on the list any more; load the list again", id))
}

// FindDomain returns one entry by its text, in any spelling that is normalised to it.
func (s *Service) FindDomain(ctx context.Context, entry string) (Domain, error) {
	d, err := parseEntry(entry)
	if err != nil {
		return Domain{}, err
	}
	return view(ctx, s, func(r Reader) (Domain, error) {
		got, err := r.DomainOf(s.site.ID, d)
		return got, orNotFound(err, fmt.Sprintf("%s is not on the list of Trusted Domains", d))
	})
}

// parseEntry parses one entry, with an error for people.
func parseEntry(entry string) (trust.Domain, error) {
	d, err := trust.ParseDomain(entry)
	if bad, ok := errors.AsType[*trust.DomainError](err); ok {
		return d, &Error{Code: string(bad.Reason), Message: bad.Error(), Field: "domain", Cause: bad}
	}
	return d, err
}
