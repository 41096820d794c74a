package shell

import (
	"net/http"
	"net/url"
)

// A Handler answers a request, or returns an error that is shown instead.
type Handler func(w http.ResponseWriter, r *http.Request) error

// A VisitorHandler is a Handler for people who are signed in.
type VisitorHandler func(w http.ResponseWriter, r *http.Request, who Visitor) error

// A Mux holds the routes of the dashboard, each with its protection, as
// [http.ServeMux] patterns.
type Mux struct {
	shell  *Shell
	routes *http.ServeMux
}

// Mux returns a mux with the shell's own routes, the static files.
func (s *Shell) Mux() *Mux {
	m := &Mux{shell: s, routes: http.NewServeMux()}
	m.Public("GET "+staticPath+"{file}", s.assets.serve)
	return m
}

// Probe registers a route for load balancers and monitors, who know this server
// by any name. It must give nothing away.
func (m *Mux) Probe(pattern string, h http.HandlerFunc) { m.routes.Handle(pattern, h) }

// Public registers a route for everybody.
func (m *Mux) Public(pattern string, h Handler) {
	m.routes.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		m.answer(w, r, h)
	})
}

// SignedIn registers a route for people who are signed in. Others are sent to
// sign in and come back, or are told that nothing was changed.
func (m *Mux) SignedIn(pattern string, h VisitorHandler) {
	m.Public(pattern, func(w http.ResponseWriter, r *http.Request) error {
		who, err := m.shell.visitor(r)
		switch {
		case err != nil:
			return err
		case who != nil:
			return h(w, r, *who)
		case r.Method == http.MethodGet || r.Method == http.MethodHead:
			return m.shell.askToSignIn(w, r)
		}
		return signedOut
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
		m.shell.showProblem(w, r, err)
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
	if back := r.URL.RequestURI(); back != "/" {
		to += "?" + url.Values{"return": {back}}.Encode()
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
