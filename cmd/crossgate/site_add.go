package main

import (
	"context"
	"flag"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func siteAddCommand() command {
	return command{
		name: "site add", args: "NAME", min: 1, max: 1, json: true, settings: config.ForData | config.ForSite,
		summary: "Put another API behind this Crossgate, found by its host or path",
		about: `
The site has its own Trusted Domains, access tokens, policy and people, and trusts
nobody yet. The other commands work on it with --site NAME. Of two sites on one host,
the one with the longer path that the request's begins with is meant.`,
		example: `
crossgate site add billing --public-url https://billing.example.com --upstream http://127.0.0.1:9001
crossgate site add v2 --public-url https://api.example.com/v2 --upstream http://10.0.0.5:80 --upstream http://10.0.0.6:80 --health-path /healthz`,
		verb: func() verb { return new(siteAdd) },
	}
}

// siteAdd is crossgate site add.
type siteAdd struct{ described }

func (v *siteAdd) flags(fs *flag.FlagSet) { v.described.flags(fs, "") }

func (v *siteAdd) run(ctx context.Context, c *call) error {
	switch {
	case v.addresses == nil || len(*v.addresses) == 0:
		return wrongUse("site add", "--public-url is missing: say where browsers find the site")
	case v.upstreams == nil || len(*v.upstreams) == 0:
		return wrongUse("site add", "--upstream is missing: say which API is behind the site")
	}
	site := control.Site{Name: c.args[0], Addresses: *v.addresses, Upstreams: *v.upstreams}
	if v.healthPath != nil {
		site.HealthPath = *v.healthPath
	}
	return c.withControl(ctx, func(service *control.Service) error {
		made, err := service.AddSite(ctx, operator(), site)
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(siteToJSON(made, control.DefaultPolicy(), nil))
		}
		c.say("added %s: %s, in front of %s", made.Name, whereFound(made), whatBehind(made))
		c.note("It trusts nobody yet: crossgate domain add app.example.com --site %s", made.Name)
		return nil
	})
}
