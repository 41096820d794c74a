package main

import (
	"context"
	"flag"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func userAddCommand() command {
	return command{
		name: "user add", args: "NAME", min: 1, max: 1, json: true, settings: config.ForData,
		summary: "Add a dashboard account",
		about: `
The first account is an owner; one without --role is a viewer after that. With --site
the role counts at that site, and the account sees no other.
` + passwordHelp,
		example: `
crossgate user add ada --role editor
openssl rand -base64 18 | tee password.txt | crossgate user add ada --password-stdin`,
		verb: func() verb { return new(userAdd) },
	}
}

// userAdd is crossgate user add.
type userAdd struct {
	passwordSource
	role control.Role
	site string
}

func (v *userAdd) flags(fs *flag.FlagSet) {
	v.passwordSource.flags(fs)
	fs.Func("role", roleHelp, roleOf(&v.role))
	fs.StringVar(&v.site, "site", "", "`NAME` the only site that the account sees")
}

func (v *userAdd) run(ctx context.Context, c *call) error {
	password, err := v.read(c, "user add")
	if err != nil {
		return err
	}
	return c.withControl(ctx, func(service *control.Service) error {
		role, err := v.roleIn(ctx, service)
		if err != nil {
			return err
		}
		if v.site != "" {
			return v.addConfined(ctx, c, service, password, role)
		}
		added, err := service.AddAccount(ctx, operator(), c.args[0], password, role)
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(accountToJSON(added))
		}
		c.say("added %s as %s", added.Name, added.Role)
		return nil
	})
}

// addConfined makes an account that sees one site.
func (v *userAdd) addConfined(ctx context.Context, c *call, service *control.Service, password string, role control.Role) error {
	here, err := service.ForSite(ctx, v.site)
	if err != nil {
		return nearestSite(ctx, service, v.site, err)
	}
	added, err := here.AddConfined(ctx, operator(), c.args[0], password, role)
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(accountToJSON(added))
	}
	c.say("added %s as %s of %s alone", added.Name, role, here.Place().Name)
	return nil
}

// roleIn is the role that was given, or else that of the first account or of another.
func (v *userAdd) roleIn(ctx context.Context, service *control.Service) (control.Role, error) {
	if v.role != "" {
		return v.role, nil
	}
	have, err := service.Accounts(ctx)
	if err == nil && len(have) == 0 {
		return control.RoleOwner, nil
	}
	return control.RoleViewer, err
}
