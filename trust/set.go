package trust

import (
	"cmp"
	"slices"
	"strings"
	"time"
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

// trusts is the definition of matching, for one entry.
func (e *Entry) trusts(o Origin, now time.Time) bool {
	return e.Active(now) && e.Domain.Trusts(o)
}

// A Set is an immutable list of entries, made for matching. The zero Set and the
// nil *Set trust nothing.
//
// Three tables answer: origins by their whole text, which is one look-up for
// nearly all entries; loopback hosts, whose entries leave scheme and port open;
// and the hosts of wildcards, which are asked for each name above the origin's.
type Set struct {
	entries []Entry
	exact   map[string]*Entry
	hosts   map[string][]*Entry // entries that leave something open, by host
	below   map[string][]*Entry // wildcards, by the host that they are below
}

// NewSet makes a set. Of entries with the same Domain the last one counts, and
// zero Domains are left out.
func NewSet(entries []Entry) *Set {
	s := &Set{entries: lastOfEach(entries)}
	s.exact = make(map[string]*Entry, len(s.entries))
	s.hosts = make(map[string][]*Entry)
	s.below = make(map[string][]*Entry)
	for i := range s.entries {
		s.index(&s.entries[i])
	}
	for _, table := range []map[string][]*Entry{s.hosts, s.below} {
		for _, list := range table {
			slices.SortFunc(list, compareSpecificity)
		}
	}
	return s
}

func (s *Set) index(e *Entry) {
	d := e.Domain
	switch {
	case d.wildcard:
		s.below[d.host] = append(s.below[d.host], e)
	case d.scheme == "":
		s.hosts[d.host] = append(s.hosts[d.host], e)
	default:
		s.exact[d.exact()] = e
	}
}

// lastOfEach drops all but the last entry of each Domain, and zero Domains.
func lastOfEach(entries []Entry) []Entry {
	last := make(map[Domain]int, len(entries))
	for i := range entries {
		last[entries[i].Domain] = i
	}
	kept := make([]Entry, 0, len(last))
	for i := range entries {
		if d := entries[i].Domain; last[d] == i && !d.IsZero() {
			kept = append(kept, entries[i])
		}
	}
	return kept
}

// compareSpecificity puts entries that say more first: a scheme, then a port.
func compareSpecificity(a, b *Entry) int {
	return cmp.Or(
		cmp.Compare(b.Domain.scheme, a.Domain.scheme),
		cmp.Compare(b.Domain.port, a.Domain.port),
	)
}

// Len returns the number of entries, the inactive ones included.
func (s *Set) Len() int {
	if s == nil {
		return 0
	}
	return len(s.entries)
}

// Get returns the entry for exactly this domain, active or not, or nil.
func (s *Set) Get(d Domain) *Entry {
	if s == nil || d.IsZero() {
		return nil
	}
	list := s.hosts[d.host]
	switch {
	case d.wildcard:
		list = s.below[d.host]
	case d.scheme != "":
		return s.exact[d.exact()]
	}
	for _, e := range list {
		if e.Domain == d {
			return e
		}
	}
	return nil
}

// Match returns the entry that trusts an origin at a time, or nil. Where several
// do, the most specific one is returned: an exact entry before a wildcard, a
// longer wildcard before a shorter.
func (s *Set) Match(o Origin, now time.Time) *Entry {
	if s == nil || o.IsZero() {
		return nil
	}
	if e := s.exact[o.text]; e != nil && e.Active(now) {
		return e
	}
	return s.matchOpen(o, now)
}

// MatchHeader is [ParseOrigin] and [Set.Match] in one, for the path of requests: it
// takes the value of an Origin header, does not allocate, and its cost does not
// depend on the length of the list. The reason is empty where the value is a
// well-formed origin, trusted or not.
func (s *Set) MatchHeader(value string, now time.Time) (*Entry, OriginReason) {
	if s != nil {
		// The keys were written by the normaliser, so what equals one is well formed.
		if e := s.exact[value]; e != nil && e.Active(now) {
			return e, ""
		}
	}
	o, reason := parseOrigin(value)
	if reason != "" || s == nil {
		return nil, reason
	}
	return s.matchOpen(o, now), ""
}

// matchOpen looks for an entry that leaves something of the origin open.
func (s *Set) matchOpen(o Origin, now time.Time) *Entry {
	if len(s.hosts) > 0 {
		if e := firstTrusting(s.hosts[o.Host()], o, now); e != nil {
			return e
		}
	}
	if len(s.below) == 0 {
		return nil
	}
	for host := o.Host(); ; {
		dot := strings.IndexByte(host, '.')
		if dot < 0 {
			return nil
		}
		host = host[dot+1:]
		if e := firstTrusting(s.below[host], o, now); e != nil {
			return e
		}
	}
}

func firstTrusting(list []*Entry, o Origin, now time.Time) *Entry {
	for _, e := range list {
		if e.trusts(o, now) {
			return e
		}
	}
	return nil
}
