package main

import (
	"context"
	"flag"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func userRemoveCommand() command {
	return command{
		name: "user remove", args: "NAME", min: 1, max: 1, settings: config.ForData,
		summary: "Remove a dashboard account, and sign it out everywhere",
		example: `crossgate user remove ada`,
		verb:    func() verb { return new(userRemove) },
	}
}

// userRemove is crossgate user remove.
type userRemove struct{}

func (*userRemove) flags(*flag.FlagSet) {}

func (*userRemove) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		if err := service.RemoveAccount(ctx, operator(), c.args[0]); err != nil {
			return err
		}
		c.say("removed %s", c.args[0])
		return nil
	})
}
