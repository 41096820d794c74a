package main

import (
	"context"
	"flag"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

const membersAbout = `
A member has a role at this site beside what its account may do everywhere. An account
that may do nothing elsewhere is made with: crossgate user add NAME --site SITE`

func siteMemberAddCommand() command {
	return command{
		name: "site member add", args: "NAME", min: 1, max: 1, json: true, settings: config.ForData | config.ForPlace,
		summary: "Give an account a role at a site, or another one",
		about:   membersAbout,
		example: `crossgate site member add ada --site billing --role editor`,
		verb:    func() verb { return new(siteMemberAdd) },
	}
}

// siteMemberAdd is crossgate site member add.
type siteMemberAdd struct{ role control.Role }

func (v *siteMemberAdd) flags(fs *flag.FlagSet) {
	v.role = control.RoleViewer
	fs.Func("role", "`ROLE` viewer sees; editor also changes domains and tokens; owner also the policy and members (default viewer)", roleOf(&v.role))
}

func (v *siteMemberAdd) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		if err := service.SetMember(ctx, operator(), c.args[0], v.role); err != nil {
			return err
		}
		if c.json {
			return c.listMembers(ctx, service)
		}
		c.say("%s is %s of %s now", c.args[0], v.role, service.Place().Name)
		return nil
	})
}

func siteMemberListCommand() command {
	return command{
		name: "site member list", json: true, settings: config.ForData | config.ForPlace,
		summary: "List the accounts that have a role at a site of its own",
		about:   membersAbout,
		example: `crossgate site member list --site billing`,
		verb:    func() verb { return new(siteMemberList) },
	}
}

// siteMemberList is crossgate site member list.
type siteMemberList struct{}

func (*siteMemberList) flags(*flag.FlagSet) {}

func (*siteMemberList) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error { return c.listMembers(ctx, service) })
}

// memberJSON is a member as scripts read it.
type memberJSON struct {
	Name       string       `json:"name"`
	Role       control.Role `json:"role"`
	Everywhere control.Role `json:"everywhere"` // "": nothing elsewhere
}

func (c *call) listMembers(ctx context.Context, service *control.Service) error {
	members, err := service.Members(ctx)
	if err != nil {
		return err
	}
	if c.json {
		list := make([]memberJSON, len(members))
		for i, m := range members {
			list[i] = memberJSON{m.Account, m.Role, m.Everywhere}
		}
		return c.printJSON(list)
	}
	if len(members) == 0 {
		c.note("%s has no members; add one with: crossgate site member add NAME --site %s", service.Place().Name, service.Place().Name)
		return nil
	}
	t := newTable(c.stdout, "NAME", "ROLE HERE", "ROLE EVERYWHERE")
	for _, m := range members {
		t.row(m.Account, string(m.Role), orNone(string(m.Everywhere)))
	}
	return t.flush()
}

func siteMemberRemoveCommand() command {
	return command{
		name: "site member remove", args: "NAME", min: 1, max: 1, settings: config.ForData | config.ForPlace,
		summary: "Take an account's role at a site away",
		about:   membersAbout,
		example: `crossgate site member remove ada --site billing`,
		verb:    func() verb { return new(siteMemberRemove) },
	}
}

// siteMemberRemove is crossgate site member remove.
type siteMemberRemove struct{}

func (*siteMemberRemove) flags(*flag.FlagSet) {}

func (*siteMemberRemove) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		if err := service.RemoveMember(ctx, operator(), c.args[0]); err != nil {
			return err
		}
		c.say("%s is no member of %s any more", c.args[0], service.Place().Name)
		return nil
	})
}
