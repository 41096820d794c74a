package inspect

import (
	"sync"
	"sync/atomic"
)

// A ring holds the last exchanges of a kind.
type ring struct {
	next  atomic.Uint64
	ids   []atomic.Uint64 // what each slot holds, to look for without locking
	mu    sync.Mutex      // held to read or write one slot
	slots []slot
}

func newRing(size int) *ring {
	return &ring{ids: make([]atomic.Uint64, size), slots: make([]slot, size)}
}

// put copies an exchange into the slot that comes next, and returns its place.
func (r *ring) put(s *slot) place {
	i := r.next.Add(1) % uint64(len(r.slots))
	r.mu.Lock()
	defer r.mu.Unlock()
	s.copyTo(&r.slots[i])
	r.ids[i].Store(uint64(s.id))
	return r.place(s.id, i)
}

// A place says in which slot an exchange was when it was looked for.
type place struct {
	id   ID
	ring *ring
	slot *slot
}

func (r *ring) place(id ID, i uint64) place { return place{id, r, &r.slots[i]} }

// places appends the places of the exchanges before an ID; 0: of all.
func (r *ring) places(before ID, all []place) []place {
	for i := range r.ids {
		if id := ID(r.ids[i].Load()); id != 0 && (before == 0 || id < before) {
			all = append(all, r.place(id, uint64(i)))
		}
	}
	return all
}

// find returns the place of one exchange.
func (r *ring) find(id ID) (place, bool) {
	for i := range r.ids {
		if ID(r.ids[i].Load()) == id {
			return r.place(id, uint64(i)), true
		}
	}
	return place{}, false
}

// read returns the exchange, if the slot still holds it.
func (p place) read() (Exchange, bool) {
	p.ring.mu.Lock()
	defer p.ring.mu.Unlock()
	if p.slot.id != p.id {
		return Exchange{}, false
	}
	return p.slot.exchange(), true
}

// join notes the exchange that belongs to this one, if the slot still holds it.
func (p place) join(other ID) bool {
	p.ring.mu.Lock()
	defer p.ring.mu.Unlock()
	if p.slot.id != p.id {
		return false
	}
	p.slot.joined = other
	return true
}
