package main

import (
	"context"
	"flag"
	"strings"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func keyRevokeCommand() command {
	return command{
		name: "key revoke", args: "ID", min: 1, max: 1, json: true, settings: config.ForData,
		summary: "End a management key for good",
		about: `
ID is what key list shows, key_…; never the key itself, which would stay in the
shell's history. It is refused from now on.`,
		example: `crossgate key revoke key_4a6rjq2mzsv3ydcl`,
		verb:    func() verb { return new(keyRevoke) },
	}
}

// keyRevoke is crossgate key revoke.
type keyRevoke struct{}

func (*keyRevoke) flags(*flag.FlagSet) {}

func (*keyRevoke) run(ctx context.Context, c *call) error {
	if strings.HasPrefix(c.args[0], "cga_") {
		return wrongUse("key revoke", "that is the key itself; name it by its id, which key list shows")
	}
	return c.withControl(ctx, func(service *control.Service) error {
		revoked, err := service.RevokeKey(ctx, operator(), c.args[0])
		if err != nil {
			return err
		}
		if c.json {
			names, err := namesOf(ctx, service, revoked)
			if err != nil {
				return err
			}
			return c.printJSON(keyToJSON(revoked, names))
		}
		c.say("revoked %s (%s)", revoked.ID, revoked.Name)
		return nil
	})
}
