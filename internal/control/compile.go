package control

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/trust"
)

// allSites puts every site into a snapshot.
func (f *follower) allSites(s *Service, w *world, next *snapshot.Snapshot) error {
	clear(f.sealed)
	f.sealedTickets, f.tickets = w.tickets, s.ticketsOf(w.tickets)
	var others []*snapshot.Site
	for id, state := range w.sites.all {
		site, err := f.compile(s, state)
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
func (f *follower) replaceSites(s *Service, w *world, next, now *snapshot.Snapshot) error {
	next.Default = now.Default
	var put []*snapshot.Site
	var gone []int64
	for _, id := range w.touched {
		state, ok := w.sites.get(id)
		if !ok {
			delete(f.sealed, id)
			gone = append(gone, id)
			continue
		}
		site, err := f.compile(s, state)
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

// follows reports whether a world differs from what is published by the sites that it
// says, and by nothing else.
func (f *follower) follows(w *world) bool {
	return f.live && w.before == f.head && w.touched != nil && bytes.Equal(f.sealedTickets, w.tickets)
}

// compile makes of what is kept of a site what the gateway serves from.
func (f *follower) compile(s *Service, state *siteState) (*snapshot.Site, error) {
	site := state.site
	if site.ID == DefaultSiteID {
		return f.compileDefault(s, state), nil
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
	out.Gate = f.rules(s, state, own, "")
	return out, nil
}

// compileDefault makes the site that settings describe.
func (f *follower) compileDefault(s *Service, state *siteState) *snapshot.Site {
	return &snapshot.Site{
		ID: DefaultSiteID, Name: DefaultSite, Upstreams: f.upstream, Tokens: state.grants.len(),
		Gate: f.rules(s, state, f.site.PublicURLs, f.site.Mode),
	}
}

// rules are what requests of a site are judged by. A mode that is given wins over the policy's.
func (f *follower) rules(s *Service, state *siteState, own []trust.Origin, mode gate.Mode) *gate.Site {
	policy := state.policy.rules()
	policy.Mode = cmp.Or(mode, policy.Mode)
	credential, err := s.openCredential(state.site.ID, state.policy)
	if err != nil {
		f.sealed[state.site.ID] = fmt.Errorf("site %s: %w", state.site.Name, err)
	} else {
		delete(f.sealed, state.site.ID)
	}
	return gate.NewSite(gate.SiteConfig{
		PublicURLs: own, Trusted: state.list, Policy: policy, Grants: state.grants,
		UpstreamCredential: credential, CredentialSealed: err != nil,
		Name: state.site.Name, Tickets: f.tickets,
	})
}
