package control

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// A compiler makes of what is kept what the gateway serves from.
type compiler struct {
	site      SiteSettings
	upstreams []*url.URL

	tickets       *token.TicketKeys
	sealedTickets []byte          // what the keys of tickets were opened from
	sealed        map[int64]error // why upstream credentials cannot be opened, by site
}

// next returns a compiler that may be used while what this one has found is looked at.
func (c *compiler) next() *compiler {
	next := *c
	if next.sealed = maps.Clone(c.sealed); next.sealed == nil {
		next.sealed = make(map[int64]error)
	}
	return &next
}

// allSites puts every site into a snapshot.
func (c *compiler) allSites(s *Service, w *world, next *snapshot.Snapshot) error {
	clear(c.sealed)
	c.sealedTickets, c.tickets = w.tickets, s.ticketsOf(w.tickets)
	var others []*snapshot.Site
	for id, state := range w.sites.all {
		site, err := c.compile(s, state)
		if err != nil {
			return err
		}
		if id == DefaultSiteID {
			next.Default = site
		} else {
			others = append(others, site)
		}
	}
	if next.Default == nil {
		return fmt.Errorf("there is no site %s: the records are not Crossgate's", DefaultSite)
	}
	next.Sites = snapshot.Sites{}.With(others, nil)
	return nil
}

// replaceSites puts the sites that changed in place of those that are published.
func (c *compiler) replaceSites(s *Service, w *world, next, now *snapshot.Snapshot) error {
	next.Default = now.Default
	var put []*snapshot.Site
	var gone []int64
	for _, id := range w.touched {
		state, ok := w.sites.get(id)
		if !ok {
			delete(c.sealed, id)
			gone = append(gone, id)
			continue
		}
		site, err := c.compile(s, state)
		if err != nil {
			return err
		}
		if id == DefaultSiteID {
			next.Default = site
		} else {
			put = append(put, site)
		}
	}
	next.Sites = now.Sites.With(put, gone)
	return nil
}

// compile makes of what is kept of a site what the gateway serves from.
func (c *compiler) compile(s *Service, state *siteState) (*snapshot.Site, error) {
	site := state.site
	if site.ID == DefaultSiteID {
		return c.compileDefault(s, state), nil
	}
	out := &snapshot.Site{
		ID: site.ID, Name: site.Name, Disabled: !site.Enabled,
		Health: snapshot.HealthCheck{Path: site.HealthPath}, Tokens: state.grants.len(),
	}
	own, err := site.origins()
	if err != nil {
		return nil, err
	}
	for _, text := range site.Addresses {
		address, err := snapshot.ParseAddress(text)
		if err != nil {
			return nil, fmt.Errorf("an address of the site %s cannot be read: %w", site.Name, err)
		}
		out.Addresses = append(out.Addresses, address)
	}
	for _, text := range site.Upstreams {
		u, err := url.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("an upstream of the site %s cannot be read: %w", site.Name, err)
		}
		out.Upstreams = append(out.Upstreams, u)
	}
	out.Gate = c.rules(s, state, own, "")
	return out, nil
}

// compileDefault makes the site that settings describe.
func (c *compiler) compileDefault(s *Service, state *siteState) *snapshot.Site {
	return &snapshot.Site{
		ID: DefaultSiteID, Name: DefaultSite, Upstreams: c.upstreams, Tokens: state.grants.len(),
		Health: snapshot.HealthCheck{Path: c.site.HealthPath},
		Gate:   c.rules(s, state, c.site.PublicURLs, c.site.Mode),
	}
}

// rules are what requests of a site are judged by. A mode that is given wins over the policy's.
func (c *compiler) rules(s *Service, state *siteState, own []trust.Origin, mode gate.Mode) *gate.Site {
	policy := state.policy.rules()
	policy.Mode = cmp.Or(mode, policy.Mode)
	credential, err := s.openCredential(state.site.ID, state.policy)
	if err != nil {
		c.sealed[state.site.ID] = fmt.Errorf("site %s: %w", state.site.Name, err)
	} else {
		delete(c.sealed, state.site.ID)
	}
	return gate.NewSite(gate.SiteConfig{
		PublicURLs: own, Trusted: state.list, Policy: policy, Grants: state.grants,
		UpstreamCredential: credential, CredentialSealed: err != nil,
		Name: state.site.Name, Tickets: c.tickets,
	})
}
