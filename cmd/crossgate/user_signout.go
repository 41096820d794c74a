package main

import (
	"context"
	"flag"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func userSignOutCommand() command {
	return command{
		name: "user sign-out", args: "NAME", min: 1, max: 1, settings: config.ForData,
		summary: "Sign a dashboard account out everywhere",
		example: `crossgate user sign-out ada`,
		verb:    func() verb { return new(userSignOut) },
	}
}

// userSignOut is crossgate user sign-out.
type userSignOut struct{}

func (*userSignOut) flags(*flag.FlagSet) {}

func (*userSignOut) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		if err := service.EndSessions(ctx, operator(), c.args[0]); err != nil {
			return err
		}
		c.say("%s is signed out everywhere", c.args[0])
		return nil
	})
}
