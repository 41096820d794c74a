package inspect

import (
	"cmp"
	"context"
	"hash/maphash"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// A Config is what a Recorder is made of.
type Config struct {
	Now       func() time.Time // nil: time.Now
	Exchanges int              // how many are remembered; 0: DefaultExchanges
	// Recall reads what was written down of a site, by all nodes. Nil: nothing is. It is
	// called when somebody looks, while others wait, and is to end with its context.
	Recall func(ctx context.Context, site int64) (Rollup, error)
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
	recall      func(context.Context, int64) (Rollup, error)
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
		settler:  settler{books: newBooks()},
		recall:   cfg.Recall,
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
