package inspect

import (
	"sync"
	"sync/atomic"
)

// A ring holds the last exchanges of a kind. The settler alone writes to it.
type ring struct {
	next  atomic.Uint64
	ids   []atomic.Uint64 // what each slot holds, to look for without locking
	mu    sync.Mutex      // held to read one slot, and to write some
	slots []slot
}

func newRing(size int) *ring {
	return &ring{ids: make([]atomic.Uint64, size), slots: make([]slot, size)}
}

// put copies exchanges into the slots that come next, and notes their places. All of them
// are copied before the first is announced: the processor need not wait for each slot to
// come from far memory.
func (r *ring) put(batch []*waiting) {
	next := r.next.Load()
	r.mu.Lock()
	for _, w := range batch {
		next++
		w.place = r.place(w.id, next%uint64(len(r.slots)))
		w.copyTo(w.place.slot)
	}
	r.mu.Unlock()
	for i, w := range batch {
		r.ids[(next-uint64(len(batch)-1-i))%uint64(len(r.slots))].Store(uint64(w.id))
	}
	r.next.Store(next)
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

// read returns the exchange, if the slot still holds it and it is the site's.
func (p place) read(site int64) (Exchange, bool) {
	p.ring.mu.Lock()
	defer p.ring.mu.Unlock()
	if p.slot.id != p.id || p.slot.owner != site {
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
