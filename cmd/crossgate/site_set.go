package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
)

func siteSetCommand() command {
	return command{
		name: "site set", args: "[NAME]", max: 1, json: true, settings: config.ForData | config.ForSeal | config.ForSite | config.ForPlace,
		summary: "Change a site's policy: what it grants to whom, or where it is found",
		about: `
What is not named stays as it is. A running server acts on it within a second. Without
NAME the site default is meant, of which serve is told where it is found. The
upstream credential is sealed with a key that is not in the database: the file
beside it, --secret-key-file, or CROSSGATE_SECRET_KEY.`,
		example: `
crossgate site set --methods GET,POST --headers Content-Type --max-age 10m
crossgate site set --exempt "POST /saml/acs" --token-required on
crossgate site set --upstream-credential-stdin < credential.txt
crossgate site set billing --upstream http://10.0.0.5:80 --upstream http://10.0.0.6:80 --mode observe`,
		verb: func() verb { return new(siteSet) },
	}
}

// siteSet is crossgate site set.
type siteSet struct {
	described
	in           control.SetPolicy
	on, off      bool
	given        bool
	exempt       []gate.ExemptPath
	noExempt     bool
	credential   bool
	noCredential bool
}

func (v *siteSet) run(ctx context.Context, c *call) error {
	if err := c.named("site set"); err != nil {
		return err
	}
	if err := v.complete(c); err != nil {
		return err
	}
	return c.withControl(ctx, func(service *control.Service) error {
		p, changes, err := service.SetWhole(ctx, operator(), v.site(), v.in)
		if refused, ok := errors.AsType[*control.Error](err); ok && len(refused.Fields) > 0 {
			return wrongUse("site set", fieldLines(refused.Fields))
		}
		switch {
		case err != nil:
			return err
		case c.json:
			return c.printSite(ctx, service, p)
		case len(changes) == 0:
			c.say("nothing was changed: %s", map[bool]string{true: "the site", false: "the policy"}[v.describes()]+" is like that already")
		}
		for _, change := range changes {
			c.say("%s", change.Summary)
		}
		return nil
	})
}

// printSite prints a site with its policy for scripts.
func (c *call) printSite(ctx context.Context, service *control.Service, p control.Policy) error {
	site, err := service.SiteNamed(ctx, service.Place().Name)
	if err != nil {
		return err
	}
	return c.printJSON(siteToJSON(site, p, nil))
}

// site is what is asked for besides the policy.
func (v *siteSet) site() control.SetSite {
	in := control.SetSite{Addresses: v.addresses, Upstreams: v.upstreams, HealthPath: v.healthPath}
	if v.on || v.off {
		in.Enabled = &v.on
	}
	return in
}

// describes reports whether more than the policy is to be changed.
func (v *siteSet) describes() bool { return v.described.given() || v.on || v.off }

// complete checks the flags against each other, and reads the credential.
func (v *siteSet) complete(c *call) error {
	switch {
	case v.on && v.off:
		return wrongUse("site set", "--on and --off exclude each other")
	case v.addresses != nil && len(*v.addresses) == 0, v.upstreams != nil && len(*v.upstreams) == 0:
		return wrongUse("site set", "a site has an address and an upstream: to stop it, use --off")
	case v.noExempt && len(v.exempt) > 0:
		return wrongUse("site set", "--exempt and --no-exempt exclude each other")
	case v.credential && v.noCredential:
		return wrongUse("site set", "--upstream-credential-stdin and --no-upstream-credential exclude each other")
	case !v.given && !v.describes() && !v.noExempt && !v.credential && !v.noCredential:
		return wrongUse("site set", "there is nothing to change: give a flag, as in --max-age 2h")
	case v.noExempt:
		v.in.Exempt = &v.exempt
	}
	if v.noCredential {
		v.in.UpstreamCredential = new(string)
	}
	if !v.credential {
		return nil
	}
	text, err := firstLine(c.stdin, "upstream credential", control.MaxCredential)
	if err == nil && strings.TrimSpace(text) == "" {
		return wrongUse("site set", "standard input is empty: give the whole value of Authorization, as in Bearer …")
	}
	v.in.UpstreamCredential = &text
	return err
}

// fieldLines is a line for each mistake, with its flag.
func fieldLines(fields []*control.Error) string {
	flags := map[string]string{"query-carrier": "query-token", "upstream-credential": "upstream-credential-stdin"}
	lines := make([]string, len(fields))
	for i, f := range fields {
		name := f.Field
		if other, ok := flags[name]; ok {
			name = other
		}
		lines[i] = fmt.Sprintf("--%s: %s", name, f.Message)
	}
	return strings.Join(lines, "\n")
}
