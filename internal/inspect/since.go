package inspect

// lateSlots is how many slots that hold nothing new are passed over in the search for
// what is: their exchanges may have got their IDs earlier, and come later.
const lateSlots = 64

// Since returns the exchanges of the site with a higher ID than after that are wanted, the
// newest first, limit of them at most. It looks at what came after that one, and a few
// before, however much is remembered.
func (v View) Since(after ID, wanted func(*Exchange) bool, limit int) []Exchange {
	if v.r == nil {
		return nil
	}
	v.r.settle()
	places := v.r.notable.since(after, v.r.ordinary.since(after, nil))
	return v.chosen(places, wanted, limit)
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
