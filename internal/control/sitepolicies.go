package control

import "context"

// Policies returns the policies of the sites that have one of their own, by the site's
// id. The others have [DefaultPolicy].
func (s *Service) Policies(ctx context.Context) (map[int64]Policy, error) {
	return view(ctx, s, policies)
}

func policies(r Reader) (map[int64]Policy, error) {
	own, err := r.SitesWithPolicy(upstreamCredential)
	if err != nil {
		return nil, err
	}
	all := make(map[int64]Policy, len(own))
	for _, site := range own {
		p, err := readPolicy(r, site)
		if err != nil {
			return nil, err
		}
		all[site] = p.Policy
	}
	return all, nil
}
