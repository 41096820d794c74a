package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func domainExportCommand() command {
	return command{
		name: "domain export", json: true, settings: config.ForData,
		summary: "Print the list, one domain a line, as import reads it",
		about: `
Entries that are switched off or have expired stand behind a #: they would be
trusted again where they are imported. --json prints what domain list does.`,
		example: `crossgate domain export > domains.txt`,
		verb:    func() verb { return new(domainExport) },
	}
}

// domainExport is crossgate domain export.
type domainExport struct{}

func (*domainExport) flags(*flag.FlagSet) {}

func (*domainExport) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		each := func(visit func(control.Domain) error) error { return service.EachDomain(ctx, "", visit) }
		if c.json {
			return c.printDomains(each)
		}
		now := time.Now()
		return each(func(d control.Domain) error {
			_, err := fmt.Fprintln(c.stdout, exportedLine(d, now))
			return err
		})
	})
}

// exportedLine is an entry with its label: "app.example.com  # Web shop".
func exportedLine(d control.Domain, now time.Time) string {
	line := d.Domain.String()
	if state := domainState(d, now); state != "on" {
		line = "# " + line + "  (" + state + ")"
	}
	if d.Label != "" {
		line += "  # " + strings.TrimSpace(d.Label)
	}
	return line
}
