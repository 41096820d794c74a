package explain

import (
	"strings"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/preflight"
)

// A Gateway is what this gateway would say. Whether a token is good is not looked at,
// nor is the body.
type Gateway struct {
	Allowed bool      `json:"allowed"`
	Reason  gate.Code `json:"reason"`            // "trusted", "own-origin", or the code of the refusal
	Domain  string    `json:"domain,omitempty"`  // the Trusted Domain that matches
	Nearest string    `json:"nearest,omitempty"` // where none does, the one that comes nearest
	Detail  string    `json:"detail,omitempty"`  // a sentence for a person
}

// judge asks the gate: about the origin, then about the preflight where there is one,
// then about the request itself.
func judge(q Question, a Answer) *Gateway {
	found := gate.Check(q.Site, q.Origin, q.Now)
	g := &Gateway{
		Allowed: found.Allowed, Reason: found.Reason, Detail: found.Detail,
		Domain: found.Domain.String(), Nearest: found.Nearest.String(),
	}
	if !g.Allowed {
		return g
	}
	if a.Preflight {
		g.refuse(q.Site.Grants(a.RequestMethod, []string{a.RequestHeaders}))
	}
	if g.Allowed {
		f := q.facts(a)
		edits := gate.Plan(q.Site, f, gate.Judge(q.Site, f), nil)
		if p := edits.Problem; p != nil && !ofToken[p.Code] {
			g.refuse(p.Code)
		}
	}
	return g
}

func (g *Gateway) refuse(code gate.Code) {
	if code != "" {
		g.Allowed, g.Reason, g.Detail = false, code, gate.ProblemOf(code).Detail
	}
}

// ofToken are the refusals that only who knows the tokens can give.
var ofToken = map[gate.Code]bool{
	gate.TokenUnknown: true, gate.TokenExpired: true, gate.TokenRevoked: true, gate.TokenScope: true,
	gate.TokenNotForOrigin: true, gate.TicketUnsupported: true, gate.NotReady: true,
}

// facts are those of the request itself, as the gateway would get it.
func (q Question) facts(a Answer) *gate.Facts {
	f := &gate.Facts{
		Method: a.Method, Path: "/", Origin: q.Origin, Origins: 1,
		FetchMode: string(preflight.ModeCORS), Now: q.Now,
	}
	if q.Request.Mode != "" && q.Request.API != preflight.XHR {
		f.FetchMode = string(q.Request.Mode)
	}
	if q.Target != nil {
		f.Path, f.RawQuery, f.Host = q.Target.EscapedPath(), q.Target.RawQuery, q.Target.Host
	}
	if a.ContentType != "" {
		f.ContentType, f.ContentTypes = a.ContentType, 1
	}
	if f.FetchMode == string(preflight.ModeNoCORS) {
		return f // which sends no Authorization
	}
	for _, h := range q.Request.Headers {
		if strings.EqualFold(h.Name, "authorization") {
			f.Authorization, f.Authorizations = h.Value, 1
		}
	}
	return f
}
