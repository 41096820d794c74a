package crossgate

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// A Gate decides which pages may call a handler. All its methods may be called at
// any time, from any goroutine.
type Gate struct {
	cfg  Config
	own  []trust.Origin
	rule gate.Policy

	tickets *token.TicketKeys // nil: none

	site atomic.Pointer[gate.Site] // what requests are decided by

	mu      sync.Mutex // held by changes of the list
	domains []trust.Domain
	trusted *trust.Set // the same, for matching
}

// New makes a gate. Where the configuration has mistakes the error consists of all
// of them: see [ConfigErrors].
func New(cfg Config) (*Gate, error) {
	var wrong mistakes
	g := &Gate{cfg: cfg, own: cfg.publicURLs(&wrong), rule: cfg.policy(&wrong)}
	g.tickets = cfg.ticketKeys(&wrong)
	domains := cfg.domains(&wrong, cfg.TrustedDomains)
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	g.replace(domains)
	return g, nil
}

// Trust adds entries to the Trusted Domains, all or none. What is trusted already
// is no mistake. Where entries have mistakes, all of them are reported.
func (g *Gate) Trust(entries ...string) error {
	added, err := g.parse(entries)
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.add(added)
	return nil
}

// Untrust removes entries from the Trusted Domains. It takes effect with the next
// request, also against preflights that browsers have cached. An entry is removed
// by what it means, however it was typed; what is not on the list is no mistake.
func (g *Gate) Untrust(entries ...string) error {
	var wrong mistakes
	lenient := Config{
		DangerouslyTrustInsecureOrigins: true,
		DangerouslyTrustPublicSuffixes:  true,
		DangerouslyTrustMixedScripts:    true,
	}
	removed := lenient.domains(&wrong, entries)
	if err := errors.Join(wrong...); err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	out := make(map[trust.Domain]bool, len(removed))
	for _, d := range removed {
		out[d] = true
	}
	g.domains = slices.DeleteFunc(g.domains, func(d trust.Domain) bool { return out[d] })
	g.publish(g.trusted.With(nil, removed))
	return nil
}

// Replace puts another list in the place of the Trusted Domains, in one step: each
// request is decided by the old list or by the new one.
func (g *Gate) Replace(entries ...string) error {
	domains, err := g.parse(entries)
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.replace(domains)
	return nil
}

// TrustedDomains returns the list, normalised, in the order in which it was made.
func (g *Gate) TrustedDomains() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	entries := make([]string, len(g.domains))
	for i, d := range g.domains {
		entries[i] = d.String()
	}
	return entries
}

func (g *Gate) parse(entries []string) ([]trust.Domain, error) {
	var wrong mistakes
	domains := g.cfg.domains(&wrong, entries)
	return domains, errors.Join(wrong...)
}

// replace makes a list the one that requests are decided by.
func (g *Gate) replace(domains []trust.Domain) {
	g.domains, g.trusted = nil, nil
	g.add(domains)
}

// add adds domains to the list. Duplicates go. What a change costs does not depend on the
// length of the list.
func (g *Gate) add(domains []trust.Domain) {
	e := g.trusted.Edit()
	added := make(map[trust.Domain]bool, len(domains))
	for _, d := range domains {
		if added[d] || g.trusted.Get(d) != nil {
			continue
		}
		added[d] = true
		g.domains = append(g.domains, d)
		e.Put(trust.Entry{Domain: d})
	}
	g.publish(e.Set())
}

// publish makes a set the one that requests are decided by.
func (g *Gate) publish(trusted *trust.Set) {
	g.trusted = trusted
	g.site.Store(gate.NewSite(gate.SiteConfig{
		PublicURLs: g.own,
		Trusted:    trusted,
		Policy:     g.rule,
		Grants:     g.grants(),
		Tickets:    g.tickets,
	}))
}

// grants is Config.Grant in the form that the rules ask for.
func (g *Gate) grants() gate.Grants {
	if g.cfg.Grant == nil {
		return nil
	}
	return grantFunc(g.cfg.Grant)
}

type grantFunc func(token.Digest) (*token.Grant, bool)

func (f grantFunc) Grant(d token.Digest) (*token.Grant, bool) { return f(d) }
