package api

import (
	"net/http"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
)

// A handler answers a call, or returns an error that is the answer instead.
type handler func(a *API, c *call) (answer, error)

// A Route is one method of one path, and who it is for.
type Route struct {
	Method string
	Path   string       // below Base, as in OpenAPI: "/domains/{id}"
	Needs  control.Role // the least role; "": everybody, with or without a key
	Of     Reach

	// Versioned: the answer has an ETag, and a change takes it back as If-Match.
	Versioned bool

	handle handler
}

// A Reach says what a route is about, and so which keys of one site may use it.
type Reach int

// The reaches. The zero Reach is the narrow one.
const (
	OfFleet Reach = iota // people, keys, sites and nodes: for keys of every site alone
	OfSite               // what a site has; at a path of its own, of the site default
	OfKey                // what there is to see for the key that asks
)

// sitePath is what the paths of one site begin with.
const sitePath = "/sites/{site}"

// isAt reports whether the path names the site.
func (r Route) isAt() bool { return strings.HasPrefix(r.Path, sitePath) }

// within is the path within the site.
func (r Route) within() string { return strings.TrimPrefix(r.Path, sitePath) }

// everyRoute is the table, and what a site has a second time, below the path of that site.
func everyRoute() []Route {
	all := table()
	for _, r := range table() {
		if r.Of == OfSite && !r.isAt() {
			r.Path = sitePath + r.Path
			all = append(all, r)
		}
	}
	return all
}

// table is every route, in the order of the document.
func table() []Route {
	const (
		viewer, editor, owner = control.RoleViewer, control.RoleEditor, control.RoleOwner

		get, post, put, patch, remove = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	)
	return []Route{
		{Method: get, Path: "/openapi.yaml", handle: (*API).showDocument},

		{Method: get, Path: "/domains", Needs: viewer, Of: OfSite, handle: (*API).listDomains},
		{Method: post, Path: "/domains", Needs: editor, Of: OfSite, handle: (*API).addDomains},
		{Method: post, Path: "/domains/preview", Needs: editor, Of: OfSite, handle: (*API).previewDomains},
		{Method: post, Path: "/domains/remove", Needs: editor, Of: OfSite, handle: (*API).removeDomains},
		{Method: get, Path: "/domains/check", Needs: viewer, Of: OfSite, handle: (*API).checkOrigin},
		{Method: get, Path: "/domains/{id}", Needs: viewer, Of: OfSite, Versioned: true, handle: (*API).showDomain},
		{Method: patch, Path: "/domains/{id}", Needs: editor, Of: OfSite, Versioned: true, handle: (*API).setDomain},
		{Method: remove, Path: "/domains/{id}", Needs: editor, Of: OfSite, Versioned: true, handle: (*API).removeDomain},

		{Method: get, Path: "/exchanges", Needs: viewer, Of: OfSite, handle: (*API).listExchanges},
		{Method: get, Path: "/exchanges/{id}", Needs: viewer, Of: OfSite, handle: (*API).showExchange},

		{Method: get, Path: "/refused-origins", Needs: viewer, Of: OfSite, handle: (*API).listRefused},
		{Method: post, Path: "/refused-origins/ignore", Needs: editor, Of: OfSite, handle: (*API).ignoreOrigin},
		{Method: post, Path: "/refused-origins/heed", Needs: editor, Of: OfSite, handle: (*API).heedOrigin},

		{Method: post, Path: "/explain", Needs: viewer, Of: OfSite, handle: (*API).explainRequest},

		{Method: get, Path: "/tokens", Needs: viewer, Of: OfSite, handle: (*API).listTokens},
		{Method: post, Path: "/tokens", Needs: editor, Of: OfSite, handle: (*API).createToken},
		{Method: get, Path: "/tokens/{id}", Needs: viewer, Of: OfSite, handle: (*API).showToken},
		{Method: post, Path: "/tokens/{id}/revoke", Needs: editor, Of: OfSite, handle: (*API).revokeToken},

		{Method: get, Path: "/ticket-keys", Needs: viewer, handle: (*API).showTicketKeys},
		{Method: post, Path: "/ticket-keys/rotate", Needs: owner, handle: (*API).rotateTicketKeys},

		{Method: get, Path: "/policy", Needs: viewer, Of: OfSite, Versioned: true, handle: (*API).showPolicy},
		{Method: patch, Path: "/policy", Needs: owner, Of: OfSite, Versioned: true, handle: (*API).setPolicy},

		{Method: get, Path: "/sites", Needs: viewer, Of: OfKey, handle: (*API).listSites},
		{Method: post, Path: "/sites", Needs: owner, handle: (*API).addSite},
		{Method: get, Path: sitePath, Needs: viewer, Of: OfSite, Versioned: true, handle: (*API).showSite},
		{Method: patch, Path: sitePath, Needs: owner, Versioned: true, handle: (*API).setSite},
		{Method: remove, Path: sitePath, Needs: owner, handle: (*API).removeSite},
		{Method: get, Path: sitePath + "/members", Needs: viewer, Of: OfSite, handle: (*API).listMembers},
		{Method: put, Path: sitePath + "/members/{name}", Needs: owner, Of: OfSite, handle: (*API).setMember},
		{Method: remove, Path: sitePath + "/members/{name}", Needs: owner, Of: OfSite, handle: (*API).removeMember},
		{Method: get, Path: "/nodes", Needs: viewer, handle: (*API).listNodes},

		{Method: get, Path: "/users", Needs: viewer, handle: (*API).listUsers},
		{Method: get, Path: "/users/{name}", Needs: viewer, handle: (*API).showUser},
		{Method: patch, Path: "/users/{name}", Needs: owner, handle: (*API).setUser},
		{Method: remove, Path: "/users/{name}", Needs: owner, handle: (*API).removeUser},
		{Method: get, Path: "/users/{name}/sessions", Needs: owner, handle: (*API).listSessions},
		{Method: remove, Path: "/users/{name}/sessions", Needs: owner, handle: (*API).endSessions},
		{Method: remove, Path: "/sessions/{id}", Needs: owner, handle: (*API).endSession},
		{Method: get, Path: "/invitations", Needs: viewer, handle: (*API).listInvitations},
		{Method: post, Path: "/invitations", Needs: owner, handle: (*API).invite},
		{Method: remove, Path: "/invitations/{id}", Needs: owner, handle: (*API).revokeInvitation},

		{Method: get, Path: "/keys", Needs: viewer, handle: (*API).listKeys},
		{Method: post, Path: "/keys", Needs: owner, handle: (*API).createKey},
		{Method: get, Path: "/keys/current", Needs: viewer, Of: OfKey, handle: (*API).showCurrentKey},
		{Method: get, Path: "/keys/{id}", Needs: viewer, handle: (*API).showKey},
		{Method: post, Path: "/keys/{id}/revoke", Needs: owner, handle: (*API).revokeKey},

		{Method: get, Path: "/audit", Needs: viewer, Of: OfSite, handle: (*API).listAudit},
		{Method: get, Path: "/audit/{id}", Needs: viewer, Of: OfSite, handle: (*API).showAudited},
		{Method: post, Path: "/audit/{id}/undo", Needs: editor, Of: OfSite, handle: (*API).undo},
	}
}

// Routes lists the routes: for tests that hold the document and the roles to them.
func (a *API) Routes() []Route { return a.routes }

// register gives each path its methods.
func (a *API) register() {
	a.routes = everyRoute()
	methods := map[string]map[string]Route{}
	for _, r := range a.routes {
		if methods[r.Path] == nil {
			methods[r.Path] = map[string]Route{}
		}
		methods[r.Path][r.Method] = r
	}
	for path, by := range methods {
		a.mux.Handle(Base+path, a.path(by))
	}
	a.mux.Handle("/", a.path(nil))
}
