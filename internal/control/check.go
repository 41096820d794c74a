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
	site, err := s.Rules(ctx)
	if err != nil {
		return CheckResult{}, err
	}
	return checkResult(gate.Check(site, origin, s.clock())), nil
}

// Rules returns the site as the gate judges by it, with its list and its policy and
// without access tokens: for the question of what would be allowed.
func (s *Service) Rules(ctx context.Context) (*gate.Site, error) {
	return view(ctx, s, func(r Reader) (*gate.Site, error) {
		set, err := s.list(r)
		if err != nil {
			return nil, err
		}
		p, err := s.readPolicy(r)
		if err != nil {
			return nil, err
		}
		own, err := s.ownOrigins(r)
		if err != nil {
			return nil, err
		}
		return gate.NewSite(gate.SiteConfig{PublicURLs: own, Trusted: set, Policy: p.rules(), Name: s.site.Name}), nil
	})
}

// checkResult is a finding in the words of the dashboard and the command line.
func checkResult(f gate.Finding) CheckResult {
	got := CheckResult{
		Origin: f.Origin, Allowed: f.Allowed, Reason: string(f.Reason),
		Domain: f.Domain.String(), Nearest: f.Nearest.String(), Differs: f.Differs, Detail: f.Detail,
	}
	switch {
	case got.Detail != "":
	case got.Domain != "":
		got.Detail = got.Origin + " is trusted by " + got.Domain + "."
	case got.Allowed:
		got.Detail = got.Origin + " is an origin of the API itself, which needs no entry."
	default:
		got.Detail = "No entry trusts " + got.Origin + " or comes near to it."
	}
	return got
}
