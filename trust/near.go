package trust

import (
	"fmt"
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

// Nearest returns the entry that comes nearest to trusting an origin that is not
// trusted, and false where none comes near. It looks at the whole list: it is for
// people, not for the path of requests.
func (s *Set) Nearest(o Origin, now time.Time) (Near, bool) {
	if s == nil || o.IsZero() {
		return Near{}, false
	}
	best := Near{}
	bestRank := rank{difference: len(differences)}
	own := registrable(o.Host())
	for e := range s.All() {
		differs, ok := e.differs(o, own, now)
		if !ok {
			continue
		}
		r := rank{slices.Index(differences, differs), -commonLabels(e.Domain.Host(), o.Host())}
		if r.before(bestRank) || (r == bestRank && e.before(best.Entry)) {
			best, bestRank = Near{Entry: e, Differs: differs}, r
		}
	}
	if best.Entry == nil {
		return Near{}, false
	}
	best.Detail = best.sentence(o)
	return best, true
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
