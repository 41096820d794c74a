package main

import (
	"context"
	"flag"
	"net/url"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/signin"
)

func userInviteCommand() command {
	return command{
		name: "user invite", args: "NAME", min: 1, max: 1, json: true, settings: config.ForData | config.ForInvite,
		summary: "Print a link with which somebody makes their own account, once",
		about: `
The link holds for 7 days and is printed this once. Whoever has it chooses the
password: send it to nobody else. An earlier link for the same name ends.`,
		example: `crossgate user invite ada --role editor --dashboard-url https://crossgate.example.com`,
		verb:    func() verb { return new(userInvite) },
	}
}

// userInvite is crossgate user invite.
type userInvite struct {
	role control.Role
	site string
}

func (v *userInvite) flags(fs *flag.FlagSet) {
	fs.Func("role", roleHelp+" (required)", roleOf(&v.role))
	fs.StringVar(&v.site, "site", "", "`NAME` the only site that the account will see")
}

// invitationJSON is an invitation as scripts read it.
type invitationJSON struct {
	ID        int64        `json:"id"`
	Link      string       `json:"link"`
	Name      string       `json:"name"`
	Role      control.Role `json:"role"`
	ExpiresAt *time.Time   `json:"expires_at"`
}

func (v *userInvite) run(ctx context.Context, c *call) error {
	if v.role == "" {
		return wrongUse("user invite", "--role is missing: viewer, editor or owner")
	}
	return c.withControl(ctx, func(service *control.Service) error {
		invite := service.Invite
		if v.site != "" {
			here, err := service.ForSite(ctx, v.site)
			if err != nil {
				return nearestSite(ctx, service, v.site, err)
			}
			invite = here.InviteTo
		}
		secret, made, err := invite(ctx, operator(), c.args[0], v.role)
		if err != nil {
			return err
		}
		link := invitationLink(c.settings, secret)
		if c.json {
			return c.printJSON(invitationJSON{ID: made.ID, Link: link, Name: made.Name, Role: made.Role, ExpiresAt: jsonTime(made.ExpiresAt)})
		}
		c.say("%s", link)
		c.note("%s becomes %s with this link, once, until %s. It is shown this once.", made.Name, made.Role, orNever(made.ExpiresAt))
		return nil
	})
}

// invitationLink is where an invitation is accepted: at the dashboard's URL, or else
// where it listens.
func invitationLink(settings *config.Config, secret string) string {
	base := settings.DashboardURL.String()
	if base == "" {
		base = "http://" + settings.Dashboard
	}
	return base + signin.InvitationPath + "?" + url.Values{"secret": {secret}}.Encode()
}
