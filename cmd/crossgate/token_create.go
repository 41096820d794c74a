package main

import (
	"context"
	"flag"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/token"
)

func tokenCreateCommand() command {
	return command{
		name: "token create", json: true, settings: config.ForData | config.ForPlace,
		summary: "Make an access token, and print it this once",
		about: `
The token alone goes to standard output, so that a script can keep it. A token
that is bound to domains needs pages of theirs, unless it is for --servers, too.`,
		example: `
crossgate token create --name "Web shop" --domain app.example.com --method GET --expires 30d
TOKEN=$(crossgate token create --name nightly --path-prefix /api/v2)`,
		verb: func() verb { return new(tokenCreate) },
	}
}

// tokenCreate is crossgate token create.
type tokenCreate struct {
	name       string
	expires    expiry
	domains    []string
	methods    []string
	pathPrefix string
	servers    bool
	queryToken token.QueryCarrier
}

func (v *tokenCreate) flags(fs *flag.FlagSet) {
	fs.StringVar(&v.name, "name", "", "`TEXT` what the token is for (required)")
	v.expires.flag(fs, "when the token stops being valid")
	fs.Func("domain", "`ENTRY` a Trusted Domain whose pages may use it (repeatable; default all)", appendTo(&v.domains))
	fs.Func("method", "`METHOD` a method that it may be used with (repeatable; default all)", appendTo(&v.methods))
	fs.StringVar(&v.pathPrefix, "path-prefix", "", "`PATH` where it may be used, as in /api/v2 (default everywhere)")
	fs.BoolVar(&v.servers, "servers", false, "with --domain: also of use without an Origin, for servers")
	fs.Func("query-token", "`full|read|off` which requests may carry it in their URL, which others may log: all, GET and HEAD, none (default full)", func(s string) error {
		v.queryToken = token.QueryCarrier(s)
		return nil
	})
}

// appendTo collects the values of a flag that may be repeated.
func appendTo(list *[]string) func(string) error {
	return func(s string) error {
		*list = append(*list, s)
		return nil
	}
}

func (v *tokenCreate) run(ctx context.Context, c *call) error {
	if v.name == "" {
		return wrongUse("token create", "--name is missing: say what the token is for")
	}
	return c.withControl(ctx, func(service *control.Service) error {
		made, secret, err := service.CreateToken(ctx, operator(), control.CreateToken{
			Name:       v.name,
			Expires:    v.expires.time(time.Now()),
			Methods:    v.methods,
			PathPrefix: v.pathPrefix,
			Domains:    v.domains,
			Servers:    v.servers,

			QueryCarrier: v.queryToken,
		})
		if err != nil {
			return err
		}
		if c.json {
			shown := tokenToJSON(made)
			shown.Secret = secret
			return c.printJSON(shown)
		}
		c.say("%s", secret)
		c.note("%s (%s), expires %s. It is shown this once: keep it now.", made.Name, made.ID, orNever(made.ExpiresAt))
		return nil
	})
}
