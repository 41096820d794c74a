package main

import (
	"context"
	"flag"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/token"
)

func tokenRevokeCommand() command {
	return command{
		name: "token revoke", args: "ID", min: 1, max: 1, json: true, settings: config.ForData | config.ForPlace,
		summary: "End an access token for good",
		about: `
ID is what token list shows, tok_…; never the token itself, which would stay in the
shell's history. A running server refuses the token within a second.`,
		example: `crossgate token revoke tok_4a6rjq2mzsv3ydcl`,
		verb:    func() verb { return new(tokenRevoke) },
	}
}

// tokenRevoke is crossgate token revoke.
type tokenRevoke struct{}

func (*tokenRevoke) flags(*flag.FlagSet) {}

func (*tokenRevoke) run(ctx context.Context, c *call) error {
	if token.IsOurs(c.args[0]) {
		return wrongUse("token revoke", "that is the token itself; name it by its id, which token list shows")
	}
	return c.withControl(ctx, func(service *control.Service) error {
		revoked, err := service.RevokeToken(ctx, operator(), c.args[0])
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(tokenToJSON(revoked))
		}
		c.say("revoked %s (%s)", revoked.ID, revoked.Name)
		return nil
	})
}
