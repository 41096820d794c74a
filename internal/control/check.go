package control

import (
	"context"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/trust"
)

// A CheckResult answers "would this origin be allowed?"
type CheckResult struct {
	Origin  string
	Allowed bool
	Reason  string // "trusted", "own-origin", "origin-not-trusted", "origin-malformed", "origin-null"
	Domain  string // the entry that matched
	Nearest string // the entry that comes nearest
	Differs trust.Difference
	Detail  string // a sentence for a person
}

// Check says whether an origin would be allowed, by which entry, or which is
// nearest. The gate itself is asked, so that the answer is the gateway's.
func (s *Service) Check(ctx context.Context, origin string) (CheckResult, error) {
	list, err := view(ctx, s, s.list.load)
	if err != nil {
		return CheckResult{}, err
	}
	site := gate.NewSite(gate.SiteConfig{PublicURLs: s.own, Trusted: list.set, Policy: gate.DefaultPolicy()})
	facts := &gate.Facts{Method: "GET", Path: "/", Origin: origin, Origins: 1, Now: s.clock()}
	if len(s.own) > 0 {
		facts.Host = s.own[0].Authority()
	}
	v := gate.Judge(site, facts)
	got := CheckResult{Origin: origin, Reason: string(v.Reason), Allowed: v.Kind == gate.Trusted || v.Kind == gate.Own}
	switch {
	case v.Entry != nil:
		got.Domain = v.Entry.Domain.String()
		got.Detail = origin + " is trusted by " + got.Domain
	case got.Allowed:
		got.Detail = origin + " is the API's own origin, which needs no entry"
	default:
		got.explain(list.set, facts)
	}
	return got, nil
}

// explain says why an origin is refused, and which entry comes nearest.
func (c *CheckResult) explain(set *trust.Set, f *gate.Facts) {
	o, err := trust.ParseOrigin(f.Origin)
	if err != nil {
		c.Detail = err.Error()
		return
	}
	near, ok := set.Nearest(o, f.Now)
	if !ok {
		c.Detail = "no entry trusts " + f.Origin + " or comes near to it"
		return
	}
	c.Nearest, c.Differs, c.Detail = near.Entry.Domain.String(), near.Differs, near.Detail
}
