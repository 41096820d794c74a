package trust

import "time"

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

// A Set is an immutable list of entries, made for matching. The zero Set and
// the nil *Set trust nothing.
type Set struct{ todo int }

// NewSet makes a set. Of entries with the same Domain the last one counts.
func NewSet(entries []Entry) *Set { panic("todo") }

// Len returns the number of entries, the inactive ones included.
func (s *Set) Len() int { panic("todo") }

// Match returns the entry that trusts an origin at a time, or nil. Where several
// do, the most specific one is returned: an exact entry before a wildcard, a
// longer wildcard before a shorter.
func (s *Set) Match(o Origin, now time.Time) *Entry { panic("todo") }

// MatchHeader is ParseOrigin and Match in one, for the path of requests: it takes
// the value of an Origin header, does not allocate, and its cost does not depend
// on the length of the list. The reason is empty where the value is a well-formed
// origin, trusted or not.
func (s *Set) MatchHeader(value string, now time.Time) (*Entry, OriginReason) { panic("todo") }

// Get returns the entry for exactly this domain, active or not, or nil.
func (s *Set) Get(d Domain) *Entry { panic("todo") }

// A Difference says in what an entry differs from an origin that it does not trust.
type Difference string

// The differences, from the nearest to the furthest.
const (
	DiffersOff       Difference = "switched-off"
	DiffersExpired   Difference = "expired"
	DiffersScheme    Difference = "scheme"
	DiffersPort      Difference = "port"
	DiffersSubdomain Difference = "subdomain" // www, the apex, or the depth of a wildcard
	DiffersLookAlike Difference = "look-alike"
)

// A Near is the entry that comes nearest to trusting an origin, in what it
// differs, and a sentence that says so to a person.
type Near struct {
	Entry   *Entry
	Differs Difference
	Detail  string
}

// Nearest returns the entry that comes nearest to trusting an origin that is not
// trusted. It may look at the whole list: it is for people, not for the path of
// requests.
func (s *Set) Nearest(o Origin, now time.Time) (Near, bool) { panic("todo") }

// LookAlikes returns, for each of the domains, the entry of the set that it is
// easily mistaken for: one edit away in the registrable domain. Index i of the
// result is nil where domains[i] resembles nothing. A domain whose own name mixes
// scripts resembles itself: see [Domain.MixesScripts].
func (s *Set) LookAlikes(domains []Domain) []*Entry { panic("todo") }
