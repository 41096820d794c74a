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
		summary: "Show the site's policy: what it grants to whom",
		about: `
What was changed is marked with a *. A mode that the environment or the settings
file gives wins over the one that is set here.`,
		example: `crossgate site list`,
		verb:    func() verb { return new(siteList) },
	}
}

// siteList is crossgate site list.
type siteList struct{}

func (*siteList) flags(*flag.FlagSet) {}

func (*siteList) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		p, err := service.Policy(ctx)
		if err != nil {
			return err
		}
		locks := lockedPolicy(c.settings)
		if c.json {
			return c.printJSON(policyToJSON(p, locks))
		}
		return c.tabulatePolicy(p, locks)
	})
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
