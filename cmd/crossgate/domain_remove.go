package main

import (
	"context"
	"errors"
	"flag"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func domainRemoveCommand() command {
	return command{
		name: "domain remove", args: "ENTRY...", min: 1, max: -1, json: true, settings: config.ForData | config.ForPlace,
		summary: "Stop trusting domains: all that are named, or none",
		about: `
A running server refuses their pages within a second, whatever browsers have cached.
With --dry-run nothing is removed: it says which origins that called in the last 7
days would be refused. Of a running server it knows all but the last minute.`,
		example: `
crossgate domain remove app.example.com --dry-run
crossgate domain remove app.example.com`,
		verb: func() verb { return new(domainRemove) },
	}
}

// domainRemove is crossgate domain remove.
type domainRemove struct{ dryRun bool }

func (v *domainRemove) flags(fs *flag.FlagSet) {
	fs.BoolVar(&v.dryRun, "dry-run", false, dryRunUsage)
}

func (v *domainRemove) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		ids, found, missing, err := find(ctx, service, c.args)
		if err != nil {
			return err
		}
		if len(missing) > 0 {
			return c.nothing("removed", missing, len(c.args))
		}
		if v.dryRun {
			return c.rehearse(ctx, service, "would remove", control.Rehearsal{Without: ids}, domainsOf(found)...)
		}
		if _, err := service.RemoveDomains(ctx, operator(), ids); err != nil {
			return err
		}
		return c.removed(found)
	})
}

// find looks up all entries, and tells those apart that are not on the list.
func find(ctx context.Context, service *control.Service, entries []string) (ids []int64, found, missing []lineJSON, err error) {
	for _, entry := range entries {
		d, err := service.FindDomain(ctx, entry)
		if refused, ok := errors.AsType[*control.Error](err); ok && exitOf(refused) == exitNo {
			missing = append(missing, lineJSON{Entry: entry, Status: "refused", Code: refused.Code, Message: refused.Message})
			continue
		}
		if err != nil {
			return nil, nil, nil, err
		}
		ids = append(ids, d.ID)
		found = append(found, lineJSON{Entry: entry, Domain: d.Domain.String(), Status: "removed"})
	}
	return ids, found, missing, nil
}

// domainsOf are the entries that were found, as they are on the list.
func domainsOf(found []lineJSON) []string {
	domains := make([]string, len(found))
	for i, l := range found {
		domains[i] = l.Domain
	}
	return domains
}

func (c *call) removed(lines []lineJSON) error {
	if c.json {
		return c.printJSON(lines)
	}
	for _, l := range lines {
		c.say("removed %s", l.Domain)
	}
	return nil
}
