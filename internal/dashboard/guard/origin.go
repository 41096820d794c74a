package guard

import "net/http"

// Origin returns the origin by which the browser that sent a request knows the
// dashboard, for links that are copied elsewhere. CheckHost has let it pass.
func (g *Guard) Origin(r *http.Request) string {
	return g.scheme(r) + "://" + canonical(g.scheme(r), r.Host)
}
