package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"iter"
	"strconv"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func domainListCommand() command {
	return command{
		name: "domain list", json: true, settings: config.ForData,
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
		found := allDomains(ctx, service, v.search)
		if c.json {
			return c.printDomains(found)
		}
		return c.tabulateDomains(found, time.Now())
	})
}

// allDomains reads the list page by page: it may be long.
func allDomains(ctx context.Context, service *control.Service, search string) iter.Seq2[control.Domain, error] {
	return func(yield func(control.Domain, error) bool) {
		for offset := 0; ; offset += control.MaxPage {
			page, _, err := service.Domains(ctx, control.ListQuery{Search: search, Offset: offset, Limit: control.MaxPage})
			if err != nil {
				yield(control.Domain{}, err)
				return
			}
			for _, d := range page {
				if !yield(d, nil) {
					return
				}
			}
			if len(page) < control.MaxPage {
				return
			}
		}
	}
}

// printDomains prints the list as a JSON array, one entry a line.
func (c *call) printDomains(found iter.Seq2[control.Domain, error]) error {
	separator := "[\n  "
	for d, err := range found {
		if err != nil {
			return err
		}
		line, err := json.Marshal(domainToJSON(d))
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(c.stdout, "%s%s", separator, line); err != nil {
			return cannot("write the list", err)
		}
		separator = ",\n  "
	}
	end := "\n]\n"
	if separator[0] == '[' {
		end = "[]\n"
	}
	_, err := io.WriteString(c.stdout, end)
	return err
}

func (c *call) tabulateDomains(found iter.Seq2[control.Domain, error], now time.Time) error {
	t := newTable(c.stdout, "DOMAIN", "STATE", "LABEL", "EXPIRES", "ADDED", "BY", "LAST SEEN", "HITS")
	n := 0
	for d, err := range found {
		if err != nil {
			return err
		}
		n++
		t.row(d.Domain.Unicode(), domainState(d, now), d.Label, shownTime(d.ExpiresAt),
			shownTime(d.CreatedAt), d.CreatedBy, shownTime(d.LastSeen), strconv.FormatInt(d.Hits, 10))
	}
	if n == 0 {
		c.note("no Trusted Domains; add one with: crossgate domain add app.example.com")
		return nil
	}
	t.flush()
	return nil
}
