package gateway

import (
	"hash/maphash"
	"sync"
	"time"
)

// Usage is what was seen since the last Flush: approximate, and of no revision.
type Usage struct {
	Domains map[int64]Seen  // by Trusted Domain
	Tokens  map[string]Seen // by access token
}

// Seen is how often, and when last.
type Seen struct {
	Hits int64
	Last time.Time
}

// Flush returns the usage since the last Flush and begins anew.
func (g *Gateway) Flush() Usage {
	return Usage{Domains: g.usage.domains.flush(), Tokens: g.usage.tokens.flush()}
}

type usage struct {
	domains *tally[int64]
	tokens  *tally[string]
}

func newUsage() usage { return usage{newTally[int64](), newTally[string]()} }

// tallyShards is how many requests can be counted at the same moment.
const tallyShards = 32

// A tally counts by key, in shards so that requests hardly ever wait for each other.
// Its keys come from the snapshot, never from a request, so it stays small.
type tally[K comparable] struct {
	seed   maphash.Seed
	shards [tallyShards]shard[K]
}

type shard[K comparable] struct {
	mu   sync.Mutex
	seen map[K]Seen
	_    [40]byte // keeps the locks on cache lines of their own
}

func newTally[K comparable]() *tally[K] { return &tally[K]{seed: maphash.MakeSeed()} }

func (t *tally[K]) count(key K, at time.Time) {
	s := &t.shards[maphash.Comparable(t.seed, key)%tallyShards]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen == nil {
		s.seen = make(map[K]Seen)
	}
	s.seen[key] = Seen{Hits: s.seen[key].Hits + 1, Last: at}
}

func (t *tally[K]) flush() map[K]Seen {
	all := make(map[K]Seen)
	for i := range t.shards {
		s := &t.shards[i]
		s.mu.Lock()
		for key, seen := range s.seen {
			all[key] = seen
		}
		s.seen = nil
		s.mu.Unlock()
	}
	return all
}
