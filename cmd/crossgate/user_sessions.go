package main

import (
	"context"
	"flag"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func userSessionsCommand() command {
	return command{
		name: "user sessions", args: "NAME", min: 1, max: 1, json: true, settings: config.ForData,
		summary: "List the browsers in which a dashboard account is signed in",
		example: `crossgate user sessions ada`,
		verb:    func() verb { return new(userSessions) },
	}
}

// userSessions is crossgate user sessions.
type userSessions struct{}

func (*userSessions) flags(*flag.FlagSet) {}

// sessionJSON is a signed-in browser as scripts read it.
type sessionJSON struct {
	ID        string     `json:"id"`
	CreatedAt *time.Time `json:"created_at"`
	SeenAt    *time.Time `json:"seen_at"`
	Address   string     `json:"address"`
	UserAgent string     `json:"user_agent"`
}

func (*userSessions) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		open, err := service.Sessions(ctx, c.args[0])
		switch {
		case err != nil:
			return err
		case c.json:
			list := make([]sessionJSON, len(open))
			for i, s := range open {
				list[i] = sessionJSON{s.ID, jsonTime(s.CreatedAt), jsonTime(s.SeenAt), s.Address, s.UserAgent}
			}
			return c.printJSON(list)
		case len(open) == 0:
			c.note("%s is not signed in anywhere", c.args[0])
			return nil
		}
		return c.tabulateSessions(open)
	})
}

func (c *call) tabulateSessions(open []control.SessionInfo) error {
	t := newTable(c.stdout, "ID", "SINCE", "LAST SEEN", "ADDRESS", "BROWSER")
	for _, s := range open {
		t.row(s.ID, shownTime(s.CreatedAt), shownTime(s.SeenAt), s.Address, s.UserAgent)
	}
	return t.flush()
}
