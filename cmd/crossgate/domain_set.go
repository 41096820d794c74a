package main

import (
	"context"
	"flag"
	"fmt"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/portable"
)

func domainSetCommand() command {
	return command{
		name: "domain set", args: "ENTRY", min: 1, max: 1, json: true, settings: config.ForData | config.ForPlace,
		summary: "Change a Trusted Domain: its label, its expiry, or whether it is on",
		about: `
With --dry-run and --on or --off nothing is changed: it says which origins that called
in the last 7 days would be judged otherwise.`,
		example: `
crossgate domain set app.example.com --label "Web shop" --expires never
crossgate domain set app.example.com --off --dry-run
crossgate domain set app.example.com --off`,
		verb: func() verb { return new(domainSet) },
	}
}

// domainSet is crossgate domain set.
type domainSet struct {
	label   *string
	expires expiry
	on, off bool
	dryRun  bool
}

func (v *domainSet) flags(fs *flag.FlagSet) {
	fs.Func("label", "`TEXT` what the entry is for", func(s string) error {
		v.label = &s
		return nil
	})
	v.expires.flag(fs, "when the entry stops being trusted")
	fs.BoolVar(&v.on, "on", false, "switch the entry on")
	fs.BoolVar(&v.off, "off", false, "switch the entry off, and keep it")
	fs.BoolVar(&v.dryRun, "dry-run", false, dryRunUsage)
}

func (v *domainSet) run(ctx context.Context, c *call) error {
	now := time.Now()
	in, err := v.change(now)
	if err != nil {
		return err
	}
	return c.withControl(ctx, func(service *control.Service) error {
		found, err := service.FindDomain(ctx, c.args[0])
		if err != nil {
			return err
		}
		if v.dryRun {
			change, would := v.rehearsed(found, now)
			return c.rehearse(ctx, service, would, change, found.Domain.String())
		}
		in.ID, in.Version = found.ID, found.Version
		changed, _, err := service.SetDomain(ctx, operator(), in)
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(portable.RecordOf(changed))
		}
		c.say("%s is %s%s", changed.Domain.Unicode(), domainState(changed, now), v.details(changed))
		return nil
	})
}

// change is what the flags ask for.
func (v *domainSet) change(now time.Time) (control.SetDomain, error) {
	in := control.SetDomain{Label: v.label}
	switch {
	case v.on && v.off:
		return in, wrongUse("domain set", "--on and --off exclude each other")
	case v.dryRun && !v.on && !v.off:
		return in, wrongUse("domain set", "--dry-run needs --on or --off: nothing else changes whether an origin is let in")
	case v.on || v.off:
		in.Enabled = &v.on
	case v.label == nil && !v.expires.given:
		return in, wrongUse("domain set", "there is nothing to change: give --label, --expires, --on or --off")
	}
	if v.expires.given {
		at := v.expires.time(now)
		in.Expires = &at
	}
	return in, nil
}

// details says what else was set.
func (v *domainSet) details(d control.Domain) string {
	text := ""
	if v.label != nil {
		text += fmt.Sprintf(", label %q", d.Label)
	}
	if v.expires.given {
		text += ", expires " + orNever(d.ExpiresAt)
	}
	return text
}
