package gate

import (
	"time"

	"github.com/crossgate/crossgate/trust"
)

// A Finding answers a person's question: would a page of this origin be let in?
type Finding struct {
	Origin  string // as asked
	Allowed bool
	Reason  Code
	Domain  trust.Domain     // the Trusted Domain that matched; zero where none did
	Nearest trust.Domain     // where none matched: the one that comes nearest; zero where none does
	Differs trust.Difference // in what the nearest one differs
	Detail  string           // a sentence for a person
}

// Check asks [Judge] about an origin, and where it is refused, looks for the
// nearest entry. It says what would be enforced, also where a site only observes.
func Check(s *Site, origin string, now time.Time) Finding {
	enforcing := *s
	enforcing.policy.Mode, enforcing.policy.Exempt = Enforce, nil
	v := Judge(&enforcing, &Facts{Origin: origin, Origins: 1, Now: now})
	f := Finding{Origin: origin, Allowed: v.Kind != Refused, Reason: v.Reason}
	if v.Entry != nil {
		f.Domain = v.Entry.Domain
	}
	if f.Allowed {
		return f
	}
	o, err := trust.ParseOrigin(origin)
	if err != nil {
		f.Detail = err.Error()
		return f
	}
	if near, ok := s.trusted.Nearest(o, now); ok {
		f.Nearest, f.Differs, f.Detail = near.Entry.Domain, near.Differs, near.Detail
	}
	return f
}

// Grants says whether the policy grants a method and request headers to trusted
// origins: "" where it does, otherwise the code of the refusal.
func (s *Site) Grants(method string, headers []string) Code {
	_, code := s.preflight(&Facts{RequestMethod: method, RequestHeaders: headers})
	return code
}
