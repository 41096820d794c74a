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
		name: "domain remove", args: "ENTRY...", min: 1, max: -1, json: true, settings: config.ForData,
		summary: "Stop trusting domains: all that are named, or none",
		about: `
A running server refuses their pages within a second, whatever browsers have cached.`,
		example: `crossgate domain remove app.example.com`,
		verb:    func() verb { return new(domainRemove) },
	}
}

// domainRemove is crossgate domain remove.
type domainRemove struct{}

func (*domainRemove) flags(*flag.FlagSet) {}

func (v *domainRemove) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		ids, lines, err := v.find(ctx, service, c.args)
		if err != nil {
			return err
		}
		if len(ids) < len(lines) {
			return c.notRemoved(lines)
		}
		if _, err := service.RemoveDomains(ctx, operator(), ids); err != nil {
			return err
		}
		return c.removed(lines)
	})
}

// find looks up all entries: those that are not there are told apart in the lines.
func (*domainRemove) find(ctx context.Context, service *control.Service, entries []string) (ids []int64, lines []lineJSON, err error) {
	for _, entry := range entries {
		found, err := service.FindDomain(ctx, entry)
		if refused, ok := errors.AsType[*control.Error](err); ok && exitOf(refused) == exitNo {
			lines = append(lines, lineJSON{Entry: entry, Status: "refused", Code: refused.Code, Message: refused.Message})
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		ids = append(ids, found.ID)
		lines = append(lines, lineJSON{Entry: entry, Domain: found.Domain.String(), Status: "removed"})
	}
	return ids, lines, nil
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

func (c *call) notRemoved(lines []lineJSON) error {
	var bad []lineJSON
	for _, l := range lines {
		if l.Status == "refused" {
			bad = append(bad, l)
		}
	}
	if c.json {
		if err := c.printJSON(bad); err != nil {
			return err
		}
		return errNo
	}
	c.note("%s nothing was removed: %s", c.style.red("crossgate:"), ofEntries(len(bad), len(lines)))
	for _, l := range bad {
		c.note("  %s", l.Message)
	}
	return errNo
}
