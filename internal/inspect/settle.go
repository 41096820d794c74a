package inspect

import (
	"sync"

	"github.com/crossgate/crossgate/internal/gate"
)

// A settler puts exchanges that wait in the lanes to where they are looked for. Doing so
// for many at a time costs a fraction of what it does one by one, between all else that a
// request takes.
type settler struct {
	mu    sync.Mutex
	batch []*waiting    // its room
	of    [2][]*waiting // the same, by the ring
	books books
}

// settle puts all that was recorded so far to its place. Whoever looks for something
// calls it before.
func (r *Recorder) settle() {
	r.settler.mu.Lock()
	defer r.settler.mu.Unlock()
	r.settleAll()
}

func (r *Recorder) settleAll() {
	r.settler.batch = take(r.lanes, r.settler.batch[:0])
	r.keep(r.settler.batch)
	for _, w := range r.settler.batch {
		if b := r.settler.books.of(w.owner); b != nil {
			b.count(w)
		}
		r.join(w)
		r.subscribers.tell(w)
	}
}

// keep puts exchanges into the ring where each of them belongs.
func (r *Recorder) keep(batch []*waiting) {
	of := &r.settler.of
	of[0], of[1] = of[0][:0], of[1][:0]
	for _, w := range batch {
		if w.outcome == wasAllowed && !w.preflight {
			of[0] = append(of[0], w)
		} else {
			of[1] = append(of[1], w)
		}
	}
	r.ordinary.put(of[0])
	r.notable.put(of[1])
}

// sketch says where the origin is to be counted, if it is one.
func (o *Observation) sketch() uint8 {
	switch {
	case !o.Judged || len(o.Origin) > maxOriginText:
	case o.Verdict == gate.Trusted, o.Verdict == gate.Own && o.Origin != "null":
		return inLetIn
	case o.Verdict == gate.Refused || o.Verdict == gate.Observed:
		if o.Reason == gate.OriginNotTrusted || o.Reason == gate.OriginNull {
			return inRefused
		}
	}
	return inNone
}

// behind is by what a preflight finds its request, and the other way round; 0 for one
// that neither follows nor goes before another.
func (o *Observation) behind(j *joins) uint64 {
	switch {
	case o.Origin == "" || o.Carrier != Ordinary:
		return 0
	case !o.Preflight:
		return j.hash(o.owner(), o.Origin, o.Method, o.Path)
	case o.Refused || o.Failed:
		return 0
	}
	return j.hash(o.owner(), o.Origin, o.RequestMethod, o.Path)
}

// join connects a preflight with the request behind it.
func (r *Recorder) join(w *waiting) {
	switch {
	case w.behind == 0:
	case w.preflight:
		r.joins.await(w.behind, w.time+int64(w.duration), w.place)
	default:
		before, found := r.joins.take(w.behind, w.time)
		if found && before.join(w.id) {
			w.place.join(before.id)
		}
	}
}
