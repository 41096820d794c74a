package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/trust"
)

func domainAddCommand() command {
	return command{
		name: "domain add", args: "ENTRY...", min: 1, max: -1, json: true, settings: config.ForData | config.ForPlace,
		summary: "Trust domains: all that are named, or none",
		about: `
An entry is a domain without https://, *.example.com for every name below it, or
HOST:PORT. "-" reads entries from standard input, separated by lines, commas or
spaces. A running server acts on them within a second.`,
		example: `
crossgate domain add app.example.com --label "Web shop"
crossgate domain add localhost:3000 --expires 24h
crossgate domain add - < domains.txt`,
		verb: func() verb { return new(domainAdd) },
	}
}

// domainAdd is crossgate domain add.
type domainAdd struct {
	additions
}

// additions are the flags of what adds entries.
type additions struct {
	label    string
	expires  expiry
	insecure bool
	yes      bool
	force    bool
	reason   string
}

func (a *additions) flags(fs *flag.FlagSet) {
	fs.StringVar(&a.label, "label", "", "`TEXT` what the entries are for")
	a.expires.flag(fs, "when the entries stop being trusted")
	fs.BoolVar(&a.insecure, "insecure", false, "confirm http:// and app schemes, where others can serve pages")
	fs.BoolVar(&a.yes, "yes", false, "confirm names that look like one that is trusted already")
	fs.BoolVar(&a.force, "force", false, "confirm a public suffix, below which strangers register names; needs --reason")
	fs.StringVar(&a.reason, "reason", "", "`TEXT` why --force, for the audit log")
}

func (v *domainAdd) run(ctx context.Context, c *call) error {
	text, err := v.text(c)
	if err != nil {
		return err
	}
	return v.add(ctx, c, text)
}

// text returns the entries of the arguments, and of standard input for "-".
func (v *domainAdd) text(c *call) ([]string, error) {
	var text []string
	for _, arg := range c.args {
		if arg != "-" {
			text = append(text, arg)
			continue
		}
		read, err := readEntries(c.stdin, "standard input")
		if err != nil {
			return nil, err
		}
		text = append(text, read)
	}
	return text, nil
}

// readEntries reads as much as can be added at once, and no more.
func readEntries(r io.Reader, name string) (string, error) {
	text, err := io.ReadAll(io.LimitReader(r, control.MaxText+1))
	if err != nil {
		return "", cannot("read "+name, err)
	}
	return string(text), nil
}

// add adds the entries and prints what became of each.
func (a *additions) add(ctx context.Context, c *call, text []string) error {
	if err := a.checkForce("domain add"); err != nil {
		return err
	}
	return c.withControl(ctx, func(service *control.Service) error {
		lines, _, err := service.AddDomains(ctx, operator(), control.AddDomains{
			Text:    text,
			Label:   a.label,
			Expires: a.expires.time(time.Now()),
			Confirm: a.confirmed(),
			Reason:  a.reason,
		})
		if refused, ok := errors.AsType[*control.Error](err); ok && len(refused.Lines) > 0 {
			return c.refusedLines(refused.Lines)
		}
		if err != nil {
			return err
		}
		return c.addedLines("added", lines)
	})
}

// checkForce sees to it that --force comes with its reason.
func (a *additions) checkForce(name string) error {
	if a.force && a.reason == "" {
		return wrongUse(name, "--force needs --reason TEXT, for the audit log")
	}
	return nil
}

// confirmed are the confirmations that the flags give.
func (a *additions) confirmed() []trust.Confirmation {
	var given []trust.Confirmation
	if a.insecure {
		given = append(given, trust.ConfirmInsecure)
	}
	if a.yes {
		given = append(given, trust.ConfirmLookAlike)
	}
	if a.force {
		given = append(given, trust.ConfirmPublicSuffix)
	}
	return given
}
