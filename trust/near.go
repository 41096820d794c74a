package trust

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"
)

// A Difference says in what an entry differs from an origin that it does not trust.
type Difference string

// The differences, from the nearest to the furthest.
const (
	DiffersOff       Difference = "switched-off"
	DiffersExpired   Difference = "expired"
	DiffersPort      Difference = "port"
	DiffersScheme    Difference = "scheme"
	DiffersSubdomain Difference = "subdomain" // www, the apex, or the depth of a wildcard
	DiffersLookAlike Difference = "look-alike"
)

var differences = []Difference{
	DiffersOff, DiffersExpired, DiffersPort, DiffersScheme, DiffersSubdomain, DiffersLookAlike,
}

// A Near is the entry that comes nearest to trusting an origin, in what it
// differs, and a sentence that says so to a person.
type Near struct {
	Entry   *Entry
	Differs Difference
	Detail  string
}

// maxCompared is how many entries that come equally near are compared for which was
// there first; of more, those count that come first by their names.
const maxCompared = 1000

// Nearest returns the entry that comes nearest to trusting an origin that is not
// trusted, and false where none comes near; of several the one with the lowest ID. It
// is for people, not for the path of requests.
func (s *Set) Nearest(o Origin, now time.Time) (Near, bool) {
	if s.Len() == 0 || o.IsZero() {
		return Near{}, false
	}
	q := nearing{
		set: s, names: s.byName(), o: o, own: registrable(o.Host()), now: now,
		rank: rank{difference: len(differences)},
	}
	q.search()
	if q.best.Entry == nil {
		return Near{}, false
	}
	q.best.Detail = q.best.sentence(o)
	return q.best, true
}

// A nearing is the search for the nearest entry.
type nearing struct {
	set   *Set
	names *names
	o     Origin
	own   string // the origin's registrable domain
	now   time.Time
	best  Near
	rank  rank
}

// search goes from what is nearest to what is furthest, until something was found.
func (q *nearing) search() {
	host := q.o.Host()
	for name := host; name != ""; name = above(name) {
		for d := range q.names.at(name) {
			q.consider(d) // of the host itself, or a wildcard above it
		}
	}
	if q.best.Entry != nil && q.best.Differs != DiffersSubdomain {
		return
	}
	for name := host; belongsTo(name, q.own); name = above(name) {
		if q.among(q.names.below(name)) {
			return
		}
	}
	if q.best.Entry != nil {
		return
	}
	for like := range q.names.resembling(q.own) {
		q.among(q.names.of(like))
	}
	for d := range q.names.foreign.From(func(Domain) bool { return false }) {
		q.consider(d)
	}
}

// among considers entries until enough of them come near.
func (q *nearing) among(some iter.Seq[Domain]) bool {
	n := 0
	for d := range some {
		if q.consider(d) {
			n++
		}
		if n == maxCompared {
			break
		}
	}
	return n > 0
}

// consider takes an entry for the best one if it comes nearer, and reports whether it
// comes near at all.
func (q *nearing) consider(d Domain) bool {
	e := q.set.Get(d)
	differs, ok := e.differs(q.o, q.own, q.now)
	if !ok {
		return false
	}
	r := rank{slices.Index(differences, differs), -commonLabels(d.Host(), q.o.Host())}
	if r.before(q.rank) || (r == q.rank && e.before(q.best.Entry)) {
		q.best, q.rank = Near{Entry: e, Differs: differs}, r
	}
	return true
}

// above returns the name above a name, or "".
func above(name string) string {
	_, rest, _ := strings.Cut(name, ".")
	return rest
}

// A rank orders candidates: by difference, then by how much of the name they share.
type rank struct{ difference, distance int }

func (r rank) before(other rank) bool {
	if r.difference != other.difference {
		return r.difference < other.difference
	}
	return r.distance < other.distance
}

// differs says in what an entry differs from an origin, if it comes near it at
// all. own is the origin's registrable domain.
func (e *Entry) differs(o Origin, own string, now time.Time) (Difference, bool) {
	d := e.Domain
	switch {
	case d.Trusts(o) && e.Disabled:
		return DiffersOff, true
	case d.Trusts(o) && !e.Active(now):
		return DiffersExpired, true
	case !e.Active(now) || d.Trusts(o):
		return "", false
	case d.trustsHost(o) && d.trustsScheme(o):
		return DiffersPort, true
	case d.trustsHost(o):
		return DiffersScheme, true
	case belongsTo(d.Host(), own):
		return DiffersSubdomain, true
	case resembles(registrable(d.Host()), own):
		return DiffersLookAlike, true
	}
	return "", false
}

// belongsTo reports whether a name is a registrable domain or lies below it.
func belongsTo(name, registrable string) bool {
	return !isIPHost(name) && (name == registrable || strings.HasSuffix(name, "."+registrable))
}

// commonLabels counts the labels that two names share from the right.
func commonLabels(a, b string) int {
	n := 0
	for {
		i, j := strings.LastIndexByte(a, '.'), strings.LastIndexByte(b, '.')
		if a[i+1:] != b[j+1:] {
			return n
		}
		n++
		if i < 0 || j < 0 {
			return n
		}
		a, b = a[:i], b[:j]
	}
}

// sentence says to a person what differs and what would trust the origin.
func (n Near) sentence(o Origin) string {
	d := n.Entry.Domain
	name := d.Unicode()
	switch n.Differs {
	case DiffersOff:
		return fmt.Sprintf("%s would trust it, but is switched off.", name)
	case DiffersExpired:
		return fmt.Sprintf("%s would trust it, but expired on %s.", name, n.Entry.Expires.UTC().Format("2 January 2006, 15:04 UTC"))
	case DiffersPort:
		return fmt.Sprintf("%s is trusted on %s; this origin is on %s.", name, portText(d.port(), d.scheme()), portText(o.Port(), o.Scheme()))
	case DiffersScheme:
		return fmt.Sprintf("%s is trusted over %s; this page was loaded over %s.", name, schemeText(d.scheme()), o.Scheme())
	case DiffersSubdomain:
		return n.subdomainSentence(o)
	}
	return fmt.Sprintf("%s looks much like it, but is another domain. Take care: that may be meant to deceive.", name)
}

func (n Near) subdomainSentence(o Origin) string {
	d, host := n.Entry.Domain, o.Host()
	switch {
	case d.IsWildcard() && d.Host() == host:
		return fmt.Sprintf("%s trusts the names below %s, but not %s itself; add it as an entry of its own.", d.Unicode(), d.Host(), d.Host())
	case host == "www."+d.Host():
		return fmt.Sprintf("%s is trusted, with no www; add %s, too.", d.Unicode(), host)
	case d.Host() == "www."+host:
		return fmt.Sprintf("%s is trusted, with www; add %s, too.", d.Unicode(), host)
	case d.IsWildcard():
		return fmt.Sprintf("%s trusts only names below %s; this name is elsewhere.", d.Unicode(), d.Host())
	case strings.HasSuffix(host, "."+d.Host()):
		return fmt.Sprintf("%s trusts that name alone, not the names below it; add %s, or *.%s for all of them.", d.Unicode(), host, d.Host())
	}
	return fmt.Sprintf("%s is another name of the same domain; add %s.", d.Unicode(), host)
}

func portText(port, scheme string) string {
	switch {
	case port != "":
		return "port " + port
	case scheme == "":
		return "any port"
	}
	return "the default port of " + scheme
}

func schemeText(scheme string) string {
	if scheme == "" {
		return "http and https"
	}
	return scheme
}
