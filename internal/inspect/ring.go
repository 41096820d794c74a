package inspect

import (
	"sync/atomic"
)

// A ring holds the last exchanges of a kind.
type ring struct {
	next  atomic.Uint64
	ids   []atomic.Uint64 // what each slot holds, to look for without locking
	slots []slot
}

func newRing(size int) *ring {
	return &ring{ids: make([]atomic.Uint64, size), slots: make([]slot, size)}
}

// put writes an exchange into the slot that comes next, and returns the slot. Where a
// later one has overtaken it by a whole round, that one stays.
func (r *ring) put(id ID, o *Observation, outcome Outcome) *slot {
	i := r.next.Add(1) % uint64(len(r.slots))
	s := &r.slots[i]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.id > id {
		return s
	}
	s.begin(id, o, outcome)
	o.write(s)
	r.ids[i].Store(uint64(id))
	return s
}

// A place says in which slot an exchange was when it was looked for.
type place struct {
	id   ID
	slot *slot
}

// places appends the places of the exchanges before an ID; 0: of all.
func (r *ring) places(before ID, all []place) []place {
	for i := range r.ids {
		if id := ID(r.ids[i].Load()); id != 0 && (before == 0 || id < before) {
			all = append(all, place{id, &r.slots[i]})
		}
	}
	return all
}

// find returns the place of one exchange.
func (r *ring) find(id ID) (place, bool) {
	for i := range r.ids {
		if ID(r.ids[i].Load()) == id {
			return place{id, &r.slots[i]}, true
		}
	}
	return place{}, false
}

// read returns the exchange, if the slot still holds it.
func (p place) read() (Exchange, bool) {
	p.slot.mu.Lock()
	defer p.slot.mu.Unlock()
	if p.slot.id != p.id {
		return Exchange{}, false
	}
	return p.slot.exchange(), true
}

// join notes the exchange that belongs to this one, if the slot still holds it.
func (p place) join(other ID) bool {
	p.slot.mu.Lock()
	defer p.slot.mu.Unlock()
	if p.slot.id != p.id {
		return false
	}
	p.slot.joined = other
	return true
}
