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
	// Within bounds what a search costs: it looks through so many of the newest rows, and finds
	// older ones by their whole name alone. How many match is then not counted beyond the page:
	// a total that is larger than what was read says that there are more. 0: all rows, counted.
	Within int
}

// bounding takes the limit of a search away where there are no more rows than it looks
// through anyway.
func (q ListQuery) bounding(inAll func() (int, error)) (ListQuery, error) {
	if !q.bounds() {
		return q, nil
	}
	n, err := inAll()
	if n <= q.Within {
		q.Within = 0
	}
	return q, err
}

// bounds reports whether a query is a search within limits.
func (q ListQuery) bounds() bool { return q.Within > 0 && q.Search != "" }

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
	switch {
	case q.bounds() && page == q.Limit:
		return q.Offset + page + 1, nil
	case q.bounds() && page == 0 && q.Offset > 0:
		return 0, nil // behind the last page: the first one is there
	}
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
		if q, err = q.bounding(func() (int, error) { return s.domainsInAll(r) }); err != nil {
			return nil, err
		}
		list, err := r.Domains(s.site.ID, q)
		if err == nil && q.bounds() && len(list) == 0 && q.Offset == 0 {
			list, err = s.domainNamed(r, q.Search)
		}
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

// domainNamed returns the entry that a search names as a whole, or none.
func (s *Service) domainNamed(r Reader, search string) ([]Domain, error) {
	d, err := trust.ParseDomain(search)
	if err != nil {
		return nil, nil // it is no whole name
	}
	got, err := r.DomainOf(s.site.ID, d)
	if errors.Is(err, ErrNoRecord) {
		return nil, nil
	}
	return []Domain{got}, err
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
