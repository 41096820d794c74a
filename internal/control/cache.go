package control

import (
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/crossgate/crossgate/trust"
)

// maxCatchUp is how many changes are read one by one, rather than everything anew.
const maxCatchUp = 10_000

// A cache keeps what was last read of the site's records, and at which head: many
// questions, every paste and every snapshot are answered from the same reading.
// What it holds is never changed, only replaced.
type cache[T any] struct {
	// all reads everything, since what changed after another reading.
	all   func(Reader) (T, error)
	since func(Reader, T, []Subject) (T, error)

	mu   sync.Mutex
	full bool
	head Head
	last T
}

// load returns what a transaction sees.
func (c *cache[T]) load(r Reader) (T, error) {
	head, err := r.Head()
	if err != nil {
		return c.last, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.full && head == c.head {
		return c.last, nil
	}
	got, err := c.read(r)
	if err == nil {
		c.last, c.head, c.full = got, head, true
	}
	return got, err
}

// read reads what changed, or everything where that cannot be known.
func (c *cache[T]) read(r Reader) (T, error) {
	if !c.full {
		return c.all(r)
	}
	changed, err := r.ChangedSince(DefaultSiteID, c.head, maxCatchUp)
	if errors.Is(err, ErrNoRecord) {
		return c.all(r)
	}
	if err != nil {
		return c.last, err
	}
	return c.since(r, c.last, changed)
}

func newListCache() cache[*trust.Set] {
	return cache[*trust.Set]{all: readList, since: listSince}
}

func readList(r Reader) (*trust.Set, error) {
	entries, err := r.Entries(DefaultSiteID)
	if err != nil {
		return nil, err
	}
	return trust.NewSet(entries), nil
}

// listSince reads the entries that changed.
func listSince(r Reader, set *trust.Set, changed []Subject) (*trust.Set, error) {
	var put []trust.Entry
	var out []trust.Domain
	for _, subject := range changed {
		if subject.Kind != SubjectDomain {
			continue
		}
		of, err := trust.ParseDomain(subject.Name)
		if err != nil {
			return nil, err
		}
		switch d, err := r.DomainOf(DefaultSiteID, of); {
		case errors.Is(err, ErrNoRecord):
			out = append(out, of)
		case err != nil:
			return nil, err
		default:
			put = append(put, trust.Entry{ID: d.ID, Domain: d.Domain, Disabled: !d.Enabled, Expires: d.ExpiresAt})
		}
	}
	if len(put)+len(out) == 0 {
		return set, nil
	}
	return set.With(put, out), nil
}

func newGrantCache() cache[grants] {
	return cache[grants]{all: readGrants, since: grantsSince}
}

func readGrants(r Reader) (grants, error) {
	found, err := r.Grants(DefaultSiteID)
	return grants(found), err
}

// grantsSince reads the tokens that changed. A token is never removed.
func grantsSince(r Reader, had grants, changed []Subject) (grants, error) {
	if !slices.ContainsFunc(changed, func(s Subject) bool { return s.Kind == SubjectToken }) {
		return had, nil
	}
	now := maps.Clone(had) // which others decide by
	for _, subject := range changed {
		if subject.Kind != SubjectToken {
			continue
		}
		digest, grant, err := r.Grant(DefaultSiteID, subject.Name)
		if err != nil {
			return nil, err
		}
		now[digest] = grant
	}
	return now, nil
}
