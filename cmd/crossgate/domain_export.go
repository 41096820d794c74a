package main

import (
	"bufio"
	"context"
	"flag"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/portable"
)

func domainExportCommand() command {
	return command{
		name: "domain export", json: true, settings: config.ForData | config.ForPlace,
		summary: "Print the list, as import reads it",
		about: `
As plain, one domain a line: entries that are switched off or have expired stand
behind a #, as they would be trusted again where they are imported. csv and json
keep labels, expiries and switches. --json is --format json.`,
		example: `
crossgate domain export > domains.txt
crossgate domain export --format csv > domains.csv`,
		verb: func() verb { return &domainExport{format: portable.Plain} },
	}
}

// domainExport is crossgate domain export.
type domainExport struct{ format portable.Kind }

func (v *domainExport) flags(fs *flag.FlagSet) {
	fs.Func("format", "`FORMAT` plain, csv or json (default plain)", formatOf(&v.format, portable.Written()))
}

func (v *domainExport) run(ctx context.Context, c *call) error {
	if c.json {
		v.format = portable.JSON
	}
	return c.withControl(ctx, func(service *control.Service) error {
		out := bufio.NewWriter(c.stdout)
		each := func(visit func(control.Domain) error) error { return service.EachDomain(ctx, "", visit) }
		if err := portable.Write(out, v.format, time.Now(), each); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return cannot("write the list", err)
		}
		return nil
	})
}
