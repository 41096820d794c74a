package shell

import (
	"errors"
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
)

// A Visitor is a person who is signed in, for the length of one request.
type Visitor struct {
	Name   string        // of the account
	Role   control.Role  // of the account
	Actor  control.Actor // who asks, for the audit log
	places []listed      // where the navigation leads
}

// Lacks returns "" where the visitor may do what needs a role, and otherwise a
// sentence that says why not and what to do. Pages show it above controls that
// they have disabled for that reason, with the template "lacks".
func (v Visitor) Lacks(need control.Role) string {
	if v.Role.Allows(need) {
		return ""
	}
	return "You are signed in as " + withArticle(v.Role) + ". Changing this takes " + withArticle(need) + "; an owner can make you one."
}

// withArticle names somebody who has a role.
func withArticle(r control.Role) string {
	switch r {
	case control.RoleEditor, control.RoleOwner:
		return "an " + string(r)
	case control.RoleViewer:
		return "a viewer"
	}
	return "somebody without a role"
}

// visitor returns who sent the request, or nil where nobody is signed in.
func (m *Mux) visitor(r *http.Request) (*Visitor, error) {
	secret := m.shell.guard.Session(r)
	if secret == "" {
		return nil, nil
	}
	session, err := m.shell.sessions.Session(r.Context(), secret)
	if refused := (*control.Error)(nil); errors.As(err, &refused) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	name, role := session.Account.Name, session.Account.Role
	return &Visitor{
		Name: name, Role: role, places: listedFor(r.Context(), role, m.places),
		Actor: control.Actor{Kind: "user", Name: name, Address: m.shell.address(r), Session: session.ID},
	}, nil
}
