package gateway

import (
	"math/rand/v2"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/crossgate/crossgate/internal/snapshot"
)

// A pool is the upstreams of a site that has several.
type pool struct {
	members []*member
	budget  *budget
}

// A choice is a set of a pool's upstreams, by index.
type choice uint32

// pick returns the one with fewer requests of two random upstreams that are well and not
// among the tried ones, or nil where there is none.
func (p *pool) pick(now time.Time, tried choice) (*member, choice) {
	for {
		var well [snapshot.MaxUpstreams]uint8
		n := 0
		for i, u := range p.members {
			if tried&(1<<i) == 0 && u.isWell(now) {
				well[n] = uint8(i)
				n++
			}
		}
		u, its := p.lessBusy(well[:n])
		if u == nil || u.admit(now) {
			return u, its
		}
		tried |= its
	}
}

// pickAny is pick from all upstreams, well or not: a check may be wrong, and a refusal
// without trying is certainly one.
func (p *pool) pickAny() (*member, choice) {
	var all [snapshot.MaxUpstreams]uint8
	for i := range p.members {
		all[i] = uint8(i)
	}
	return p.lessBusy(all[:len(p.members)])
}

func (p *pool) lessBusy(among []uint8) (*member, choice) {
	switch len(among) {
	case 0:
		return nil, 0
	case 1:
		return p.members[among[0]], 1 << among[0]
	}
	i, j := rand.IntN(len(among)), rand.IntN(len(among)-1)
	if j >= i {
		j++
	}
	a, b := among[i], among[j]
	if p.members[b].busy.Load() < p.members[a].busy.Load() {
		a = b
	}
	return p.members[a], 1 << a
}

// A budget bounds how many of a site's requests are sent twice, so that an outage is
// not made worse by repeating what it breaks: one in RetryShare of the last ones.
type budget struct{ credit atomic.Int64 } // in parts of a retry: RetryShare make one

func newBudget() *budget {
	b := new(budget)
	b.credit.Store(RetryReserve * RetryShare)
	return b
}

// earn counts a request.
func (b *budget) earn() {
	if b.credit.Load() < RetryMost*RetryShare {
		b.credit.Add(1)
	}
}

// spend reports whether there may be a retry now.
func (b *budget) spend() bool {
	for {
		credit := b.credit.Load()
		if credit < RetryShare {
			return false
		}
		if b.credit.CompareAndSwap(credit, credit-RetryShare) {
			return true
		}
	}
}

// pools keeps the pools of the sites, and the upstreams that they share. Its zero
// value is empty. It holds what was asked for and is still in the snapshot.
type pools struct {
	ready sync.Map // *snapshot.Site → *pool

	mu      sync.Mutex
	budgets map[int64]*budget  // by site
	byURL   map[string]*member // by URL
}

// of returns the pool of a site with several upstreams.
func (p *pools) of(site *snapshot.Site) *pool {
	if found, ok := p.ready.Load(site); ok {
		return found.(*pool)
	}
	return p.make(site)
}

func (p *pools) make(site *snapshot.Site) *pool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if found, ok := p.ready.Load(site); ok {
		return found.(*pool)
	}
	made := new(pool)
	for _, u := range site.Upstreams[:min(len(site.Upstreams), snapshot.MaxUpstreams)] {
		if shared := p.shared(u); !slices.Contains(made.members, shared) {
			made.members = append(made.members, shared)
		}
	}
	made.budget = p.budgetOf(site.ID)
	p.ready.Store(site, made)
	return made
}

// budgetOf returns the budget of a site. The caller holds the lock.
func (p *pools) budgetOf(site int64) *budget {
	b, ok := p.budgets[site]
	if !ok {
		b = newBudget()
		if p.budgets == nil {
			p.budgets = make(map[int64]*budget)
		}
		p.budgets[site] = b
	}
	return b
}

// shared returns the upstream with a URL. The caller holds the lock.
func (p *pools) shared(at *url.URL) *member {
	key := at.String()
	u, ok := p.byURL[key]
	if !ok {
		u = &member{url: at}
		if p.byURL == nil {
			p.byURL = make(map[string]*member)
		}
		p.byURL[key] = u
	}
	return u
}

// checkable returns the upstream with a URL.
func (p *pools) checkable(at *url.URL) *member {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shared(at)
}

// sweep forgets the pools of sites that are not in the snapshot any more, and the
// upstreams that neither a pool nor a check knows. What is under way there goes on.
func (p *pools) sweep(current *snapshot.Snapshot, kept map[*member]struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	used := make(map[*member]struct{}, len(kept))
	p.ready.Range(func(key, value any) bool {
		site := key.(*snapshot.Site)
		if current.Site(site.ID) != site {
			p.ready.Delete(key)
			return true
		}
		for _, u := range value.(*pool).members {
			used[u] = struct{}{}
		}
		return true
	})
	for id := range p.budgets {
		if current.Site(id) == nil {
			delete(p.budgets, id)
		}
	}
	for key, u := range p.byURL {
		_, checked := kept[u]
		if _, ok := used[u]; !ok && !checked {
			delete(p.byURL, key)
		}
	}
}

// census counts the upstreams whose health is known, and those that are out of use.
func (p *pools) census() (all, unwell int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, u := range p.byURL {
		if u.down.Load() || u.until.Load() != 0 {
			unwell++
		}
	}
	return len(p.byURL), unwell
}
