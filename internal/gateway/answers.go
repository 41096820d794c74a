package gateway

import (
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/crossgate/crossgate/client"
	"github.com/crossgate/crossgate/internal/gate"
)

// What is ours of the public listener.
const (
	ownPrefix  = gate.OwnPrefix
	healthPath = ownPrefix + "health"
)

// isOurs reports whether a decoded path belongs to the gateway, or is one that servers
// could take for such a path: what is meant for us, such as an access token that a ticket is
// asked for with, never goes up because of a second slash. Below a path of the API's
// only the names of what there is are ours.
func isOurs(decoded string) bool {
	if !mentionsOwn(decoded) {
		return false
	}
	plain := path.Clean("/" + strings.ReplaceAll(strings.ToLower(decoded), `\`, "/"))
	if plain == strings.TrimSuffix(ownPrefix, "/") || strings.HasPrefix(plain, ownPrefix) {
		return true
	}
	name := gate.OwnName(plain)
	_, isScript := client.Find(name)
	return name == gate.TicketName || isScript
}

// mentionsOwn is a cheap first look: hardly any path does.
func mentionsOwn(path string) bool {
	const name = ".crossgate"
	for i := 0; i+len(name) <= len(path); i++ {
		if path[i] == '.' && strings.EqualFold(path[i:i+len(name)], name) {
			return true
		}
	}
	return false
}

// answerHealth says whether the gateway can carry requests. It says so on any host,
// for load balancers call it by address, and without CORS fields: no page needs it.
func (x *exchange) answerHealth() *gate.Problem {
	x.reason = reasonHealth
	current := x.g.cfg.Snapshot.Load()
	switch {
	case !isSafe(x.r.Method):
		return x.refuseMethod("GET, HEAD")
	case current == nil || current.Default == nil || x.g.cfg.Draining():
		return problemNotReady
	}
	const body = `{"status":"ok"}` + "\n"
	h := x.w.Header()
	x.dress(h)
	h["Content-Type"] = []string{"application/json"}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	h["Cache-Control"] = []string{"no-store"}
	x.w.WriteHeader(http.StatusOK)
	if x.r.Method != http.MethodHead {
		_, _ = x.w.Write([]byte(body)) // the client is gone, or it has it
	}
	return nil
}

// answerPreflight grants a preflight (Fetch standard, section 4.8).
func (x *exchange) answerPreflight() {
	h, answer := x.w.Header(), x.edits.Preflight
	x.dress(h)
	delete(h, "Access-Control-Expose-Headers") // of use in the real answer alone
	values := [...]string{answer.AllowMethods, answer.AllowHeaders, answer.MaxAge, "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"}
	h["Access-Control-Allow-Methods"] = values[0:1:1]
	if answer.AllowHeaders != "" {
		h["Access-Control-Allow-Headers"] = values[1:2:2]
	}
	h["Access-Control-Max-Age"] = values[2:3:3]
	h["Vary"] = values[3:4:4]
	x.w.WriteHeader(http.StatusNoContent)
}
