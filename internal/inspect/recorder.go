package inspect

import (
	"cmp"
	"hash/maphash"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
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
	settler     settler
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
		lanes:    newLanes(min(runtime.GOMAXPROCS(0), maxLanes)),
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
	l := &r.lanes[n%uint64(len(r.lanes))]
	done, more := l.put(r.first+ID(n), o, &r.joins)
	for !done { // somebody else is about to settle, and then others were faster
		r.settle()
		done, more = l.put(r.first+ID(n), o, &r.joins)
	}
	if !more || len(r.subscribers.all()) > 0 {
		r.settle()
	}
}

// List returns the exchanges that a filter chooses, the newest first: those with a lower
// ID than before (0: from the newest), limit of them at most (and never more than
// [MaxListed]).
func (r *Recorder) List(f Filter, before ID, limit int) []Exchange {
	if r == nil {
		return nil
	}
	r.settle()
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
	r.settle()
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
	r.settle()
	all := ranked(r.letIn.origins())
	return all[:min(n, len(all))]
}

// RefusedOrigins returns the origins that were not trusted, the most frequent first,
// those that were only observed among them.
func (r *Recorder) RefusedOrigins() []Origin {
	if r == nil {
		return nil
	}
	r.settle()
	return ranked(r.refused.origins())
}

// SeenOrigins returns all origins of the last 7 days that are remembered, the most
// frequent first.
func (r *Recorder) SeenOrigins() []Origin {
	if r == nil {
		return nil
	}
	r.settle()
	return ranked(append(r.letIn.origins(), r.refused.origins()...))
}

func ranked(all []Origin) []Origin {
	slices.SortFunc(all, func(a, b Origin) int {
		return cmp.Or(cmp.Compare(b.Hits, a.Hits), b.Last.Compare(a.Last), cmp.Compare(a.Origin, b.Origin))
	})
	return all
}
