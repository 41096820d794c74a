package inspect

import (
	"cmp"
	"slices"
)

// lateSlots is how many slots that hold nothing new are passed over in the search for
// what is: their exchanges may have got their IDs earlier, and come later.
const lateSlots = 64

// Since returns the exchanges with a higher ID than after that are wanted, the newest
// first, limit of them at most. It looks at what came after that one, and a few before,
// however much is remembered.
func (r *Recorder) Since(after ID, wanted func(*Exchange) bool, limit int) []Exchange {
	if r == nil {
		return nil
	}
	r.settle()
	places := r.notable.since(after, r.ordinary.since(after, nil))
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(b.id, a.id) })
	var all []Exchange
	for _, p := range places {
		if len(all) >= limit {
			break
		}
		if e, ok := p.read(); ok && wanted(&e) {
			all = append(all, e)
		}
	}
	return all
}

// since appends the places of the exchanges after an ID, looking back from the slot that
// was taken last.
func (r *ring) since(after ID, all []place) []place {
	size := uint64(len(r.slots))
	last := r.next.Load() % size
	for back, late := uint64(0), 0; back < size && late < lateSlots; back++ {
		i := (last + size - back) % size
		if id := ID(r.ids[i].Load()); id > after {
			all = append(all, r.place(id, i))
		} else {
			late++
		}
	}
	return all
}
