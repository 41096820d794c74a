package api

import (
	"net/http"
	"net/url"

	"github.com/crossgate/crossgate/internal/control"
)

// items is a list that is short enough to be had whole.
type items[T any] struct {
	Items []T `json:"items"`
}

func (a *API) listUsers(c *call) (answer, error) {
	all, err := c.control.Accounts(c.Context())
	return answer{body: items[userJSON]{each(all, userToJSON)}}, err
}

func (a *API) showUser(c *call) (answer, error) {
	u, err := c.control.Account(c.Context(), c.PathValue("name"))
	return answer{body: userToJSON(u)}, err
}

func (a *API) setUser(c *call) (answer, error) {
	var role control.Role
	var confined *bool
	if err := c.decode(members{"role": &role, "confined": &confined}); err != nil {
		return answer{}, err
	}
	if confined != nil {
		if role != "" {
			return answer{}, refusedField("confined", "change the role and whether the account is confined in two requests")
		}
		return a.confine(c, *confined)
	}
	u, err := c.control.SetRole(c.Context(), c.actor, c.PathValue("name"), role)
	return answer{body: userToJSON(u)}, err
}

// confine lets an account do nothing but what its memberships allow, or frees it of that.
func (a *API) confine(c *call, confined bool) (answer, error) {
	if err := c.control.Confine(c.Context(), c.actor, c.PathValue("name"), confined); err != nil {
		return answer{}, err
	}
	return a.showUser(c)
}

func (a *API) removeUser(c *call) (answer, error) {
	return gone(c.control.RemoveAccount(c.Context(), c.actor, c.PathValue("name")))
}

func (a *API) listSessions(c *call) (answer, error) {
	all, err := c.control.Sessions(c.Context(), c.PathValue("name"))
	return answer{body: items[sessionJSON]{each(all, sessionToJSON)}}, err
}

func (a *API) endSessions(c *call) (answer, error) {
	return gone(c.control.EndSessions(c.Context(), c.actor, c.PathValue("name")))
}

func (a *API) endSession(c *call) (answer, error) {
	return gone(c.control.EndSession(c.Context(), c.actor, c.PathValue("id")))
}

func (a *API) listInvitations(c *call) (answer, error) {
	open, err := c.control.Invitations(c.Context())
	if err != nil {
		return answer{}, err
	}
	var ids []int64
	for _, i := range open {
		if i.Site != 0 {
			ids = append(ids, i.Site)
		}
	}
	names, err := c.control.SiteNames(c.Context(), ids)
	return answer{body: items[invitationJSON]{each(open, func(i control.Invitation) invitationJSON { return invitationToJSON(i, names) })}}, err
}

// invitationPath is the dashboard's page on which an invited person chooses a password.
const invitationPath = "/invitation"

func (a *API) invite(c *call) (answer, error) {
	var name string
	var role control.Role
	var site *string
	if err := c.decode(members{"name": &name, "role": &role, "site": &site}); err != nil {
		return answer{}, err
	}
	here, invite := c.control, c.control.Invite
	if site != nil {
		var err error
		if here, err = c.control.ForSite(c.Context(), *site); err != nil {
			return answer{}, ofField("site", err)
		}
		invite = here.InviteTo
	}
	secret, made, err := invite(c.Context(), c.actor, name, role)
	if err != nil {
		return answer{}, err
	}
	shown := invitationToJSON(made, map[int64]string{made.Site: here.Place().Name})
	shown.Path = invitationPath + "?" + url.Values{"secret": {secret}}.Encode()
	return answer{status: http.StatusCreated, body: shown, secret: true}, nil
}

func (a *API) revokeInvitation(c *call) (answer, error) {
	id, err := c.id()
	if err != nil {
		return answer{}, err
	}
	return gone(c.control.RevokeInvitation(c.Context(), c.actor, id))
}

// gone is the answer of what leaves nothing to show.
func gone(err error) (answer, error) { return answer{status: http.StatusNoContent}, err }
