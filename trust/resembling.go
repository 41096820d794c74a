package trust

import (
	"iter"
	"strings"
	"unicode/utf8"
)

const (
	// inNames are the characters of names.
	inNames = "abcdefghijklmnopqrstuvwxyz0123456789-._"
	// fewNames are so few that they are compared one by one.
	fewNames = 16
)

// of yields the entries whose registrable domain is a name.
func (n *names) of(name string) iter.Seq[Domain] {
	return func(yield func(Domain) bool) {
		for _, some := range []iter.Seq[Domain]{n.at(name), n.below(name)} {
			for d := range some {
				if registrable(d.Host()) == name && !yield(d) {
					return
				}
			}
		}
	}
}

// resembling yields the registrable domains of entries that a registrable domain is
// easily mistaken for, some more than once; but for those of internationalised names,
// which cannot be looked up by how they look.
func (n *names) resembling(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if name == "" || isIPHost(name) {
			return
		}
		l := lookingUp{names: n, name: name, looks: skeleton(name), yield: yield}
		_ = l.try(l.looks) && l.edits()
	}
}

// A lookingUp looks up all that a name resembles.
type lookingUp struct {
	names *names
	name  string
	looks string
	yield func(string) bool
}

// try yields a text, if it is a registrable domain that the name resembles. It reports
// whether to go on, as all methods here do.
func (l *lookingUp) try(text string) bool {
	if !l.names.mayHave(text) || registrable(text) != text || !resembles(l.name, text) {
		return true
	}
	return l.yield(text)
}

// mayHave reports whether an entry has a host or is below it. It is not sure where names
// end in the same and go on with a hyphen.
func (n *names) mayHave(host string) bool {
	for d := range n.from(host) {
		return strings.HasSuffix(d.Host(), host)
	}
	return false
}

// edits tries what is one edit away, from the last character on: as soon as few entries
// end as the rest of the name does, they are compared, and what is further ahead need not
// be tried.
func (l *lookingUp) edits() bool {
	for at := len(l.looks); at >= 0; at = previous(l.looks, at) {
		if few, goOn := l.few(l.looks[at:]); few {
			return goOn
		}
		if !l.editsAt(at) {
			return false
		}
	}
	return true
}

// previous returns where the character before a place begins; -1: there is none.
func previous(s string, at int) int {
	if at == 0 {
		return -1
	}
	_, size := utf8.DecodeLastRuneInString(s[:at])
	return at - size
}

// few compares the entries whose hosts end in a text, if they are few.
func (l *lookingUp) few(end string) (few, goOn bool) {
	var some []string
	for d := range l.names.ending(end) {
		if len(some) == fewNames {
			return false, true
		}
		some = append(some, registrable(d.Host()))
	}
	for _, name := range some {
		if resembles(l.name, name) && !l.yield(name) {
			return true, false
		}
	}
	return true, true
}

// editsAt tries the names in which something was put in before a place, or in which the
// one character before it was left out, replaced, or exchanged with the one before that.
func (l *lookingUp) editsAt(at int) bool {
	before, after := l.looks[:at], l.looks[at:]
	for i := range len(inNames) {
		if !l.try(before + inNames[i:i+1] + after) {
			return false
		}
	}
	one := previous(l.looks, at)
	if one < 0 {
		return true
	}
	before, own := l.looks[:one], l.looks[one:at]
	for i := range len(inNames) {
		if !l.try(before + inNames[i:i+1] + after) {
			return false
		}
	}
	if !l.try(before + after) {
		return false
	}
	two := previous(l.looks, one)
	return two < 0 || l.try(before[:two]+own+before[two:]+after)
}
