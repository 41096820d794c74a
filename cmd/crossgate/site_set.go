package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"

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

func (v *siteSet) flags(fs *flag.FlagSet) {
	set := func(name, usage string, read func(string) error) {
		fs.Func(name, usage, func(s string) error {
			v.given = true
			return read(s)
		})
	}
	set("credentials", "`on|off` pages of trusted https origins may send the visitor's cookies, and so act as the visitor", onOffTo(&v.in.Credentials))
	set("methods", "`LIST` methods that pages of trusted origins may use, as in GET,POST", v.methods)
	set("headers", "`any|LIST` request headers that they may send, as in Content-Type,X-Request-Id", v.headers)
	set("expose", "`all|none|LIST` response headers that they may read", v.expose)
	set("max-age", "`DURATION` how long browsers keep a preflight's answer, as in 2h; 0s: not at all", v.maxAge)
	set("query-token", "`full|read|off` which requests may carry a token in their URL, which others may log: all, GET and HEAD, none", textTo(&v.in.QueryCarrier))
	set("token-required", "`on|off` refuse whoever has no token", onOffTo(&v.in.TokenRequired))
	set("open-envelopes", "`on|off` envelopes need no token: pages of trusted origins may do so what they may without one", onOffTo(&v.in.OpenEnvelopes))
	set("mode", "`enforce|observe` observe lets every page in: requests of untrusted origins are carried as they are, and named in the access log", textTo(&v.in.Mode))
	set("exempt", "`'METHOD PATH'` pages of any origin may call this path and what is below it (repeatable; replaces those that are set)", v.addExempt)
	fs.BoolVar(&v.noExempt, "no-exempt", false, "pages of untrusted origins may call no path")
	fs.BoolVar(&v.credential, "upstream-credential-stdin", false, "read from standard input what the API gets as Authorization, in place of a verified access token")
	fs.BoolVar(&v.noCredential, "no-upstream-credential", false, "the API gets no credential of Crossgate's")
}

func onOffTo(to **bool) func(string) error {
	return func(s string) error {
		if s != "on" && s != "off" {
			return errors.New("write on or off")
		}
		on := s == "on"
		*to = &on
		return nil
	}
}

// textTo keeps a word, which the control plane judges.
func textTo[T ~string](to **T) func(string) error {
	return func(s string) error {
		word := T(s)
		*to = &word
		return nil
	}
}

func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

func (v *siteSet) methods(s string) error {
	list := words(strings.ToUpper(s))
	v.in.Methods = &list
	return nil
}

func (v *siteSet) headers(s string) error {
	every, list := s == "any", []string{}
	if !every && s != "none" {
		list = words(s)
	}
	v.in.AnyHeader, v.in.Headers = &every, &list
	return nil
}

func (v *siteSet) expose(s string) error {
	var list []string // nil: all
	switch s {
	case "all":
	case "none":
		list = []string{}
	default:
		list = words(s)
	}
	v.in.Expose = &list
	return nil
}

func (v *siteSet) maxAge(s string) error {
	d, err := time.ParseDuration(s)
	if err != nil {
		return errors.New("write a duration, as in 2h, 10m or 0s")
	}
	v.in.MaxAge = &d
	return nil
}

func (v *siteSet) addExempt(s string) error {
	method, path, _ := strings.Cut(strings.TrimSpace(s), " ")
	v.exempt = append(v.exempt, gate.ExemptPath{Method: strings.ToUpper(method), Path: strings.TrimSpace(path)})
	v.in.Exempt = &v.exempt
	return nil
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
