package control

import "context"

// A Size is how much a site has.
type Size struct {
	Domains int // Trusted Domains, those that are off or have expired included
	Tokens  int // access tokens, those that are of no use any more included
}

// Sizes returns how much sites have. Where everything is in memory, as in a process that
// serves, it is counted there; otherwise each is counted in the records.
func (s *Service) Sizes(ctx context.Context, sites []int64) (map[int64]Size, error) {
	return view(ctx, s, func(r Reader) (map[int64]Size, error) {
		sizes := make(map[int64]Size, len(sites))
		for _, id := range sites {
			size, err := s.In(Place{ID: id}).size(r)
			if err != nil {
				return nil, err
			}
			sizes[id] = size
		}
		return sizes, nil
	})
}

func (s *Service) size(r Reader) (Size, error) {
	domains, err := s.domainsInAll(r)
	if err != nil {
		return Size{}, err
	}
	tokens, err := s.tokensInAll(r)
	return Size{domains, tokens}, err
}

// counting hands over what is held of the site; of one of which nothing is, an empty state.
func (s *Service) counting(r Reader, count func(*siteState) error) error {
	s.records.mu.Lock()
	defer s.records.mu.Unlock()
	w, err := s.records.at(r)
	if err != nil {
		return err
	}
	held, ok := w.sites.get(s.site.ID)
	if !ok {
		held = &siteState{}
	}
	return count(held)
}

func (s *siteState) countDomains(r Reader, site int64) (int, error) {
	if s.list != nil {
		return s.list.Len(), nil
	}
	return r.CountDomains(site, "")
}

func (s *siteState) countTokens(r Reader, site int64) (int, error) {
	if s.grants != nil {
		return s.grants.len(), nil
	}
	return r.CountTokens(site, "")
}

// domainsInAll is how many entries the site has.
func (s *Service) domainsInAll(r Reader) (n int, err error) {
	err = s.counting(r, func(held *siteState) (err error) {
		n, err = held.countDomains(r, s.site.ID)
		return err
	})
	return n, err
}

// tokensInAll is how many access tokens the site has.
func (s *Service) tokensInAll(r Reader) (n int, err error) {
	err = s.counting(r, func(held *siteState) (err error) {
		n, err = held.countTokens(r, s.site.ID)
		return err
	})
	return n, err
}

// SitesInAll is how many sites there are.
func (s *Service) SitesInAll(ctx context.Context) (int, error) { return view(ctx, s, s.sitesInAll) }

func (s *Service) sitesInAll(r Reader) (int, error) {
	s.records.mu.Lock()
	w, err := s.records.at(r)
	n := 0
	if err == nil && w.whole {
		n = w.sites.len()
	}
	s.records.mu.Unlock()
	if n > 0 || err != nil {
		return n, err
	}
	return r.CountSites("")
}
