package inspect

import (
	"context"
	"time"
)

// A Config is what a Recorder is made of.
type Config struct {
	Now func() time.Time // nil: time.Now
}

// A Recorder remembers. A nil Recorder remembers nothing. All methods may be called by
// several goroutines at once; only Record is on the way of requests.
type Recorder struct {
	clock func() time.Time
}

// New returns a Recorder that has seen nothing.
func New(cfg Config) *Recorder { panic("soon") }

// Record remembers an exchange that has ended.
func (r *Recorder) Record(o *Observation) {}

// List returns the exchanges that a filter chooses, the newest first: those with a lower
// ID than before (0: from the newest), limit of them at most (and never more than
// [MaxListed]).
func (r *Recorder) List(f Filter, before ID, limit int) []Exchange { return nil }

// Get returns an exchange, if it is still remembered.
func (r *Recorder) Get(id ID) (Exchange, bool) { return Exchange{}, false }

// Subscribe returns the exchanges that end from now on and that a filter chooses, until
// ctx ends; then the channel is closed. Whoever is slow misses some: no request waits.
// False: [MaxSubscribers] are there already.
func (r *Recorder) Subscribe(ctx context.Context, f Filter) (<-chan Exchange, bool) {
	return nil, false
}

// Series returns what happened over time.
func (r *Recorder) Series(over Range) Series { return Series{} }

// TopOrigins returns the n origins that were let in most often in the last 7 days.
func (r *Recorder) TopOrigins(n int) []Origin { return nil }

// RefusedOrigins returns the origins that were not trusted, the most frequent first.
func (r *Recorder) RefusedOrigins() []Origin { return nil }

// SeenOrigins returns all origins of the last 7 days that are remembered.
func (r *Recorder) SeenOrigins() []Origin { return nil }
