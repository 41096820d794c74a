package inspect

import (
	"cmp"
	"slices"
)

// A View is what a Recorder remembers of one site, and nothing of what is another's. That
// of a nil Recorder has nothing.
//
// Exchanges are those of this process. Counts and origins are those of all nodes, where
// there is a [Config].Recall: what another one has counted is there once it has written it
// down, and at most recallEvery later.
type View struct {
	r    *Recorder
	site int64
}

// At returns what is remembered of a site.
func (r *Recorder) At(site int64) View { return View{r, site} }

// List returns the exchanges that a filter chooses, the newest first: those with a lower
// ID than before (0: from the newest), limit of them at most (and never more than
// [MaxListed]).
func (v View) List(f Filter, before ID, limit int) []Exchange {
	if v.r == nil {
		return nil
	}
	v.r.settle()
	places := v.r.notable.places(before, v.r.ordinary.places(before, nil))
	return v.chosen(places, f.Matches, min(limit, MaxListed))
}

// chosen reads the exchanges of the site that are wanted, the newest first.
func (v View) chosen(places []place, wanted func(*Exchange) bool, limit int) []Exchange {
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(b.id, a.id) })
	var all []Exchange
	for _, p := range places {
		if len(all) >= limit {
			break
		}
		if e, ok := p.read(v.site); ok && wanted(&e) {
			all = append(all, e)
		}
	}
	return all
}

// Get returns an exchange of the site, if it is still remembered.
func (v View) Get(id ID) (Exchange, bool) {
	if v.r == nil || id == 0 {
		return Exchange{}, false
	}
	v.r.settle()
	for _, ring := range [...]*ring{v.r.notable, v.r.ordinary} {
		if p, found := ring.find(id); found {
			return p.read(v.site)
		}
	}
	return Exchange{}, false
}

// Series returns what happened over time.
func (v View) Series(over Range) Series {
	if v.r == nil {
		return Series{Range: over}
	}
	return v.r.look(v.site).history.series(over, v.r.clock())
}

// TopOrigins returns the n origins that were let in most often in the last days, the
// most frequent first.
func (v View) TopOrigins(n int) []Origin {
	if v.r == nil {
		return nil
	}
	all := ranked(v.r.look(v.site).letIn.origins())
	return all[:min(n, len(all))]
}

// RefusedOrigins returns the origins that were not trusted, the most frequent first,
// those that were only observed among them.
func (v View) RefusedOrigins() []Origin {
	if v.r == nil {
		return nil
	}
	return ranked(v.r.look(v.site).refused.origins())
}

// SeenOrigins returns all origins of the last 7 days that are remembered, the most
// frequent first.
func (v View) SeenOrigins() []Origin {
	if v.r == nil {
		return nil
	}
	b := v.r.look(v.site)
	return ranked(append(b.letIn.origins(), b.refused.origins()...))
}

func ranked(all []Origin) []Origin {
	slices.SortFunc(all, func(a, b Origin) int {
		return cmp.Or(cmp.Compare(b.Hits, a.Hits), b.Last.Compare(a.Last), cmp.Compare(a.Origin, b.Origin))
	})
	return all
}
