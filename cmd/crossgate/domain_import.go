package main

import (
	"context"
	"errors"
	"flag"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/portable"
)

func domainImportCommand() command {
	return command{
		name: "domain import", args: "FILE", min: 1, max: 1, json: true, settings: config.ForData | config.ForPlace,
		summary: "Trust the domains of a file: all of them, or none",
		about: `
The format is recognised, or given: plain (entries separated by lines, commas or
spaces; what follows a # is the label), csv (a header row with domain, label,
expires_at, enabled), json (as domain list prints it), nginx-map, okta, auth0, or
vanilla, which is never guessed: there *.example.com means the apex, too. What
means less here than it did there is noted; what cannot be translated with
certainty is refused. "-" is standard input. Entries that are trusted already
stay as they are.`,
		example: `
crossgate domain import domains.txt --label "Partners"
crossgate domain import --dry-run --format nginx-map cors.conf`,
		verb: func() verb { return new(domainImport) },
	}
}

// domainImport is crossgate domain import.
type domainImport struct {
	additions
	format portable.Kind // "": recognised
	dryRun bool
}

func (v *domainImport) flags(fs *flag.FlagSet) {
	v.additions.flags(fs)
	fs.Func("format", "`FORMAT` plain, csv, json, vanilla, nginx-map, okta or auth0 (default recognised)", formatOf(&v.format, portable.Kinds()))
	fs.BoolVar(&v.dryRun, "dry-run", false, "say what would be saved, and save nothing")
}

// formatOf reads a format, which must be one of some.
func formatOf(to *portable.Kind, kinds []portable.Kind) func(string) error {
	return func(s string) error {
		names := make([]string, len(kinds))
		for i, kind := range kinds {
			names[i] = string(kind)
			if s == names[i] {
				*to = kind
				return nil
			}
		}
		return errors.New("write one of " + strings.Join(names, ", "))
	}
}

func (v *domainImport) run(ctx context.Context, c *call) error {
	if err := v.checkForce("domain import"); err != nil {
		return err
	}
	entries, err := v.read(c)
	if err != nil {
		return err
	}
	return c.withControl(ctx, func(service *control.Service) error {
		lines, err := v.imported(ctx, service, v.request(entries))
		if refused, ok := errors.AsType[*control.Error](err); ok && len(refused.Lines) > 0 {
			return c.refusedImport(entries, refused.Lines)
		}
		if err != nil {
			return err
		}
		if v.dryRun && hasRefused(lines) {
			return c.refusedImport(entries, lines)
		}
		if v.dryRun {
			return c.addedLines("would add", lines)
		}
		return c.addedLines("added", lines)
	})
}

// imported adds the entries, or says what would become of them.
func (v *domainImport) imported(ctx context.Context, service *control.Service, in control.AddDomains) ([]control.Line, error) {
	if v.dryRun {
		return service.PreviewDomains(ctx, in)
	}
	lines, _, err := service.AddDomains(ctx, operator(), in)
	return lines, err
}

// request asks for the entries. What is given by flag holds for all of them.
func (v *domainImport) request(entries []portable.Entry) control.AddDomains {
	for i := range entries {
		if v.label != "" {
			entries[i].Label = v.label
		}
		if v.expires.given {
			entries[i].Expires = v.expires.time(time.Now())
		}
	}
	in := portable.Request(entries)
	in.Confirm, in.Reason = v.confirmed(), v.reason
	return in
}

func hasRefused(lines []control.Line) bool {
	for _, l := range lines {
		if l.Status == control.RefusedLine {
			return true
		}
	}
	return false
}

// refusedImport names each entry that keeps all of them from being added, and where it
// stands.
func (c *call) refusedImport(entries []portable.Entry, lines []control.Line) error {
	var bad []lineJSON
	for i, l := range lines {
		if l.Status != control.RefusedLine {
			continue
		}
		one := refusedLine(l)
		if i < len(entries) {
			one.Line = entries[i].Line
			one.Message = portable.Note{Line: one.Line, Text: one.Message}.String()
		}
		bad = append(bad, one)
	}
	return c.nothing("added", bad, len(lines))
}
