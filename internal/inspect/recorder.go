package inspect

import (
	"cmp"
	"hash/maphash"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// A Config is what a Recorder is made of.
type Config struct {
	Now       func() time.Time // nil: time.Now
	Exchanges int              // how many are remembered; 0: DefaultExchanges
}

// A Recorder remembers. A nil Recorder remembers nothing. All methods may be called by
// several goroutines at once; only Record is on the way of requests.
type Recorder struct {
	clock       func() time.Time
	first       ID // what the IDs of this process are above
	count       atomic.Uint64
	ordinary    *ring // what was let in
	notable     *ring // preflights, and what was not let in
	joins       joins
	lanes       []lane // as many as requests can be at the same moment
	history     history
	letIn       *sketch
	refused     *sketch
	subscribers subscribers
	flushing    sync.Mutex
}

// New returns a Recorder that has seen nothing.
func New(cfg Config) *Recorder {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	half := max(cmp.Or(cfg.Exchanges, DefaultExchanges)/2, 1)
	return &Recorder{
		clock:    cfg.Now,
		first:    ID(cfg.Now().UnixMicro()),
		ordinary: newRing(half),
		notable:  newRing(half),
		lanes:    make([]lane, min(runtime.GOMAXPROCS(0), maxLanes)),
		joins:    joins{seed: maphash.MakeSeed()},
		letIn:    newSketch(MaxLetInOrigins, 0, true),
		refused:  newSketch(MaxRefusedOrigins, MaxExamplePaths, false),
	}
}

// Record remembers an exchange that has ended. It keeps nothing of the observation, and
// seldom allocates.
func (r *Recorder) Record(o *Observation) {
	if r == nil {
		return
	}
	n := r.count.Add(1)
	outcome := o.outcome()
	p := place{id: r.first + ID(n)}
	if outcome == Allowed && !o.Preflight {
		p.slot = r.ordinary.put(p.id, o, outcome)
	} else {
		p.slot = r.notable.put(p.id, o, outcome)
	}
	ended := o.Time.Add(o.Duration)
	r.lanes[n%uint64(len(r.lanes))].count(ended, o, outcome, &r.history)
	r.countOrigin(ended, o)
	r.join(p, o, outcome)
	r.subscribers.tell(p)
}

// countOrigin counts the origin, where it is one.
func (r *Recorder) countOrigin(at time.Time, o *Observation) {
	switch {
	case !o.Judged || len(o.Origin) > maxOriginText:
	case o.Verdict == gate.Trusted, o.Verdict == gate.Own && o.Origin != "null":
		r.letIn.see(o.Origin, at, o.Reason, "")
	case o.Verdict == gate.Refused || o.Verdict == gate.Observed:
		if o.Reason == gate.OriginNotTrusted || o.Reason == gate.OriginNull {
			r.refused.see(clean(o.Origin), at, o.Reason, o.Path)
		}
	}
}

// join connects a preflight with the request behind it.
func (r *Recorder) join(p place, o *Observation, outcome Outcome) {
	switch {
	case o.Origin == "" || o.Carrier != Ordinary:
	case o.Preflight && outcome != Refused && outcome != Failed:
		r.joins.await(r.joins.hash(o.Origin, o.RequestMethod, o.Path), o.Time.Add(o.Duration), p)
	case !o.Preflight:
		before, found := r.joins.take(r.joins.hash(o.Origin, o.Method, o.Path), o.Time)
		if found && before.join(p.id) {
			p.join(before.id)
		}
	}
}

// drain hands what the lanes have counted to the history.
func (r *Recorder) drain() {
	for i := range r.lanes {
		l := &r.lanes[i]
		l.mu.Lock()
		l.drain(&r.history)
		l.mu.Unlock()
	}
}

// List returns the exchanges that a filter chooses, the newest first: those with a lower
// ID than before (0: from the newest), limit of them at most (and never more than
// [MaxListed]).
func (r *Recorder) List(f Filter, before ID, limit int) []Exchange {
	if r == nil {
		return nil
	}
	places := r.notable.places(before, r.ordinary.places(before, nil))
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(b.id, a.id) })
	var all []Exchange
	for _, p := range places {
		if len(all) >= min(limit, MaxListed) {
			break
		}
		if e, ok := p.read(); ok && f.Matches(&e) {
			all = append(all, e)
		}
	}
	return all
}

// Get returns an exchange, if it is still remembered.
func (r *Recorder) Get(id ID) (Exchange, bool) {
	if r == nil || id == 0 {
		return Exchange{}, false
	}
	for _, ring := range [...]*ring{r.notable, r.ordinary} {
		if p, found := ring.find(id); found {
			return p.read()
		}
	}
	return Exchange{}, false
}

// Series returns what happened over time.
func (r *Recorder) Series(over Range) Series {
	if r == nil {
		return Series{Range: over}
	}
	r.drain()
	return r.history.series(over, r.clock())
}

// TopOrigins returns the n origins that were let in most often in the last days, the
// most frequent first.
func (r *Recorder) TopOrigins(n int) []Origin {
	if r == nil {
		return nil
	}
	all := ranked(r.letIn.origins())
	return all[:min(n, len(all))]
}

// RefusedOrigins returns the origins that were not trusted, the most frequent first,
// those that were only observed among them.
func (r *Recorder) RefusedOrigins() []Origin {
	if r == nil {
		return nil
	}
	return ranked(r.refused.origins())
}

// SeenOrigins returns all origins of the last 7 days that are remembered, the most
// frequent first.
func (r *Recorder) SeenOrigins() []Origin {
	if r == nil {
		return nil
	}
	return ranked(append(r.letIn.origins(), r.refused.origins()...))
}

func ranked(all []Origin) []Origin {
	slices.SortFunc(all, func(a, b Origin) int {
		return cmp.Or(cmp.Compare(b.Hits, a.Hits), b.Last.Compare(a.Last), cmp.Compare(a.Origin, b.Origin))
	})
	return all
}
