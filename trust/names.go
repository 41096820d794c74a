package trust

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/internal/cow"
)

// names are the entries of a set by their hosts, read from the end: the names below a
// domain stand side by side. They are for what people ask, and made when it is first
// asked; a set that is derived from one that has them has them too.
type names struct {
	all     cow.List[Domain]
	foreign cow.List[Domain] // those with a name that is not read as it is written
}

// byName returns the set's names.
func (s *Set) byName() *names {
	s.naming.Do(func() {
		if s.named.Load() == nil {
			s.named.Store(newNames(s))
		}
	})
	return s.named.Load()
}

func newNames(s *Set) *names {
	list := make([]keyed, 0, s.Len())
	var foreign []Domain
	for e := range s.All() {
		list = append(list, keyed{domain: e.Domain})
		if e.Domain.isForeign() {
			foreign = append(foreign, e.Domain)
		}
	}
	sortFromEnd(list, 0)
	slices.SortFunc(foreign, compareNames)
	sorted := func(yield func(Domain) bool) {
		for _, k := range list {
			if !yield(k.domain) {
				return
			}
		}
	}
	return &names{
		all:     cow.NewList(sorted, len(list)),
		foreign: cow.NewList(slices.Values(foreign), len(foreign)),
	}
}

// isForeign reports whether the entry has an internationalised name.
func (d Domain) isForeign() bool { return strings.Contains(d.text, "xn--") }

// compareNames orders entries by their hosts, read from the end, and then by their text.
func compareNames(a, b Domain) int {
	return cmp.Or(compareFromEnd(a.Host(), b.Host()), strings.Compare(a.text, b.text))
}

func compareFromEnd(a, b string) int {
	for i := 1; i <= len(a) && i <= len(b); i++ {
		if x, y := a[len(a)-i], b[len(b)-i]; x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

// keyed is an entry with some of its host's last bytes, to sort a long list by.
type keyed struct {
	key    uint64
	domain Domain
}

const keyLength = 8

// sortFromEnd sorts as compareNames does, entries whose hosts have so many last bytes
// in common.
func sortFromEnd(list []keyed, common int) {
	for i := range list {
		list[i].key = keyFromEnd(list[i].domain.Host(), common)
	}
	slices.SortFunc(list, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
	for len(list) > 0 {
		key, n := list[0].key, 1
		for n < len(list) && list[n].key == key {
			n++
		}
		if same := list[:n]; n > 1 && key&0xff == 0 {
			slices.SortFunc(same, func(a, b keyed) int { return compareNames(a.domain, b.domain) })
		} else if n > 1 {
			sortFromEnd(same, common+keyLength)
		}
		list = list[n:]
	}
}

// keyFromEnd is the next bytes of a host from its end, and zeros where it has no more.
func keyFromEnd(host string, common int) (key uint64) {
	for i := range keyLength {
		key <<= 8
		if at := len(host) - 1 - common - i; at >= 0 {
			key |= uint64(host[at])
		}
	}
	return key
}

// from yields the entries from those of a host on.
func (n *names) from(host string) iter.Seq[Domain] {
	return n.all.From(func(d Domain) bool { return compareFromEnd(d.Host(), host) < 0 })
}

// at yields the entries of a host.
func (n *names) at(host string) iter.Seq[Domain] {
	return func(yield func(Domain) bool) {
		for d := range n.from(host) {
			if d.Host() != host || !yield(d) {
				return
			}
		}
	}
}

// below yields the entries of the names below a host.
func (n *names) below(host string) iter.Seq[Domain] {
	return func(yield func(Domain) bool) {
		suffix := "." + host
		for d := range n.from(suffix) {
			if !strings.HasSuffix(d.Host(), suffix) || !yield(d) {
				return
			}
		}
	}
}

// ending yields the entries of hosts that end in a text.
func (n *names) ending(text string) iter.Seq[Domain] {
	return func(yield func(Domain) bool) {
		for d := range n.from(text) {
			if !strings.HasSuffix(d.Host(), text) || !yield(d) {
				return
			}
		}
	}
}

// A namesEdit makes the names of a derived set; the nil one makes none.
type namesEdit struct{ all, foreign *cow.ListEdit[Domain] }

func (n *names) edit() *namesEdit {
	if n == nil {
		return nil
	}
	return &namesEdit{n.all.Edit(compareNames), n.foreign.Edit(compareNames)}
}

func (e *namesEdit) put(d Domain) {
	if e == nil {
		return
	}
	e.all.Put(d)
	if d.isForeign() {
		e.foreign.Put(d)
	}
}

func (e *namesEdit) remove(d Domain) {
	if e == nil {
		return
	}
	e.all.Remove(d)
	if d.isForeign() {
		e.foreign.Remove(d)
	}
}

func (e *namesEdit) names() *names {
	if e == nil {
		return nil
	}
	return &names{e.all.List(), e.foreign.List()}
}
