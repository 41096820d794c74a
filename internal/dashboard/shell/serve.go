package shell

import (
	"errors"
	"net/http"

	"github.com/crossgate/crossgate/internal/dashboard/guard"
)

// ServeHTTP answers with the route's handler, or with a page that says that
// there is none.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	guard.SetHeaders(w.Header())
	inner, err := split(r)
	if err != nil {
		m.answer(w, r, func(w http.ResponseWriter, r *http.Request) error {
			if there, ok := errors.AsType[*elsewhere](err); ok {
				return there.redirect(w, r)
			}
			return err
		})
		return
	}
	named := inner != r
	r = inner
	h, pattern := m.mux.Handler(r)
	if pattern != "" && (!named || m.below[pattern]) {
		m.mux.ServeHTTP(w, r)
		return
	}
	if pattern != "" { // there is such a page, but not below a site's address
		h = http.NotFoundHandler()
	}
	m.answer(w, r, func(w http.ResponseWriter, r *http.Request) error {
		return noRoute(w.Header(), h, r)
	})
}

// noRoute asks the mux's own fallback, which knows the methods that a path
// allows, and returns what it would have answered as a Problem.
func noRoute(header http.Header, fallback http.Handler, r *http.Request) error {
	var probe statusProbe
	fallback.ServeHTTP(&probe, r)
	if probe.status != http.StatusMethodNotAllowed {
		return NotFound
	}
	header.Set("Allow", probe.Header().Get("Allow"))
	return methodNotAllowed
}

// A statusProbe keeps the status and header of an answer and drops its body.
type statusProbe struct {
	header http.Header
	status int
}

func (p *statusProbe) Header() http.Header {
	if p.header == nil {
		p.header = make(http.Header)
	}
	return p.header
}

func (p *statusProbe) Write(b []byte) (int, error) { return len(b), nil }
func (p *statusProbe) WriteHeader(status int)      { p.status = status }
