package main

import (
	"context"
	"flag"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

const roleHelp = "`ROLE` viewer sees; editor also changes domains and tokens; owner also the policy, people and keys"

func keyCreateCommand() command {
	return command{
		name: "key create", json: true, settings: config.ForData,
		summary: "Make a key for the management API, and print it this once",
		about: `
The key alone goes to standard output, so that a script can keep it. Programs send
it as Authorization: Bearer cga_… to /api/v1/ at the dashboard's address.`,
		example: `
crossgate key create --name backup --role viewer --expires 90d
KEY=$(crossgate key create --name deploy --role editor)
crossgate key create --name billing-ci --role editor --site billing`,
		verb: func() verb { return new(keyCreate) },
	}
}

// keyCreate is crossgate key create.
type keyCreate struct {
	name    string
	role    control.Role
	expires expiry
	site    string
}

func (v *keyCreate) flags(fs *flag.FlagSet) {
	fs.StringVar(&v.name, "name", "", "`TEXT` what the key is for (required)")
	fs.Func("role", roleHelp+" (required)", roleOf(&v.role))
	v.expires.flag(fs, "when the key stops being valid")
	fs.StringVar(&v.site, "site", "", "`NAME` the only site that the key is of use at")
}

// roleOf reads a role.
func roleOf(to *control.Role) func(string) error {
	return func(s string) (err error) {
		*to, err = control.ParseRole(s)
		return err
	}
}

func (v *keyCreate) run(ctx context.Context, c *call) error {
	switch {
	case v.name == "":
		return wrongUse("key create", "--name is missing: say what the key is for")
	case v.role == "":
		return wrongUse("key create", "--role is missing: viewer, editor or owner")
	}
	return c.withControl(ctx, func(service *control.Service) error {
		here, err := service.ForSite(ctx, v.site)
		if err != nil {
			return nearestSite(ctx, service, v.site, err)
		}
		made, secret, err := here.CreateKey(ctx, operator(), control.CreateKey{
			Name: v.name, Role: v.role, Expires: v.expires.time(time.Now()), OneSite: v.site != "",
		})
		if err != nil {
			return err
		}
		if c.json {
			shown := keyToJSON(made, siteNames{made.Site: here.Place().Name})
			shown.Secret = secret
			return c.printJSON(shown)
		}
		c.say("%s", secret)
		c.note("%s (%s), %s, expires %s. It is shown this once: keep it now.", made.Name, made.ID, made.Role, orNever(made.ExpiresAt))
		return nil
	})
}
