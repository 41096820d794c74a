package shell

import (
	"net/http"
	"net/url"

	"github.com/crossgate/crossgate/internal/control"
)

// A Handler answers a request, or returns an error that is shown instead.
type Handler func(w http.ResponseWriter, r *http.Request) error

// A VisitorHandler is a Handler for people who are signed in.
type VisitorHandler func(w http.ResponseWriter, r *http.Request, who Visitor) error

// A Mux holds the routes of the dashboard, each with its protection, as
// [http.ServeMux] patterns, and the navigation between them.
type Mux struct {
	shell  *Shell
	mux    *http.ServeMux
	routes []Route
	below  map[string]bool // the patterns that each site has
	places []Place
}

// A Route is a pattern and who it is for.
type Route struct {
	Pattern string
	Needs   control.Role // the least role; "": see Of
	Of      Scope
}

// A Scope says what a role must be for.
type Scope string

// The scopes of routes.
const (
	Anybody Scope = "anybody" // no role is needed, nor to be signed in
	Own     Scope = "own"     // whoever is signed in, and may see a page of the site: what is theirs
	OfSite  Scope = "site"    // the role at the site that the address names
	OfFleet Scope = "fleet"   // the role at every site, which somebody who is confined to some has not
)

// Mux returns a mux with the shell's own routes, the static files.
func (s *Shell) Mux() *Mux {
	m := &Mux{shell: s, mux: http.NewServeMux(), below: make(map[string]bool)}
	m.Public("GET "+staticPath+"{file}", s.assets.serve)
	return m
}

// Routes lists what is registered, in that order: for a test that holds every
// route to its role.
func (m *Mux) Routes() []Route { return m.routes }

// Probe registers a route for load balancers and monitors, who know this server
// by any name. It must give nothing away.
func (m *Mux) Probe(pattern string, h http.HandlerFunc) {
	m.routes = append(m.routes, Route{Pattern: pattern, Of: Anybody})
	m.mux.Handle(pattern, h)
}

// Programs registers what has rules of its own about who may ask, and knows no cookie.
// It is reached by the dashboard's own name alone, as the pages are.
func (m *Mux) Programs(pattern string, h http.Handler) {
	m.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := m.shell.guard.CheckHost(r); err != nil {
			http.Error(w, err.Error(), http.StatusMisdirectedRequest)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// Public registers a route for everybody.
func (m *Mux) Public(pattern string, h Handler) { m.handle(Route{Pattern: pattern, Of: Anybody}, h) }

// SignedIn registers a route for everybody who is signed in: what people do to their own
// account, and what is the same for all.
func (m *Mux) SignedIn(pattern string, h VisitorHandler) { m.needing(Route{pattern, "", Own}, h) }

// Viewer registers a route for everybody who may look at the site.
func (m *Mux) Viewer(pattern string, h VisitorHandler) {
	m.needing(Route{pattern, control.RoleViewer, OfSite}, h)
}

// Editor registers a route for those who may change Trusted Domains and access
// tokens of the site.
func (m *Mux) Editor(pattern string, h VisitorHandler) {
	m.needing(Route{pattern, control.RoleEditor, OfSite}, h)
}

// Owner registers a route for those who may change everything of the site.
func (m *Mux) Owner(pattern string, h VisitorHandler) {
	m.needing(Route{pattern, control.RoleOwner, OfSite}, h)
}

// Fleet registers a route of what belongs to no site, for people with a role at every one.
func (m *Mux) Fleet(need control.Role, pattern string, h VisitorHandler) {
	m.needing(Route{pattern, need, OfFleet}, h)
}

// Place registers a page together with its place in the navigation. Places are
// listed in the order in which they come.
func (m *Mux) Place(p Place, show VisitorHandler) {
	if p.Of == "" {
		p.Of = OfSite
	}
	m.places = append(m.places, p)
	m.needing(Route{"GET " + p.Path, p.Needs, p.Of}, show)
}

// Apart registers a page that stands above all sites, and so is not below the address of
// one, for whoever is signed in.
func (m *Mux) Apart(p Place, show VisitorHandler) {
	p.Of = Own
	m.places = append(m.places, p)
	m.needing(Route{"GET " + p.Path, "", Own}, show)
	delete(m.below, "GET "+p.Path)
}

// FleetApart is Fleet for a route that is not below the address of a site.
func (m *Mux) FleetApart(need control.Role, pattern string, h VisitorHandler) {
	m.Fleet(need, pattern, h)
	delete(m.below, pattern)
}

// needing registers a route for people with a role. Whoever is signed out is sent
// to sign in and to come back, or is told that nothing was changed, and so is
// whoever has a lesser role. Whoever may see nothing here is told that there is nothing.
func (m *Mux) needing(route Route, h VisitorHandler) {
	m.below[route.Pattern] = true
	m.handle(route, func(w http.ResponseWriter, r *http.Request) error {
		who, err := m.visitor(r)
		shows := r.Method == http.MethodGet || r.Method == http.MethodHead
		switch {
		case err != nil:
			return err
		case who == nil && shows:
			return m.shell.askToSignIn(w, r)
		case who == nil:
			return signedOut
		}
		if err := who.enters(route); err != nil {
			return err
		}
		return h(w, r, *who)
	})
}

func (m *Mux) handle(route Route, h Handler) {
	m.routes = append(m.routes, route)
	m.mux.HandleFunc(route.Pattern, func(w http.ResponseWriter, r *http.Request) {
		m.answer(w, r, h)
	})
}

// answer runs a handler behind the checks that every route has, and shows its error.
func (m *Mux) answer(w http.ResponseWriter, r *http.Request, h Handler) {
	if err := m.shell.guard.CheckHost(r); err != nil {
		// In plain text: the style sheet would not be had by this name either.
		http.Error(w, err.Error(), http.StatusMisdirectedRequest)
		return
	}
	err := m.shell.guard.CheckOrigin(r)
	if err == nil {
		err = h(w, r)
	}
	if err != nil {
		m.showProblem(w, r, err)
	}
}

// SignInPath is where people sign in.
const SignInPath = "/sign-in"

// askToSignIn sends the visitor to sign in and to come back. A link on another
// site brings no cookie with it (SameSite=Strict), so the page first asks for
// itself once more, from here.
func (s *Shell) askToSignIn(w http.ResponseWriter, r *http.Request) error {
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		w.Header().Set("Refresh", "0")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		return nil
	}
	to := SignInPath
	name, _ := r.Context().Value(siteKey{}).(string)
	if back := SiteAddress(name, r.URL.RequestURI()); back != "/" {
		to += "?" + url.Values{"return": {back}}.Encode()
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
