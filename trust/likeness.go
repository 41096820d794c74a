package trust

import (
	"slices"
	"strings"
	"unicode"
)

// scanRatio is how many entries are read in the time in which the names that resemble
// one are looked up.
const scanRatio = 1000

// LookAlikes returns, for each of the domains, an entry of the set that it is
// easily mistaken for: one edit away in the registrable domain as a person reads
// it, where that differs; of several the one with the lowest ID. Index i of the result is
// nil where domains[i] resembles nothing. What resembles a few domains is looked up; for
// many the list is read once, and each registrable domain of either side is looked at
// once.
func (s *Set) LookAlikes(domains []Domain) []*Entry {
	found := make([]*Entry, len(domains))
	if s.Len() == 0 || len(domains) == 0 {
		return found
	}
	asked := newResemblances(domains)
	if len(asked.like) > s.Len()/scanRatio {
		asked.scan(s)
	} else {
		asked.lookUp(s)
	}
	for i, d := range domains {
		found[i] = asked.like[registrable(d.Host())]
	}
	return found
}

// scan reads the whole list.
func (r *resemblances) scan(s *Set) {
	first := make(map[string]*Entry) // of each registrable domain
	for e := range s.All() {
		if name := registrable(e.Domain.Host()); first[name] == nil || e.before(first[name]) {
			first[name] = e
		}
	}
	for name, e := range first {
		r.compare(name, e)
	}
}

// lookUp looks for what could be on the list.
func (r *resemblances) lookUp(s *Set) {
	all := s.byName()
	for name := range r.like {
		for like := range all.resembling(name) {
			n := 0
			for d := range all.of(like) {
				r.enter(name, s.Get(d))
				if n++; n == maxCompared {
					break
				}
			}
		}
	}
	for d := range all.foreign.From(func(Domain) bool { return false }) {
		r.compare(registrable(d.Host()), s.Get(d))
	}
}

// enter takes an entry for what a name resembles, unless another one was there first.
func (r *resemblances) enter(name string, e *Entry) {
	if have := r.like[name]; have == nil || e.before(have) {
		r.like[name] = e
	}
}

// resemblances are the names that are asked about, and what each one resembles.
type resemblances struct {
	near map[uint64][]string // names by the keys of their neighbourhoods
	like map[string]*Entry   // by name: the entry, or nil where none was found yet
	keys []uint64            // of the name that is looked at
}

func newResemblances(domains []Domain) *resemblances {
	r := &resemblances{near: make(map[uint64][]string), like: make(map[string]*Entry)}
	for _, d := range domains {
		name := registrable(d.Host())
		if _, known := r.like[name]; known {
			continue
		}
		r.like[name] = nil
		for _, key := range r.neighbourhood(name) {
			r.near[key] = append(r.near[key], name)
		}
	}
	return r
}

// compare enters e for each name that resembles own, its registrable domain. Two names one edit apart share a key of their
// neighbourhoods, so only those few are compared in full.
func (r *resemblances) compare(own string, e *Entry) {
	for _, key := range r.neighbourhood(own) {
		for _, name := range r.near[key] {
			if resembles(name, own) {
				r.enter(name, e)
			}
		}
	}
}

// neighbourhood returns the keys of a name as it looks. They are good until the next
// call.
func (r *resemblances) neighbourhood(name string) []uint64 {
	r.keys = appendNeighbourhood(r.keys[:0], skeleton(name))
	return r.keys
}

// appendNeighbourhood appends hashes of s and of every string that is s without one
// character.
//
// The hash is a polynomial in the characters, so that what is left without one of
// them follows from the whole: nothing is made for each, however long the list.
func appendNeighbourhood(keys []uint64, s string) []uint64 {
	whole, power := uint64(0), uint64(1) // power is hashBase to the number of characters
	for _, r := range s {
		whole = whole*hashBase + uint64(r)
		power *= hashBase
	}
	keys = append(keys, whole)
	before := uint64(0) // the hash of what stands before r
	for _, r := range s {
		after := whole - before*power // of r and what stands after it
		power *= inverseHashBase
		after -= uint64(r) * power
		keys = append(keys, before*power+after)
		before = before*hashBase + uint64(r)
	}
	return keys
}

// hashBase is odd, and so has an inverse modulo 2^64.
const (
	hashBase        uint64 = 0x9E3779B97F4A7C15
	inverseHashBase uint64 = 0xF1DE83E19937733D
)

// resembles reports whether two registrable domains that differ read alike: they
// have the same skeleton, or skeletons one edit apart.
func resembles(a, b string) bool {
	if a == b || isIPHost(a) || isIPHost(b) {
		return false
	}
	a, b = skeleton(a), skeleton(b)
	return a == b || oneEditApart([]rune(a), []rune(b))
}

// oneEditApart reports whether one insertion, deletion, substitution or exchange of
// neighbours turns a into b.
func oneEditApart(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return len(a)+1 == len(b) && slices.Equal(a[i:], b[i+1:])
	}
	if i == len(a) {
		return false
	}
	if slices.Equal(a[i+1:], b[i+1:]) {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && slices.Equal(a[i+2:], b[i+2:])
}

// skeleton is a name as it looks: in Unicode, with the letters of other alphabets
// that are drawn like Latin ones replaced by those (after UTS 39, section 4, for
// the letters that are used in domains).
func skeleton(host string) string {
	if !strings.Contains(host, "xn--") {
		return host
	}
	return strings.Map(func(r rune) rune {
		if latin, ok := drawnLike[r]; ok {
			return latin
		}
		return r
	}, unicodeHost(host))
}

var drawnLike = map[rune]rune{
	'а': 'a', 'е': 'e', 'о': 'o', 'р': 'p', 'с': 'c', 'у': 'y', 'х': 'x', 'ѕ': 's', 'і': 'i', 'ј': 'j',
	'һ': 'h', 'ԁ': 'd', 'ԛ': 'q', 'ԝ': 'w', 'ӏ': 'l', 'ь': 'b', 'в': 'b', 'к': 'k', 'м': 'm', 'н': 'h', 'т': 't', 'г': 'r', 'ѵ': 'v',
	'α': 'a', 'ο': 'o', 'ρ': 'p', 'ν': 'v', 'ι': 'i', 'κ': 'k', 'υ': 'u', 'χ': 'x', 'τ': 't', 'ε': 'e', 'η': 'n',
	'ı': 'i', 'ɑ': 'a', 'ɡ': 'g', 'ⅼ': 'l', 'օ': 'o', 'ս': 'u', 'հ': 'h', 'ց': 'g',
}

// MixesScripts reports whether a label of the name mixes writing systems, which
// is how look-alikes of well-known names are made. The mixtures that languages
// need are none (UTS 39, section 5.2, "highly restrictive").
func (d Domain) MixesScripts() bool {
	if !strings.Contains(d.text, "xn--") {
		return false
	}
	return slices.ContainsFunc(strings.Split(unicodeHost(d.Host()), "."), mixesScripts)
}

// writtenTogether are the scripts that one language is written in.
var writtenTogether = [][]string{
	{"Latin", "Han", "Hiragana", "Katakana"},
	{"Latin", "Han", "Bopomofo"},
	{"Latin", "Han", "Hangul"},
}

func mixesScripts(label string) bool {
	var scripts []string
	for _, r := range label {
		name := scriptOf(r)
		if name != "" && !slices.Contains(scripts, name) {
			scripts = append(scripts, name)
		}
	}
	if len(scripts) < 2 {
		return false
	}
	return !slices.ContainsFunc(writtenTogether, func(language []string) bool {
		return !slices.ContainsFunc(scripts, func(s string) bool { return !slices.Contains(language, s) })
	})
}

// scriptOf returns the Unicode name of a letter's script, or "" for what all
// scripts share, such as digits.
func scriptOf(r rune) string {
	for name, table := range unicode.Scripts {
		if name != "Common" && name != "Inherited" && unicode.Is(table, r) {
			return name
		}
	}
	return ""
}
