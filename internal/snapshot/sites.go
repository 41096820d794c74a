package snapshot

import (
	"cmp"
	"slices"
)

// Sites is an immutable table of sites, found by id and by address. The zero value
// has none. The control plane derives the table of the next revision by [Sites.With].
type Sites struct {
	byID    table[int64, *Site]
	hosts   table[string, *host] // by authority: host, and port where it is not the scheme's own
	checked table[int64, *Site]  // those with a health check
	domains int
	tokens  int
}

// A host is what sites have of one authority.
type host struct {
	paths table[string, claim] // by prefix; "": what is below no other one
	depth int                  // the most segments that a prefix has had here; 0: there is none
}

// A claim is who has an address: the sites, by id. Control sees to it that there is
// one; where there are more, the oldest has it, on every node alike.
type claim []*Site

// With returns the table with some sites put in, each in place of the one with its id
// if there is one, and those with other ids taken out. An id in gone that is not there
// is no mistake. The table that it is called on stays as it is, and both share what is
// the same: the work is that of the sites that are named, however many others there are.
// To build a table call it on the zero Sites with all of them at once.
func (t Sites) With(put []*Site, gone []int64) Sites {
	e := editor{sites: t.byID.edit(), checked: t.checked.edit(), hosts: t.hosts.edit(), next: t}
	for _, id := range gone {
		e.remove(id)
	}
	for _, s := range put {
		e.remove(s.ID)
		e.put(s)
	}
	return e.done()
}

// Len returns how many sites there are.
func (t Sites) Len() int { return t.byID.len() }

// Domains returns how many Trusted Domains the sites have, and tokens how many access
// tokens.
func (t Sites) Domains() int { return t.domains }

// Tokens returns how many access tokens the sites have, the revoked ones included.
func (t Sites) Tokens() int { return t.tokens }

// All calls yield for each site, in no order, until it returns false.
func (t Sites) All(yield func(*Site) bool) { t.byID.all(yield) }

// Checked calls yield for each site with a health check, in no order, until it
// returns false. It does not look at the others.
func (t Sites) Checked(yield func(*Site) bool) { t.checked.all(yield) }

func (t Sites) site(id int64) *Site {
	s, _ := t.byID.get(id)
	return s
}

// An editor derives a table.
type editor struct {
	next    Sites
	sites   *edit[int64, *Site]
	checked *edit[int64, *Site]
	hosts   *edit[string, *host]
}

func (e *editor) remove(id int64) {
	old, ok := e.sites.get(id)
	if !ok {
		return
	}
	e.sites.remove(id)
	e.checked.remove(id)
	e.count(old, -1)
	for _, a := range old.Addresses {
		e.release(a, id)
	}
}

func (e *editor) put(s *Site) {
	e.sites.put(s.ID, s)
	if s.Health.Path != "" && !s.Disabled {
		e.checked.put(s.ID, s)
	}
	e.count(s, 1)
	for _, a := range s.Addresses {
		e.claim(a, s)
	}
}

func (e *editor) count(s *Site, sign int) {
	e.next.tokens += sign * s.Tokens
	if s.Gate != nil {
		e.next.domains += sign * s.Gate.Trusted().Len()
	}
}

func (e *editor) claim(a Address, s *Site) {
	at := a.Origin.Authority()
	old, ok := e.hosts.get(at)
	if !ok {
		old = new(host)
	}
	had, _ := old.paths.get(a.Prefix)
	i, found := had.find(s.ID)
	if found {
		return // the same address in another scheme
	}
	paths := old.paths.edit()
	paths.put(a.Prefix, slices.Insert(slices.Clone(had), i, s))
	e.hosts.put(at, &host{paths: paths.done(), depth: max(old.depth, segments(a.Prefix))})
}

func (e *editor) release(a Address, id int64) {
	at := a.Origin.Authority()
	old, ok := e.hosts.get(at)
	if !ok {
		return
	}
	had, _ := old.paths.get(a.Prefix)
	i, found := had.find(id)
	if !found {
		return
	}
	paths := old.paths.edit()
	if len(had) > 1 {
		paths.put(a.Prefix, slices.Delete(slices.Clone(had), i, i+1))
	} else {
		paths.remove(a.Prefix)
	}
	left := &host{paths: paths.done(), depth: old.depth}
	switch _, root := left.paths.get(""); {
	case left.paths.len() == 0:
		e.hosts.remove(at)
		return
	case left.paths.len() == 1 && root:
		left.depth = 0
	}
	e.hosts.put(at, left)
}

func (c claim) find(id int64) (int, bool) {
	return slices.BinarySearchFunc(c, id, func(s *Site, id int64) int { return cmp.Compare(s.ID, id) })
}

func (e *editor) done() Sites {
	e.next.byID, e.next.checked, e.next.hosts = e.sites.done(), e.checked.done(), e.hosts.done()
	return e.next
}
