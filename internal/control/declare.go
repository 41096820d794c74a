package control

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/trust"
)

// confirmedBefore is the reason that Declare gives for an entry whose reason is in the
// audit log.
const confirmedBefore = "it was on the list"

// Declare visits what sites are like, the site default first, the others by name, all of
// one state, as [Service.Apply] takes it: with a name that one alone. What is on a list is
// declared as confirmed. An error of visit ends it and is returned.
func (s *Service) Declare(ctx context.Context, only string, visit func(DeclaredSite) error) error {
	return s.store.View(ctx, func(r Reader) error {
		sites, err := toDeclare(r, only)
		if err != nil {
			return err
		}
		own, err := policies(r)
		if err != nil {
			return err
		}
		for i := range sites {
			p, changed := own[sites[i].ID]
			if !changed {
				p = DefaultPolicy()
			}
			d, err := declared(r, &sites[i], p)
			if err != nil {
				return err
			}
			if err := visit(d); err != nil {
				return err
			}
		}
		return nil
	})
}

// toDeclare returns the sites that are asked for, in order.
func toDeclare(r Reader, only string) ([]Site, error) {
	if only != "" {
		site, err := siteNamed(r, only)
		return []Site{site}, err
	}
	var sites []Site
	err := r.EachSite(func(site Site) error {
		sites = append(sites, site)
		return nil
	})
	slices.SortFunc(sites, func(a, b Site) int {
		return cmp.Or(cmp.Compare(rankOf(b.Name), rankOf(a.Name)), strings.Compare(a.Name, b.Name))
	})
	return sites, err
}

// declared says what one site is like.
func declared(r Reader, site *Site, p Policy) (DeclaredSite, error) {
	d := DeclaredSite{Name: site.Name, Policy: &p}
	if site.ID != DefaultSiteID {
		d.Addresses, d.Upstreams, d.HealthPath, d.Enabled = &site.Addresses, &site.Upstreams, &site.HealthPath, &site.Enabled
	}
	domains, err := declaredDomains(r, site.ID)
	if err != nil {
		return d, err
	}
	members, err := r.Members(site.ID)
	if err != nil {
		return d, err
	}
	people := make([]DeclaredMember, len(members))
	for i, m := range members {
		people[i] = DeclaredMember{Name: m.Account, Role: m.Role}
	}
	d.Domains, d.Members = &domains, &people
	return d, nil
}

// declaredDomains is the list of a site by its text, with what each entry needs confirmed.
func declaredDomains(r Reader, site int64) ([]DeclaredDomain, error) {
	var list []Domain
	err := eachDomain(r, site, "", func(d Domain) error {
		list = append(list, d)
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b Domain) int { return strings.Compare(a.Domain.String(), b.Domain.String()) })
	entries, domains := make([]trust.Entry, len(list)), make([]trust.Domain, len(list))
	for i, d := range list {
		entries[i], domains[i] = trust.Entry{ID: d.ID, Domain: d.Domain}, d.Domain
	}
	out := make([]DeclaredDomain, len(list))
	for i, like := range trust.NewSet(entries).LookAlikes(domains) {
		d := list[i]
		out[i] = DeclaredDomain{Entry: d.Domain.String(), Label: d.Label, Expires: d.ExpiresAt, Off: !d.Enabled}
		out[i].Confirm = needed(d.Domain, like != nil)
		if slices.Contains(out[i].Confirm, trust.ConfirmPublicSuffix) {
			out[i].Reason = confirmedBefore
		}
	}
	return out, nil
}

// needed is what an entry needs confirmed, where it is easily taken for another one or not.
func needed(d trust.Domain, like bool) []trust.Confirmation {
	needs := slices.Clone(d.Confirmations())
	if like && !slices.Contains(needs, trust.ConfirmLookAlike) {
		needs = append(needs, trust.ConfirmLookAlike)
	}
	return needs
}
