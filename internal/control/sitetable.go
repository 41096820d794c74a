package control

import "github.com/crossgate/crossgate/internal/cow"

// sites are the states of sites, by id. It is immutable, and one that is derived shares
// with the one before what is the same.
type sites struct{ table cow.Map[int64, *siteState] }

func newSites(states map[int64]*siteState) sites {
	var none cow.Map[int64, *siteState]
	e := none.Edit()
	for id, state := range states {
		e.Put(id, state)
	}
	return sites{e.Map()}
}

func (s *sites) get(id int64) (*siteState, bool) { return s.table.Get(id) }

// with returns the sites with one in place of an earlier one; nil takes it out.
func (s *sites) with(id int64, state *siteState) sites {
	if state == nil {
		return sites{s.table.Without(id)}
	}
	return sites{s.table.With(id, state)}
}

// all yields every site, in no order.
func (s *sites) all(yield func(int64, *siteState) bool) { s.table.All()(yield) }

func (s *sites) len() int { return s.table.Len() }
