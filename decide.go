package crossgate

import (
	"time"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/trust"
)

// A Question is about a page that wants to call the handler.
type Question struct {
	Origin         string   // the page's origin, such as "https://app.example.com"
	Method         string   // the request's method; "" asks about the origin alone
	RequestHeaders []string // the names of the headers that would cause a preflight
}

// A Decision is the answer to a [Question], or what became of a request.
type Decision struct {
	Allowed bool
	Reason  string           // a stable code: "trusted", "own-origin", "origin-not-trusted", "method-not-allowed", …
	Domain  string           // the Trusted Domain that matched, or ""
	Nearest string           // for a question: the Trusted Domain that comes nearest, or ""
	Differs trust.Difference // for a question: in what the nearest one differs
	Detail  string           // for a question: a sentence for a person, or ""
}

// Decide says what would become of a request. It is pure: nothing is counted,
// called or changed.
func (g *Gate) Decide(q Question) Decision {
	s := g.site.Load()
	finding := gate.Check(s, q.Origin, time.Time{})
	d := Decision{
		Allowed: finding.Allowed,
		Reason:  string(finding.Reason),
		Domain:  finding.Domain.String(),
		Nearest: finding.Nearest.String(),
		Differs: finding.Differs,
		Detail:  finding.Detail,
	}
	if !d.Allowed || q.Method == "" {
		return d
	}
	if code := s.Grants(q.Method, q.RequestHeaders); code != "" {
		d.Allowed, d.Reason, d.Detail = false, string(code), gate.ProblemOf(code).Detail
	}
	return d
}
