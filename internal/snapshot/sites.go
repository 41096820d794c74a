package snapshot

import (
	"cmp"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/internal/cow"
)

// Sites is an immutable table of sites, found by id and by address. The zero value
// has none. The control plane derives the table of the next revision by [Sites.With].
type Sites struct {
	byID    cow.Map[int64, *Site]
	hosts   cow.Map[string, *host] // by authority: host, and port where it is not the scheme's own
	checked cow.Map[int64, *Site]  // those with a health check
	domains int
	tokens  int
}

// A host is what sites have of one authority.
type host struct {
	root  claim                  // what is below no prefix
	paths cow.Map[string, claim] // by prefix
	cases cow.Map[string, int]   // how many of them are alike but for their case, by the prefix in lower case
	depth int                    // the most segments that a prefix has had here; 0: there is none
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
	e := editor{from: t, domains: t.domains, tokens: t.tokens, sites: make(map[int64]*Site, len(put)+len(gone)), hosts: make(map[string]*hostEdit, len(put))}
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
func (t *Sites) Len() int { return t.byID.Len() }

// Domains returns how many Trusted Domains the sites have in all.
func (t *Sites) Domains() int { return t.domains }

// Tokens returns how many access tokens the sites have in all, the revoked ones included.
func (t *Sites) Tokens() int { return t.tokens }

// All yields each site, in no order.
func (t *Sites) All(yield func(*Site) bool) {
	for _, s := range t.byID.All() {
		if !yield(s) {
			return
		}
	}
}

// Checked yields each site that has a health check and is not disabled, in no order. It
// does not look at the others.
func (t *Sites) Checked(yield func(*Site) bool) {
	for _, s := range t.checked.All() {
		if !yield(s) {
			return
		}
	}
}

func (t *Sites) site(id int64) *Site {
	s, _ := t.byID.Get(id)
	return s
}

// An editor derives a table. It notes what becomes of the sites and hosts that change, and
// puts it in at the end.
type editor struct {
	from    Sites
	domains int
	tokens  int
	sites   map[int64]*Site // nil: taken out
	hosts   map[string]*hostEdit
}

// A hostEdit is what becomes of a host.
type hostEdit struct {
	old   *host
	root  claim
	paths map[string]claim // those that change; nil: taken out
}

func (e *editor) site(id int64) *Site {
	if s, ok := e.sites[id]; ok {
		return s
	}
	return e.from.site(id)
}

func (e *editor) remove(id int64) {
	old := e.site(id)
	if old == nil {
		return
	}
	e.sites[id] = nil
	e.count(old, -1)
	for _, a := range old.Addresses {
		e.host(a).change(a.Prefix, func(c claim) claim { return c.without(id) })
	}
}

func (e *editor) put(s *Site) {
	e.sites[s.ID] = s
	e.count(s, 1)
	for _, a := range s.Addresses {
		e.host(a).change(a.Prefix, func(c claim) claim { return c.with(s) })
	}
}

func (e *editor) count(s *Site, sign int) {
	e.tokens += sign * s.Tokens
	if s.Gate != nil {
		e.domains += sign * s.Gate.Trusted().Len()
	}
}

func (e *editor) host(a Address) *hostEdit {
	at := a.Origin.Authority()
	h, ok := e.hosts[at]
	if !ok {
		old, there := e.from.hosts.Get(at)
		if !there {
			old = new(host)
		}
		h = &hostEdit{old: old, root: old.root}
		e.hosts[at] = h
	}
	return h
}

func (h *hostEdit) change(prefix string, to func(claim) claim) {
	if prefix == "" {
		h.root = to(h.root)
		return
	}
	had, ok := h.paths[prefix]
	if !ok {
		had, _ = h.old.paths.Get(prefix)
	}
	if h.paths == nil {
		h.paths = map[string]claim{}
	}
	h.paths[prefix] = to(had)
}

// done returns what the host becomes; nil: nobody has anything of it.
func (h *hostEdit) done() *host {
	next := &host{root: h.root, depth: h.old.depth}
	edit, more := h.old.paths.Edit(), make(map[string]int, len(h.paths))
	for prefix, c := range h.paths {
		if had, _ := h.old.paths.Get(prefix); had != nil {
			more[strings.ToLower(prefix)]--
		}
		if c == nil {
			edit.Remove(prefix)
			continue
		}
		more[strings.ToLower(prefix)]++
		edit.Put(prefix, c)
		next.depth = max(next.depth, segments(prefix))
	}
	next.paths, next.cases = edit.Map(), counted(h.old.cases, more)
	switch {
	case next.paths.Len() > 0:
	case next.root == nil:
		return nil
	default:
		next.depth = 0
	}
	return next
}

// counted returns counts with some more or fewer.
func counted(old cow.Map[string, int], more map[string]int) cow.Map[string, int] {
	edit := old.Edit()
	for what, by := range more {
		before, _ := old.Get(what)
		if before+by == 0 {
			edit.Remove(what)
		} else {
			edit.Put(what, before+by)
		}
	}
	return edit.Map()
}

func (c claim) find(id int64) (int, bool) {
	return slices.BinarySearchFunc(c, id, func(s *Site, id int64) int { return cmp.Compare(s.ID, id) })
}

// with returns the claim with a site, and without returns it without one. Neither changes
// it.

func (c claim) with(s *Site) claim {
	i, found := c.find(s.ID)
	if found {
		return c // the same address in another scheme
	}
	return slices.Insert(slices.Clip(c), i, s)
}

func (c claim) without(id int64) claim {
	i, found := c.find(id)
	switch {
	case !found:
		return c
	case len(c) == 1:
		return nil
	}
	return slices.Delete(slices.Clone(c), i, i+1)
}

func (e *editor) done() Sites {
	sites, checked, hosts := e.from.byID.Edit(), e.from.checked.Edit(), e.from.hosts.Edit()
	for id, s := range e.sites {
		if s == nil {
			sites.Remove(id)
		} else {
			sites.Put(id, s)
		}
		if s == nil || s.Disabled || s.Health.Path == "" {
			checked.Remove(id)
		} else {
			checked.Put(id, s)
		}
	}
	for at, h := range e.hosts {
		if next := h.done(); next != nil {
			hosts.Put(at, next)
		} else {
			hosts.Remove(at)
		}
	}
	return Sites{byID: sites.Map(), checked: checked.Map(), hosts: hosts.Map(), domains: e.domains, tokens: e.tokens}
}
