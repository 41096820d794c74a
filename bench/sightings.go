package main

import (
	"context"
	"slices"
	"sync"
	"time"
)

// sightings are when each node was first seen to decide by a revision.
type sightings struct {
	nodes []*simulated

	mu    sync.Mutex
	acked map[int64]time.Time   // by revision
	seen  map[int64][]time.Time // by revision: a time for each node that has it
	at    []int64               // the revision of each node, when it was last looked at
}

func newSightings(nodes []*simulated) *sightings {
	s := &sightings{
		nodes: nodes, acked: make(map[int64]time.Time), seen: make(map[int64][]time.Time), at: make([]int64, len(nodes)),
	}
	for i, n := range nodes {
		s.at[i] = n.holder.Load().Revision
	}
	return s
}

// acknowledged notes that a revision is known to be kept.
func (s *sightings) acknowledged(revision int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acked[revision] = time.Now()
}

// look looks at every node, again and again.
func (s *sightings) look(ctx context.Context) {
	tick := time.NewTicker(fleetLook)
	defer tick.Stop()
	for ctx.Err() == nil {
		<-tick.C
		s.lookOnce(time.Now())
	}
}

func (s *sightings) lookOnce(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, n := range s.nodes {
		for revision := n.holder.Load().Revision; s.at[i] < revision; {
			s.at[i]++
			s.seen[s.at[i]] = append(s.seen[s.at[i]], now)
		}
	}
}

// awaitAll waits until every node has every revision that was acknowledged.
func (s *sightings) awaitAll(most time.Duration) {
	for end := time.Now().Add(most); time.Now().Before(end) && !s.complete(); {
		time.Sleep(pollEvery)
	}
}

func (s *sightings) complete() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for revision := range s.acked {
		if len(s.seen[revision]) < len(s.nodes) {
			return false
		}
	}
	return true
}

// times returns how long a revision took to a node, and how long to the last of all: from
// the acknowledgement, or from the first node that decided by it, where that was before,
// as it is on a machine that is too busy to acknowledge.
func (s *sightings) times() (one, all []time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for revision, from := range s.acked {
		seen := s.seen[revision]
		if len(seen) == 0 {
			continue
		}
		if first := slices.MinFunc(seen, time.Time.Compare); first.Before(from) {
			from = first
		}
		var last time.Duration
		for _, at := range seen {
			one = append(one, at.Sub(from))
			last = max(last, at.Sub(from))
		}
		if len(seen) == len(s.nodes) {
			all = append(all, last)
		}
	}
	return one, all
}
