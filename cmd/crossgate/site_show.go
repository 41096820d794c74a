package main

import (
	"context"
	"flag"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func siteShowCommand() command {
	return command{
		name: "site show", args: "[NAME]", max: 1, json: true, settings: config.ForData | config.ForSite | config.ForPlace,
		summary: "Show one site: where it is found, what is behind it, and its policy",
		about: `
What was changed of the policy is marked with a *.`,
		example: `crossgate site show billing`,
		verb:    func() verb { return new(siteShow) },
	}
}

// siteShow is crossgate site show.
type siteShow struct{}

func (*siteShow) flags(*flag.FlagSet) {}

func (*siteShow) run(ctx context.Context, c *call) error {
	if err := c.named("site show"); err != nil {
		return err
	}
	return c.withControl(ctx, func(service *control.Service) error {
		site, err := service.SiteNamed(ctx, service.Place().Name)
		if err != nil {
			return err
		}
		p, err := service.Policy(ctx)
		if err != nil {
			return err
		}
		locks := c.locksOf(site)
		if c.json {
			return c.printJSON(siteToJSON(site, p, locks))
		}
		if err := c.tabulateSite(site); err != nil {
			return err
		}
		c.say("")
		return c.tabulatePolicy(p, locks)
	})
}

// locksOf are the parts of a site's policy that settings decide: those of default alone.
func (c *call) locksOf(site control.Site) []lockedJSON {
	if site.ID != control.DefaultSiteID {
		return nil
	}
	return lockedPolicy(c.settings)
}

func (c *call) tabulateSite(site control.Site) error {
	t := newTable(c.stdout, "SITE", site.Name)
	t.row("addresses", whereFound(site))
	t.row("upstreams", whatBehind(site))
	t.row("health path", orNone(site.HealthPath))
	t.row("state", onOff(site.Enabled))
	t.row("added", shownTime(site.CreatedAt))
	t.row("by", site.CreatedBy)
	return t.flush()
}
