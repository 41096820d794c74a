package main

import (
	"context"
	"flag"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func userConfineCommand() command {
	return command{
		name: "user confine", args: "NAME", min: 1, max: 1, settings: config.ForData,
		summary: "Let an account do nothing but what it may as a member of sites",
		about: `
Its own role counts nowhere until user free. What it may do at a site is given with:
crossgate site member add NAME --site SITE. The last owner stays free.`,
		example: `crossgate user confine ada`,
		verb:    func() verb { return &userConfine{confined: true} },
	}
}

func userFreeCommand() command {
	return command{
		name: "user free", args: "NAME", min: 1, max: 1, settings: config.ForData,
		summary: "Let an account's own role count at every site again",
		about: `
That of an account which was made for one site is viewer; user role gives another.`,
		example: `crossgate user free ada`,
		verb:    func() verb { return new(userConfine) },
	}
}

// userConfine is crossgate user confine, and user free.
type userConfine struct{ confined bool }

func (*userConfine) flags(*flag.FlagSet) {}

func (v *userConfine) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		if err := service.Confine(ctx, operator(), c.args[0], v.confined); err != nil {
			return err
		}
		a, err := service.Account(ctx, c.args[0])
		if err != nil {
			return err
		}
		if v.confined {
			c.say("%s is confined to the sites where it is a member", a.Name)
			return nil
		}
		c.say("%s is %s of every site", a.Name, a.Role)
		return nil
	})
}
