package main

import (
	"context"
	"flag"
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
		found := allDomains(ctx, service, "")
		if c.json {
			return c.printDomains(found)
		}
		now := time.Now()
		for d, err := range found {
			if err != nil {
				return err
			}
			c.say("%s", exportedLine(d, now))
		}
		return nil
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
