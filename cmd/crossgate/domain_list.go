package main

import (
	"context"
	"flag"
	"strconv"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/portable"
)

func domainListCommand() command {
	return command{
		name: "domain list", json: true, settings: config.ForData | config.ForPlace,
		summary: "List the Trusted Domains, the newest first",
		example: `
crossgate domain list --search example.com
crossgate domain list --json`,
		verb: func() verb { return new(domainList) },
	}
}

// domainList is crossgate domain list.
type domainList struct{ search string }

func (v *domainList) flags(fs *flag.FlagSet) {
	fs.StringVar(&v.search, "search", "", "`TEXT` only entries with this in their domain or label")
}

func (v *domainList) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		each := func(visit func(control.Domain) error) error { return service.EachDomain(ctx, v.search, visit) }
		if c.json {
			return portable.Write(c.stdout, portable.JSON, time.Now(), each)
		}
		return c.tabulateDomains(each, v.search, time.Now())
	})
}

func (c *call) tabulateDomains(each portable.Each, search string, now time.Time) error {
	t := newTable(c.stdout, "DOMAIN", "STATE", "LABEL", "EXPIRES", "ADDED", "BY", "LAST SEEN", "HITS")
	n := 0
	err := each(func(d control.Domain) error {
		n++
		t.row(d.Domain.Unicode(), domainState(d, now), d.Label, shownTime(d.ExpiresAt),
			shownTime(d.CreatedAt), d.CreatedBy, shownTime(d.LastSeen), strconv.FormatInt(d.Hits, 10))
		return nil
	})
	switch {
	case err != nil:
		return err
	case n == 0 && search != "":
		c.note("no Trusted Domain has %q in its domain or label", search)
		return nil
	case n == 0:
		c.note("no Trusted Domains; add one with: crossgate domain add app.example.com")
		return nil
	}
	return t.flush()
}
