package crossgate

import (
	"net/http"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// serveQuickly serves the requests that most are: nothing in them but the origin is
// to be judged, and nothing would be changed. It reports whether it did. Everything
// else takes the long way, which decides these alike.
func (g *Gate) serveQuickly(s *gate.Site, w http.ResponseWriter, r *http.Request, h http.Handler) bool {
	origins := r.Header["Origin"]
	if len(origins) != 1 || g.cfg.Observe != nil {
		return false
	}
	if r.Method == http.MethodOptions {
		return answerQuickly(s, w, r, origins[0])
	}
	if !isPlain(r) || g.isOwn(r.URL.Path) {
		return false
	}
	problem, sure := s.JudgePlainly(r.Method, origins[0], time.Time{})
	switch {
	case !sure:
		return false
	case problem != nil:
		refuseQuickly(w, origins[0], problem)
	default:
		writeCORS(w.Header(), origins[0], s.Exposed())
		h.ServeHTTP(w, r)
	}
	return true
}

// isPlain reports whether a request has nothing that the rules could change: no
// query, no Authorization and no envelope that could hold a token, no cookie, and no
// Referer with a query.
func isPlain(r *http.Request) bool {
	h := r.Header
	if r.URL.RawQuery != "" || h["Authorization"] != nil || h["Cookie"] != nil || mayHoldEnvelope(r) {
		return false
	}
	referers := h["Referer"]
	return len(referers) == 0 || (len(referers) == 1 && !strings.ContainsAny(referers[0], "?#"))
}

// answerQuickly answers a preflight.
func answerQuickly(s *gate.Site, w http.ResponseWriter, r *http.Request, origin string) bool {
	method := r.Header["Access-Control-Request-Method"]
	if len(method) == 0 || method[0] == "" {
		return false
	}
	answer, problem, sure := s.PreflightPlainly(&gate.Facts{
		Origin: origin, RequestMethod: method[0], RequestHeaders: r.Header["Access-Control-Request-Headers"],
	})
	switch {
	case !sure:
		return false
	case problem != nil:
		refuseQuickly(w, origin, problem)
	default:
		writePreflight(w.Header(), origin, &answer)
		w.WriteHeader(http.StatusNoContent)
	}
	return true
}

// refuseQuickly refuses what is neither unwrapped nor comes with credentials.
func refuseQuickly(w http.ResponseWriter, origin string, p *gate.Problem) {
	var r gate.ResponseEdits
	if p.CORS() {
		r.AllowOrigin, r.Expose = origin, "Crossgate-Reason"
	}
	refuse(w, r, p)
}
