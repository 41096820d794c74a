package main

import (
	"context"
	"flag"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func userListCommand() command {
	return command{
		name: "user list", json: true, settings: config.ForData,
		summary: "List the dashboard accounts",
		example: `crossgate user list`,
		verb:    func() verb { return new(userList) },
	}
}

// userList is crossgate user list.
type userList struct{}

func (*userList) flags(*flag.FlagSet) {}

func (*userList) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		accounts, err := service.Accounts(ctx)
		if err != nil {
			return err
		}
		if c.json {
			list := make([]accountJSON, len(accounts))
			for i, a := range accounts {
				list[i] = accountToJSON(a)
			}
			return c.printJSON(list)
		}
		return c.tabulateAccounts(accounts)
	})
}

func (c *call) tabulateAccounts(accounts []control.Account) error {
	if len(accounts) == 0 {
		c.note("no accounts; add one with: crossgate user add NAME")
		return nil
	}
	t := newTable(c.stdout, "NAME", "ROLE", "ADDED", "LAST SIGN-IN")
	for _, a := range accounts {
		role := string(a.Role)
		if a.Confined {
			role = "at its sites"
		}
		t.row(a.Name, role, shownTime(a.CreatedAt), shownTime(a.LastLogin))
	}
	return t.flush()
}
