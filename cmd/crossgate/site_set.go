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
		name: "site set", json: true, settings: config.ForData | config.ForSeal,
		summary: "Change the site's policy: what it grants to whom",
		about: `
What is not named stays as it is. A running server acts on it within a second. The
upstream credential is sealed with a key that is not in the database: the file
beside it, --secret-key-file, or CROSSGATE_SECRET_KEY.`,
		example: `
crossgate site set --methods GET,POST --headers Content-Type --max-age 10m
crossgate site set --exempt "POST /saml/acs" --token-required on
crossgate site set --upstream-credential-stdin < credential.txt`,
		verb: func() verb { return new(siteSet) },
	}
}

// siteSet is crossgate site set.
type siteSet struct {
	in           control.SetPolicy
	given        bool
	exempt       []gate.ExemptPath
	noExempt     bool
	credential   bool
	noCredential bool
}

func (v *siteSet) run(ctx context.Context, c *call) error {
	if err := v.complete(c); err != nil {
		return err
	}
	return c.withControl(ctx, func(service *control.Service) error {
		p, change, err := service.SetPolicy(ctx, operator(), v.in)
		if refused, ok := errors.AsType[*control.Error](err); ok && len(refused.Fields) > 0 {
			return wrongUse("site set", fieldLines(refused.Fields))
		}
		switch {
		case err != nil:
			return err
		case c.json:
			return c.printJSON(policyToJSON(p, nil))
		case change.ID == 0:
			c.say("nothing was changed: the policy is like that already")
			return nil
		}
		c.say("%s", change.Summary)
		return nil
	})
}

// complete checks the flags against each other, and reads the credential.
func (v *siteSet) complete(c *call) error {
	switch {
	case v.noExempt && len(v.exempt) > 0:
		return wrongUse("site set", "--exempt and --no-exempt exclude each other")
	case v.credential && v.noCredential:
		return wrongUse("site set", "--upstream-credential-stdin and --no-upstream-credential exclude each other")
	case !v.given && !v.noExempt && !v.credential && !v.noCredential:
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
