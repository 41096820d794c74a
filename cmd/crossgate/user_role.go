package main

import (
	"context"
	"flag"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func userRoleCommand() command {
	return command{
		name: "user role", args: "NAME ROLE", min: 2, max: 2, json: true, settings: config.ForData,
		summary: "Give a dashboard account another role",
		about: `
A viewer sees; an editor also changes Trusted Domains and access tokens; an owner
also the policy, people and management keys. The last owner stays one.`,
		example: `crossgate user role ada editor`,
		verb:    func() verb { return new(userRole) },
	}
}

// userRole is crossgate user role.
type userRole struct{}

func (*userRole) flags(*flag.FlagSet) {}

func (*userRole) run(ctx context.Context, c *call) error {
	role, err := control.ParseRole(c.args[1])
	if err != nil {
		return err
	}
	return c.withControl(ctx, func(service *control.Service) error {
		changed, err := service.SetRole(ctx, operator(), c.args[0], role)
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(accountToJSON(changed))
		}
		c.say("%s is %s now", changed.Name, changed.Role)
		return nil
	})
}
