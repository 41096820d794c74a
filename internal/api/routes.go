package api

import (
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
)

// A handler answers a call, or returns an error that is the answer instead.
type handler func(a *API, c *call) (answer, error)

// A Route is one method of one path, and who it is for.
type Route struct {
	Method string
	Path   string       // below Base, as in OpenAPI: "/domains/{id}"
	Needs  control.Role // the least role; "": everybody, with or without a key

	// Versioned: the answer has an ETag, and a change takes it back as If-Match.
	Versioned bool

	handle handler
}

// table is every route, in the order of the document.
func table() []Route {
	const (
		viewer, editor, owner = control.RoleViewer, control.RoleEditor, control.RoleOwner

		get, post, patch, remove = http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete
	)
	return []Route{
		{Method: get, Path: "/openapi.yaml", handle: (*API).showDocument},

		{Method: get, Path: "/domains", Needs: viewer, handle: (*API).listDomains},
		{Method: post, Path: "/domains", Needs: editor, handle: (*API).addDomains},
		{Method: post, Path: "/domains/preview", Needs: editor, handle: (*API).previewDomains},
		{Method: post, Path: "/domains/remove", Needs: editor, handle: (*API).removeDomains},
		{Method: get, Path: "/domains/check", Needs: viewer, handle: (*API).checkOrigin},
		{Method: get, Path: "/domains/{id}", Needs: viewer, Versioned: true, handle: (*API).showDomain},
		{Method: patch, Path: "/domains/{id}", Needs: editor, Versioned: true, handle: (*API).setDomain},
		{Method: remove, Path: "/domains/{id}", Needs: editor, Versioned: true, handle: (*API).removeDomain},

		{Method: get, Path: "/exchanges", Needs: viewer, handle: (*API).listExchanges},
		{Method: get, Path: "/exchanges/{id}", Needs: viewer, handle: (*API).showExchange},

		{Method: get, Path: "/refused-origins", Needs: viewer, handle: (*API).listRefused},
		{Method: post, Path: "/refused-origins/ignore", Needs: editor, handle: (*API).ignoreOrigin},
		{Method: post, Path: "/refused-origins/heed", Needs: editor, handle: (*API).heedOrigin},

		{Method: post, Path: "/explain", Needs: viewer, handle: (*API).explainRequest},

		{Method: get, Path: "/tokens", Needs: viewer, handle: (*API).listTokens},
		{Method: post, Path: "/tokens", Needs: editor, handle: (*API).createToken},
		{Method: get, Path: "/tokens/{id}", Needs: viewer, handle: (*API).showToken},
		{Method: post, Path: "/tokens/{id}/revoke", Needs: editor, handle: (*API).revokeToken},

		{Method: get, Path: "/ticket-keys", Needs: viewer, handle: (*API).showTicketKeys},
		{Method: post, Path: "/ticket-keys/rotate", Needs: owner, handle: (*API).rotateTicketKeys},

		{Method: get, Path: "/policy", Needs: viewer, Versioned: true, handle: (*API).showPolicy},
		{Method: patch, Path: "/policy", Needs: owner, Versioned: true, handle: (*API).setPolicy},

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
		{Method: get, Path: "/keys/current", Needs: viewer, handle: (*API).showCurrentKey},
		{Method: get, Path: "/keys/{id}", Needs: viewer, handle: (*API).showKey},
		{Method: post, Path: "/keys/{id}/revoke", Needs: owner, handle: (*API).revokeKey},

		{Method: get, Path: "/audit", Needs: viewer, handle: (*API).listAudit},
		{Method: get, Path: "/audit/{id}", Needs: viewer, handle: (*API).showAudited},
		{Method: post, Path: "/audit/{id}/undo", Needs: editor, handle: (*API).undo},
	}
}

// Routes lists the routes: for tests that hold the document and the roles to them.
func (a *API) Routes() []Route { return a.routes }

// register gives each path its methods.
func (a *API) register() {
	a.routes = table()
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
