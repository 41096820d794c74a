package main

import (
	"context"
	"flag"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func siteListCommand() command {
	return command{
		name: "site list", json: true, settings: config.ForData | config.ForSite,
		summary: "List the sites, or show the policy of the only one: what it grants to whom",
		about: `
What was changed of the policy is marked with a *. A mode that the environment or the
settings file gives wins over the one that is set here. --json prints the site default
with its policy, and all sites in sites.`,
		example: `
crossgate site list
crossgate site list --search example.com`,
		verb: func() verb { return new(siteList) },
	}
}

// siteList is crossgate site list.
type siteList struct{ search string }

func (v *siteList) flags(fs *flag.FlagSet) {
	fs.StringVar(&v.search, "search", "", "`TEXT` only sites with this in their name or an address")
}

// sitesJSON is the site default, and the sites that were found.
type sitesJSON struct {
	siteJSON
	Sites []siteJSON `json:"sites"`
}

func (v *siteList) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		found, err := v.all(ctx, service)
		switch {
		case err != nil:
			return err
		case c.json:
			return c.printSites(ctx, service, found)
		case v.search == "" && len(found) == 1:
			p, err := service.Policy(ctx)
			if err != nil {
				return err
			}
			return c.tabulatePolicy(p, lockedPolicy(c.settings))
		case len(found) == 0:
			c.note("no site has %q in its name or an address", v.search)
			return nil
		}
		return c.tabulateSites(found)
	})
}

// all returns all pages of the list.
func (v *siteList) all(ctx context.Context, service *control.Service) ([]control.Site, error) {
	var all []control.Site
	for {
		page, _, err := service.Sites(ctx, control.ListQuery{Search: v.search, Offset: len(all), Limit: control.MaxPage})
		if all = append(all, page...); err != nil || len(page) < control.MaxPage {
			return all, err
		}
	}
}

// printSites prints the site default as it is printed where it is the only one, and
// with it those that were found.
func (c *call) printSites(ctx context.Context, service *control.Service, found []control.Site) error {
	first, err := service.SiteNamed(ctx, control.DefaultSite)
	if err != nil {
		return err
	}
	own, err := service.Policies(ctx)
	if err != nil {
		return err
	}
	shown := func(site control.Site) siteJSON {
		p, ok := own[site.ID]
		if !ok {
			p = control.DefaultPolicy()
		}
		return siteToJSON(site, p, c.locksOf(site))
	}
	list := sitesJSON{siteJSON: shown(first), Sites: make([]siteJSON, len(found))}
	for i, site := range found {
		list.Sites[i] = shown(site)
	}
	return c.printJSON(list)
}

func (c *call) tabulateSites(found []control.Site) error {
	t := newTable(c.stdout, "NAME", "ADDRESSES", "UPSTREAMS", "STATE")
	for _, site := range found {
		t.row(site.Name, whereFound(site), whatBehind(site), onOff(site.Enabled))
	}
	return t.flush()
}

// lockedPolicy returns the parts of the policy that the settings decide.
func lockedPolicy(settings *config.Config) []lockedJSON {
	var list []lockedJSON
	for _, g := range settings.Given() {
		if g.Name == "mode" {
			list = append(list, lockedJSON{Name: g.Name, Value: g.Value, Given: g.From})
		}
	}
	return list
}

func (c *call) tabulatePolicy(p control.Policy, locks []lockedJSON) error {
	usual := policyRows(control.DefaultPolicy())
	t := newTable(c.stdout, "SETTING", "VALUE", "WHAT IT SAYS")
	for i, row := range policyRows(p) {
		value, grants := row.value, row.grants
		if value != usual[i].value {
			value += " *"
		}
		for _, l := range locks {
			if l.Name == row.flag {
				value, grants = l.Value+" (locked)", grants+"; given by "+l.Given
			}
		}
		t.row(row.flag, value, grants)
	}
	return t.flush()
}
