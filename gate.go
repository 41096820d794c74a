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
}

// New makes a gate. Where the configuration has mistakes the error consists of all
// of them: see [ConfigErrors].
func New(cfg Config) (*Gate, error) {
	var wrong mistakes
	g := &Gate{cfg: cfg, own: cfg.publicURLs(&wrong), rule: cfg.policy(&wrong)}
	g.tickets = cfg.ticketKeys(&wrong)
	g.domains = cfg.domains(&wrong, cfg.TrustedDomains)
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	g.publish(g.domains)
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
	g.publish(slices.Concat(g.domains, added))
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
	kept := slices.DeleteFunc(slices.Clone(g.domains), func(d trust.Domain) bool { return slices.Contains(removed, d) })
	g.publish(kept)
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
	g.publish(domains)
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

// publish makes a list the one that requests are decided by. Duplicates go.
func (g *Gate) publish(domains []trust.Domain) {
	seen := make(map[trust.Domain]bool, len(domains))
	g.domains = slices.DeleteFunc(slices.Clone(domains), func(d trust.Domain) bool {
		duplicate := seen[d]
		seen[d] = true
		return duplicate
	})
	entries := make([]trust.Entry, len(g.domains))
	for i, d := range g.domains {
		entries[i].Domain = d
	}
	g.site.Store(gate.NewSite(gate.SiteConfig{
		PublicURLs: g.own,
		Trusted:    trust.NewSet(entries),
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
