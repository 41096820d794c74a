package trust

import (
	"iter"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/crossgate/crossgate/internal/cow"
)

// An Entry is one Trusted Domain of a list, with what the list's owner said of it.
type Entry struct {
	ID       int64 // the owner's name for it; not looked at here
	Domain   Domain
	Disabled bool      // switched off
	Expires  time.Time // trusts nothing from then on; zero: never expires
}

// Active reports whether the entry trusts anything at a time.
func (e *Entry) Active(now time.Time) bool {
	return !e.Disabled && (e.Expires.IsZero() || now.Before(e.Expires))
}

// before puts entries into the order in which people are told of them: by ID.
func (e *Entry) before(other *Entry) bool {
	if e.ID != other.ID {
		return e.ID < other.ID
	}
	return e.Domain.text < other.Domain.text
}

// A Set is an immutable list of entries, made for matching. The zero Set and the
// nil *Set trust nothing.
//
// Three tables answer, each entry being in one: https hosts by themselves, which is
// one look-up for nearly all entries; other schemes and loopback hosts, by the whole
// entry; and wildcards, which are asked for each name above the origin's. A set that
// is derived from another (see [Set.With]) shares with it what did not change.
type Set struct {
	exact  cow.Table[Entry] // one https origin each, by host and port
	others cow.Table[Entry] // other schemes, and loopback hosts
	below  cow.Table[Entry] // wildcards, by what follows their star

	naming sync.Once
	named  atomic.Pointer[names] // nil: nobody has asked yet
}

// NewSet makes a set. Of entries with the same Domain the last one counts, and
// zero Domains are left out.
func NewSet(entries []Entry) *Set { return (*Set)(nil).With(entries, nil) }

// Len returns the number of entries, the inactive ones included.
func (s *Set) Len() int {
	if s == nil {
		return 0
	}
	return s.exact.Len() + s.others.Len() + s.below.Len()
}

// All yields the entries, the inactive ones included, in an order that says nothing.
// They are not to be changed.
func (s *Set) All() iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		if s == nil {
			return
		}
		for _, table := range []*cow.Table[Entry]{&s.exact, &s.others, &s.below} {
			for e := range table.All() {
				if !yield(e) {
					return
				}
			}
		}
	}
}

// Get returns the entry for exactly this domain, active or not, or nil.
func (s *Set) Get(d Domain) *Entry {
	switch {
	case s == nil || d.IsZero():
		return nil
	case isBelow(d.text):
		before, after, _ := strings.Cut(d.text, "*")
		return s.wildcard(before, after)
	case isOther(d.text):
		return find(&s.others, d.text)
	}
	return find(&s.exact, d.text)
}

// isBelow reports whether an entry is a wildcard.
func isBelow(text string) bool { return strings.IndexByte(text, '*') >= 0 }

// isOther reports whether an entry that is no wildcard is more, or else, than one https
// origin.
func isOther(text string) bool {
	if strings.Contains(text, "://") {
		return true
	}
	host, _, _ := splitPort(text)
	return isLoopbackHost(host)
}

// find returns the entry of a text that is no wildcard's, or nil.
func find(table *cow.Table[Entry], text string) *Entry {
	if table.Len() == 0 {
		return nil
	}
	some := table.Candidates(cow.Hash(text))
	for i := range some {
		if some[i].Domain.text == text {
			return &some[i]
		}
	}
	return nil
}

// wildcard returns the entry that has this before its star and that behind it, or nil.
func (s *Set) wildcard(before, after string) *Entry {
	some := s.below.Candidates(cow.Hash(after))
	for i := range some {
		if is(some[i].Domain.text, before, after) {
			return &some[i]
		}
	}
	return nil
}

// is reports whether a text is before + "*" + after.
func is(text, before, after string) bool {
	return len(text) == len(before)+1+len(after) && text[:len(before)] == before &&
		text[len(before)] == '*' && text[len(before)+1:] == after
}

// Match returns the entry that trusts an origin at a time, or nil. Where several
// do, the most specific one is returned: an exact entry before a wildcard, a
// longer wildcard before a shorter.
func (s *Set) Match(o Origin, now time.Time) *Entry {
	if s == nil || o.IsZero() {
		return nil
	}
	if e := s.exactly(o.text); e != nil && e.Active(now) {
		return e
	}
	return s.matchOpen(o, now)
}

// MatchHeader is [ParseOrigin] and [Set.Match] in one, for the path of requests: it
// takes the value of an Origin header, does not allocate, and its cost does not
// depend on the length of the list. The reason is empty where the value is a
// well-formed origin, trusted or not.
func (s *Set) MatchHeader(value string, now time.Time) (*Entry, OriginReason) {
	if s != nil && len(value) <= MaxOriginLength {
		if e := s.exactly(value); e != nil && e.Active(now) {
			return e, ""
		}
	}
	o, reason := parseOrigin(value)
	if reason != "" || s == nil {
		return nil, reason
	}
	return s.matchOpen(o, now), ""
}

// exactly looks for the entry that is an origin and no other, but for https and a
// loopback host. The texts of entries were written by the normaliser, so what is found
// is well formed: behind https:// it has no second scheme, as it would among the others.
func (s *Set) exactly(origin string) *Entry {
	if authority, ok := strings.CutPrefix(origin, "https://"); ok {
		return find(&s.exact, authority)
	}
	if s.others.Len() > 0 && strings.Contains(origin, "://") {
		return find(&s.others, origin)
	}
	return nil
}

// matchOpen looks for what exactly did not find.
func (s *Set) matchOpen(o Origin, now time.Time) *Entry {
	if s.others.Len() == 0 && s.below.Len() == 0 {
		return nil
	}
	if o.IsLoopback() {
		return s.matchLoopback(o, now)
	}
	if s.below.Len() == 0 {
		return nil
	}
	before := ""
	if o.Scheme() != "https" {
		before = o.text[:int(o.scheme)+len("://")]
	}
	for at := nextDot(o, 0); at >= 0; at = nextDot(o, at+1) {
		if e := s.wildcard(before, o.text[at:]); e != nil && e.Active(now) {
			return e
		}
	}
	return nil
}

// nextDot returns where in an origin's text the next dot of its host is, or -1.
func nextDot(o Origin, from int) int {
	from = max(from, int(o.scheme)+len("://"))
	dot := strings.IndexByte(o.text[from:o.host], '.')
	if dot < 0 {
		return -1
	}
	return from + dot
}
