package main

import (
	"context"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func userPasswordCommand() command {
	return command{
		name: "user password", args: "NAME", min: 1, max: 1, settings: config.ForData,
		summary: "Give a dashboard account another password, and sign it out everywhere",
		about:   passwordHelp,
		example: `crossgate user password ada`,
		verb:    func() verb { return new(userPassword) },
	}
}

// userPassword is crossgate user password.
type userPassword struct{ passwordSource }

func (v *userPassword) run(ctx context.Context, c *call) error {
	password, err := v.read(c, "user password")
	if err != nil {
		return err
	}
	return c.withControl(ctx, func(service *control.Service) error {
		if err := service.SetPassword(ctx, operator(), c.args[0], password); err != nil {
			return err
		}
		c.say("changed the password of %s; all its sessions have ended", c.args[0])
		return nil
	})
}
