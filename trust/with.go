package trust

import (
	"strings"

	"github.com/crossgate/crossgate/internal/cow"
)

// With returns a set that has some entries put in, each in place of the one of the
// same Domain, and the entries of other domains taken out. The set itself stays as
// it is. What is both put in and taken out is in. The cost is that of the change: a
// little is copied for each entry, whatever the length of the list.
func (s *Set) With(put []Entry, out []Domain) *Set {
	e := s.Edit()
	for _, d := range out {
		e.Remove(d)
	}
	for i := range put {
		e.Put(put[i])
	}
	return e.Set()
}

// An Edit makes one set from another, for one goroutine: it is [Set.With] for lists
// that come entry by entry. The new set costs about 100 bytes an entry that was
// put in, and nothing beside.
type Edit struct {
	exact, others, below *cow.Edit[Entry]
	names                *namesEdit
}

// Edit begins a change. The set stays as it is.
func (s *Set) Edit() *Edit {
	if s == nil {
		s = new(Set)
	}
	return &Edit{s.exact.Edit(byText), s.others.Edit(byText), s.below.Edit(byText), s.named.Load().edit()}
}

// Put puts an entry in, in place of the one of the same Domain. One of the zero Domain
// is left out.
func (e *Edit) Put(entry Entry) {
	if !entry.Domain.IsZero() {
		e.table(entry.Domain).Put(entry)
		e.names.put(entry.Domain)
	}
}

// Remove takes the entry of a domain out, and reports whether there was one.
func (e *Edit) Remove(d Domain) bool {
	if d.IsZero() || !e.table(d).Remove(Entry{Domain: d}) {
		return false
	}
	e.names.remove(d)
	return true
}

// Set ends the edit and returns what came of it.
func (e *Edit) Set() *Set {
	s := &Set{exact: e.exact.Table(), others: e.others.Table(), below: e.below.Table()}
	if n := e.names.names(); n != nil {
		s.named.Store(n)
	}
	return s
}

func (e *Edit) table(d Domain) *cow.Edit[Entry] {
	switch {
	case isBelow(d.text):
		return e.below
	case isOther(d.text):
		return e.others
	}
	return e.exact
}

// byText is how the entries of a table are told apart. A wildcard's hash is that of
// what follows its star, which is a part of the origins that it trusts.
var byText = cow.Kind[Entry]{
	Hash: func(e *Entry) uint64 {
		text := e.Domain.text
		if at := strings.IndexByte(text, '*'); at >= 0 {
			text = text[at+1:]
		}
		return cow.Hash(text)
	},
	Same: func(a, b *Entry) bool { return a.Domain == b.Domain },
}
