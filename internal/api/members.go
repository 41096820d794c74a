package api

import "github.com/crossgate/crossgate/internal/control"

// memberJSON is an account with a role at a site.
type memberJSON struct {
	Name       string        `json:"name"`
	Role       control.Role  `json:"role"`
	Everywhere *control.Role `json:"everywhere"` // null: nothing elsewhere, or not for this key to know
}

func (a *API) listMembers(c *call) (answer, error) {
	all, err := c.control.Members(c.Context())
	return answer{body: items[memberJSON]{each(all, c.memberToJSON)}}, err
}

func (c *call) memberToJSON(m control.Member) memberJSON {
	shown := memberJSON{Name: m.Account, Role: m.Role}
	if m.Everywhere != "" && c.key.Site == 0 {
		shown.Everywhere = &m.Everywhere
	}
	return shown
}

func (a *API) setMember(c *call) (answer, error) {
	var role control.Role
	if err := c.decode(members{"role": &role}); err != nil {
		return answer{}, err
	}
	return gone(c.control.SetMember(c.Context(), c.actor, c.PathValue("name"), role))
}

func (a *API) removeMember(c *call) (answer, error) {
	return gone(c.control.RemoveMember(c.Context(), c.actor, c.PathValue("name")))
}
