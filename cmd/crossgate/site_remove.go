package main

import (
	"context"
	"flag"
	"fmt"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func siteRemoveCommand() command {
	return command{
		name: "site remove", args: "NAME", min: 1, max: 1, settings: config.ForData,
		summary: "Remove a site with all that it has, for good",
		about: `
Its Trusted Domains, access tokens, policy, members and management keys are gone with
it; what was done to it stays in the audit log. It cannot be undone: to stop a site for
a while, use site set NAME --off.`,
		example: `crossgate site remove billing --yes`,
		verb:    func() verb { return new(siteRemove) },
	}
}

// siteRemove is crossgate site remove.
type siteRemove struct{ yes bool }

func (v *siteRemove) flags(fs *flag.FlagSet) {
	fs.BoolVar(&v.yes, "yes", false, "yes, remove all of it")
}

func (v *siteRemove) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		here, err := service.ForSite(ctx, c.args[0])
		if err != nil {
			return nearestSite(ctx, service, c.args[0], err)
		}
		name := here.Place().Name
		if !v.yes && here.Place().ID != control.DefaultSiteID {
			has, err := whatItHas(ctx, here)
			if err != nil {
				return err
			}
			return &failure{
				exit: exitNo, text: fmt.Sprintf("%s goes with %s, for good; nothing was removed yet", name, has),
				advice: "if that is meant: crossgate site remove " + name + " --yes",
			}
		}
		if err := service.RemoveSite(ctx, operator(), name); err != nil {
			return err
		}
		c.say("removed %s", name)
		return nil
	})
}

// whatItHas counts what would go with a site.
func whatItHas(ctx context.Context, here *control.Service) (string, error) {
	_, domains, err := here.Domains(ctx, control.ListQuery{Limit: 1})
	if err != nil {
		return "", err
	}
	_, tokens, err := here.Tokens(ctx, control.ListQuery{Limit: 1})
	if err != nil {
		return "", err
	}
	return counted(domains, "Trusted Domain") + " and " + counted(tokens, "access token"), nil
}
