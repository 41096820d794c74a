package control

import "context"

// SetWhole changes a site and its policy, both or neither, and returns what was changed.
// All mistakes of the policy are told at once, in Error.Fields.
func (s *Service) SetWhole(ctx context.Context, who Actor, site SetSite, policy SetPolicy) (Policy, []Change, error) {
	policy, err := policy.checked()
	if err != nil {
		return Policy{}, nil, err
	}
	sealed, err := s.sealCredential(policy.UpstreamCredential)
	if err != nil {
		return Policy{}, nil, err
	}
	var done []Change
	p, err := change(ctx, s, func(w Writer) (Policy, error) {
		done = nil
		if !site.asksNothing() {
			_, c, err := s.setSite(w, who, s.site.Name, site)
			if err != nil {
				return Policy{}, err
			}
			done = changes(done, c)
		}
		p, c, err := s.setPolicy(w, who, policy, sealed)
		done = changes(done, c)
		return p, err
	})
	return p, done, err
}

func (in SetSite) asksNothing() bool { return in == SetSite{} }

// changes adds one that was made.
func changes(list []Change, c Change) []Change {
	if c.ID == 0 {
		return list
	}
	return append(list, c)
}
