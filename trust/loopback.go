package trust

import (
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/cow"
)

// matchLoopback looks for the entry that trusts a page of the visitor's own machine: the
// origin itself, then what leaves the scheme open, and the same for each name above
// with a star before it.
func (s *Set) matchLoopback(o Origin, now time.Time) *Entry {
	if e := find(&s.others, o.text); e != nil && e.Active(now) {
		return e
	}
	if e := open(&s.others, "", o.Host(), o, now); e != nil {
		return e
	}
	scheme := o.text[:int(o.scheme)+len("://")]
	for at := nextDot(o, 0); at >= 0 && s.below.Len() > 0; at = nextDot(o, at+1) {
		if e := s.wildcard(scheme, o.text[at:]); e != nil && e.Active(now) {
			return e
		}
		if e := open(&s.below, "*", o.text[at:o.host], o, now); e != nil {
			return e
		}
	}
	return nil
}

// open looks for an entry without a scheme that trusts a web page: star, name and the
// origin's port, written or not, or else star and name, which stand for any port.
func open(table *cow.Table[Entry], star, name string, o Origin, now time.Time) *Entry {
	port := o.effectivePort()
	if table.Len() == 0 || (o.Scheme() != "http" && o.Scheme() != "https") {
		return nil
	}
	var room [MaxOriginLength + len(":443")]byte
	withPort := append(append(append(room[:0], name...), ':'), port...)
	for _, key := range [...][]byte{withPort, withPort[:len(name)]} {
		some := table.Candidates(cow.HashBytes(key))
		for i := range some {
			text, ok := strings.CutPrefix(some[i].Domain.text, star)
			if ok && text == string(key) && some[i].Active(now) {
				return &some[i]
			}
		}
	}
	return nil
}
