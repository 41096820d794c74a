package main

import (
	"context"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func userAddCommand() command {
	return command{
		name: "user add", args: "NAME", min: 1, max: 1, json: true, settings: config.ForData,
		summary: "Add a dashboard account",
		about:   passwordHelp,
		example: `
crossgate user add ada
openssl rand -base64 18 | tee password.txt | crossgate user add ada --password-stdin`,
		verb: func() verb { return new(userAdd) },
	}
}

// userAdd is crossgate user add.
type userAdd struct{ passwordSource }

func (v *userAdd) run(ctx context.Context, c *call) error {
	password, err := v.read(c, "user add")
	if err != nil {
		return err
	}
	return c.withControl(ctx, func(service *control.Service) error {
		added, err := service.AddAccount(ctx, operator(), c.args[0], password, control.RoleOwner)
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(accountToJSON(added))
		}
		c.say("added %s", added.Name)
		return nil
	})
}
