package control

import (
	"errors"
	"slices"
	"sync"

	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

const (
	// maxCatchUp is how many changes are read one by one, rather than everything anew.
	maxCatchUp = 20_000
	// recentStates is how many states are kept: a transaction that began a moment ago
	// sees an earlier one than the next.
	recentStates = 4
)

// A siteState is what the gateway decides by, of one site. It is never changed, only
// replaced. What was not needed yet is nil.
type siteState struct {
	site   *Site
	list   *trust.Set
	grants *grants
	policy *sitePolicy
}

// A world is what was read of the records at one head: the sites that were asked for, or
// all of them with all that they have.
type world struct {
	head    Head
	whole   bool
	sites   sites
	tickets []byte // the sealed keys of tickets
	sealed  bool   // whether tickets were read

	before  Head    // the head that this one was made from, and
	touched []int64 // the sites that changed since; nil: any may have
}

// records keeps what was last read, and at which head: many questions, every paste and
// every snapshot are answered from the same reading. A transaction that sees another head
// reads what changed between, not everything.
type records struct {
	mu     sync.Mutex
	states []*world // the one that was used last is the first
}

// at returns the world as a transaction sees it. What it holds is not to be changed, but
// by those who hold the lock: they add what was not read yet.
func (c *records) at(r Reader) (*world, error) {
	head, err := r.Head()
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(c.states, func(w *world) bool { return w.head == head }); i >= 0 {
		return c.states[i], nil
	}
	w, err := c.caughtUp(r, head)
	if err != nil {
		return nil, err
	}
	c.states = append([]*world{w}, c.states[:min(len(c.states), recentStates-1)]...)
	return w, nil
}

// caughtUp makes the world at a head from one that is known, or an empty one. Heads that
// a transaction does not know are of another history, or of what it does not see yet.
func (c *records) caughtUp(r Reader, head Head) (*world, error) {
	for _, w := range c.states {
		changed, err := r.ChangedSince(w.head, maxCatchUp)
		if errors.Is(err, ErrNoRecord) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return w.since(r, head, changed)
	}
	return &world{head: head}, nil
}

// since reads what changed of what is held.
func (w *world) since(r Reader, head Head, changed []Subject) (*world, error) {
	next := *w
	next.head, next.before, next.touched = head, w.head, []int64{}
	for site, subjects := range bySite(changed) {
		had, ok := w.sites.get(site)
		if !ok && !w.whole {
			continue
		}
		now, err := readChanges(r, site, had, subjects)
		if err != nil {
			return nil, err
		}
		next.sites = next.sites.with(site, now)
		next.touched = append(next.touched, site)
	}
	if w.sealed && slices.ContainsFunc(changed, func(s Subject) bool { return s.Kind == SubjectTicketKeys }) {
		sealed, err := readTicketKeys(r)
		if err != nil {
			return nil, err
		}
		next.tickets, next.touched = sealed, nil
	}
	return &next, nil
}

func bySite(changed []Subject) map[int64][]Subject {
	sorted := make(map[int64][]Subject)
	for _, s := range changed {
		sorted[s.Site] = append(sorted[s.Site], s)
	}
	return sorted
}

// readChanges reads what changed of a site; nil where the site is gone.
func readChanges(r Reader, id int64, had *siteState, changed []Subject) (*siteState, error) {
	var now siteState
	whole := had == nil // a site that is new, to those who hold all
	if !whole {
		now = *had
	}
	if whole || slices.ContainsFunc(changed, ofKind(SubjectSite)) {
		site, err := r.SiteOf(id)
		if errors.Is(err, ErrNoRecord) {
			return nil, nil //nolint:nilnil // that there is none is the answer
		}
		if err != nil {
			return nil, err
		}
		now.site = &site
	}
	if whole {
		return &now, errors.Join(now.readList(r, id), now.readGrants(r, id), now.readPolicy(r, id))
	}
	return &now, errors.Join(
		now.listSince(r, id, changed),
		now.grantsSince(r, id, changed),
		now.policySince(r, id, changed),
	)
}

func ofKind(kind string) func(Subject) bool { return func(s Subject) bool { return s.Kind == kind } }

func (s *siteState) readList(r Reader, site int64) error {
	entries, err := r.Entries(site)
	if err == nil {
		s.list = trust.NewSet(entries)
	}
	return err
}

// listSince reads the entries that changed.
func (s *siteState) listSince(r Reader, site int64, changed []Subject) error {
	if s.list == nil {
		return nil
	}
	var names []string
	out := make(map[trust.Domain]bool)
	for _, subject := range changed {
		if subject.Kind != SubjectDomain {
			continue
		}
		d, err := trust.ParseDomain(subject.Name)
		if err != nil {
			return err
		}
		names, out[d] = append(names, subject.Name), true
	}
	if len(names) == 0 {
		return nil
	}
	put, err := r.EntriesNamed(site, names)
	if err != nil {
		return err
	}
	for i := range put {
		delete(out, put[i].Domain)
	}
	gone := make([]trust.Domain, 0, len(out))
	for d := range out {
		gone = append(gone, d)
	}
	s.list = s.list.With(put, gone)
	return nil
}

func (s *siteState) readGrants(r Reader, site int64) error {
	all := new(grants).edit()
	err := r.EachGrant(site, func(_ int64, d token.Digest, g *token.Grant) error {
		all.put(d, g)
		return nil
	})
	s.grants = all.done()
	return err
}

// grantsSince reads the tokens that changed. A token is never removed.
func (s *siteState) grantsSince(r Reader, site int64, changed []Subject) error {
	if s.grants == nil {
		return nil
	}
	now := s.grants.edit()
	for _, subject := range changed {
		if subject.Kind != SubjectToken {
			continue
		}
		digest, grant, err := r.Grant(site, subject.Name)
		if err != nil {
			return err
		}
		now.put(digest, grant)
	}
	s.grants = now.done()
	return nil
}

func (s *siteState) readPolicy(r Reader, site int64) error {
	p, err := readPolicy(r, site)
	s.policy = &p
	return err
}

func (s *siteState) policySince(r Reader, site int64, changed []Subject) error {
	if s.policy == nil || !slices.ContainsFunc(changed, ofKind(SubjectPolicy)) {
		return nil
	}
	return s.readPolicy(r, site)
}

// list returns the site's Trusted Domains as a transaction sees them.
func (s *Service) list(r Reader) (*trust.Set, error) {
	s.records.mu.Lock()
	defer s.records.mu.Unlock()
	w, err := s.records.at(r)
	if err != nil {
		return nil, err
	}
	had, ok := w.sites.get(s.site.ID)
	if ok && had.list != nil {
		return had.list, nil
	}
	if !ok && w.whole {
		return nil, s.gone()
	}
	now := siteState{}
	if ok {
		now = *had
	}
	if err := now.readList(r, s.site.ID); err != nil {
		return nil, err
	}
	w.sites = w.sites.with(s.site.ID, &now)
	return now.list, nil
}

// everything returns the world with all sites and all that they have.
func (c *records) everything(r Reader) (*world, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w, err := c.at(r)
	if err != nil || w.whole {
		return w, err
	}
	all, err := readWorld(r)
	if err != nil {
		return nil, err
	}
	all.head = w.head
	*w = *all
	c.states = []*world{w} // those of before share nothing with it, and may be as large
	return w, nil
}

// readWorld reads all there is, table by table.
func readWorld(r Reader) (*world, error) {
	b, err := newBuilder(r)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(b.readLists(r), b.readGrants(r), b.readPolicies(r)); err != nil {
		return nil, err
	}
	tickets, err := readTicketKeys(r)
	return &world{whole: true, sites: b.done(), tickets: tickets, sealed: true}, err
}

// A builder sorts what tables hold by site.
type builder struct {
	states map[int64]*siteState
}

func newBuilder(r Reader) (*builder, error) {
	b := &builder{states: make(map[int64]*siteState)}
	plain := sitePolicy{Policy: DefaultPolicy()}
	return b, r.EachSite(func(site Site) error {
		b.states[site.ID] = &siteState{site: &site, list: nobody, policy: &plain, grants: nothing}
		return nil
	})
}

// readLists makes the lists as their entries come: nothing else holds them meanwhile.
func (b *builder) readLists(r Reader) error {
	list, of := (*trust.Set)(nil).Edit(), int64(0)
	flush := func() {
		made := list.Set()
		if s := b.states[of]; s != nil { // of a site that was removed it is nobody's
			s.list = made
		}
		list = (*trust.Set)(nil).Edit()
	}
	type row struct {
		site  int64
		entry trust.Entry
	}
	rows := startBehind(func(x row) {
		if x.site != of {
			flush()
			of = x.site
		}
		list.Put(x.entry)
	})
	err := r.EachEntry(func(site int64, e trust.Entry) error {
		rows.add(row{site, e})
		return nil
	})
	rows.end()
	flush()
	return err
}

func (b *builder) readGrants(r Reader) error {
	all, of := new(grants).edit(), int64(0)
	flush := func() {
		made := all.done()
		if s := b.states[of]; s != nil {
			s.grants = made
		}
		all = new(grants).edit()
	}
	type row struct {
		site   int64
		digest token.Digest
		grant  *token.Grant
	}
	rows := startBehind(func(x row) {
		if x.site != of {
			flush()
			of = x.site
		}
		all.put(x.digest, x.grant)
	})
	err := r.EachGrant(0, func(site int64, d token.Digest, g *token.Grant) error {
		rows.add(row{site, d, g})
		return nil
	})
	rows.end()
	flush()
	return err
}

func (b *builder) readPolicies(r Reader) error {
	changed, err := r.SitesWithPolicy(upstreamCredential)
	if err != nil {
		return err
	}
	for _, site := range changed {
		if s := b.states[site]; s != nil {
			if err := s.readPolicy(r, site); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *builder) done() sites { return newSites(b.states) }
