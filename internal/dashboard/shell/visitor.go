package shell

import (
	"errors"
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
)

// A Visitor is a person who is signed in, for the length of one request.
type Visitor struct {
	Name       string        // of the account
	Role       control.Role  // that counts for the page: at its site, or everywhere where it belongs to none
	Everywhere control.Role  // at every site; "": confined to those where they are a member
	Site       control.Place // of the page
	Several    bool          // there are other sites than the default one
	Actor      control.Actor // who asks, for the audit log
	account    control.Account
	here       control.Role // at the site
	mux        *Mux
	prefix     string   // of the site's paths
	places     []listed // where the navigation leads
	alert      string   // what is wrong with the fleet, for those who may see it; or ""
}

// enters returns nil where a visitor may use a route, and makes the role that counts there
// theirs. Where they may see nothing at all they are not told that there is something.
func (v *Visitor) enters(route Route) error {
	if v.prefix != "" && (v.here == "" || !v.mux.below[route.Pattern]) {
		return NotFound
	}
	switch route.Of {
	case OfSite:
		v.Role = v.here
	case OfFleet:
		v.Role = v.Everywhere
	default:
		return nil
	}
	switch {
	case v.Role.Allows(route.Needs):
		return nil
	case v.account.Confined && v.Role == "":
		return NotFound
	}
	return notAllowed(*v, route.Needs)
}

// IsDefault reports whether the page is the default site's.
func (v *Visitor) IsDefault() bool { return v.prefix == "" }

// MaySee reports whether the visitor may look at the page's site.
func (v *Visitor) MaySee() bool { return v.here.Allows(control.RoleViewer) }

// LacksEverywhere is [Visitor.Lacks] of what belongs to no site, on a page that belongs to one.
func (v Visitor) LacksEverywhere(need control.Role) string {
	if v.Everywhere == "" {
		return "Your roles are for single sites. Changing this takes " + withArticle(need) + " of all of them."
	}
	v.Role = v.Everywhere
	return v.Lacks(need)
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

// visitor returns who sent the request, or nil where nobody is signed in. A site that is
// not there is [NotFound].
func (m *Mux) visitor(r *http.Request) (*Visitor, error) {
	session, err := m.session(r)
	if session == nil || err != nil {
		return nil, err
	}
	site, err := m.siteOf(r)
	if err != nil {
		return nil, err
	}
	return m.visitorAt(r, session, site)
}

// session returns the session of a request, or nil where there is none.
func (m *Mux) session(r *http.Request) (*control.Session, error) {
	secret := m.shell.guard.Session(r)
	if secret == "" {
		return nil, nil
	}
	session, err := m.shell.sessions.Session(r.Context(), secret)
	if refused := (*control.Error)(nil); errors.As(err, &refused) && refused.Code == control.CodeSignedOut {
		return nil, nil
	}
	return &session, err // that nobody can be asked who is signed in is no reason to sign anybody out
}

// visitorAt is the person of a session at a site.
func (m *Mux) visitorAt(r *http.Request, session *control.Session, site control.Place) (*Visitor, error) {
	here, err := m.shell.sites.RoleAt(r.Context(), site, session.Account)
	if err != nil {
		return nil, err
	}
	several, err := m.shell.sites.Several(r.Context())
	if err != nil {
		return nil, err
	}
	v := &Visitor{
		Name: session.Account.Name, Role: here, Everywhere: everywhere(session.Account), Site: site, Several: several,
		Actor:   control.Actor{Kind: "user", Name: session.Account.Name, Address: m.shell.address(r), Session: session.ID},
		account: session.Account, here: here, mux: m, prefix: prefixOf(site.Name),
	}
	if m.shell.alert != nil && v.Everywhere.Allows(control.RoleViewer) {
		v.alert = m.shell.alert(r.Context())
	}
	v.places = listedFor(r.Context(), v, m.places)
	return v, nil
}
