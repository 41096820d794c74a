package main

import (
	"context"
	"sync"
	"time"
)

// sightings are when each node was first seen to decide by a revision.
type sightings struct {
	nodes []*simulated

	mu    sync.Mutex
	acked map[int64]time.Time       // by revision
	seen  map[int64][]time.Duration // after that, by revision: a time for each node that has it
	at    []int64                   // the revision of each node, when it was last looked at
	early map[int64][]time.Time     // what was seen before it was acknowledged
}

func newSightings(nodes []*simulated) *sightings {
	s := &sightings{
		nodes: nodes, acked: make(map[int64]time.Time), seen: make(map[int64][]time.Duration),
		at: make([]int64, len(nodes)), early: make(map[int64][]time.Time),
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
	now := time.Now()
	s.acked[revision] = now
	for range s.early[revision] {
		s.seen[revision] = append(s.seen[revision], 0)
	}
	delete(s.early, revision)
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
		revision := n.holder.Load().Revision
		for s.at[i] < revision {
			s.at[i]++
			if acked, ok := s.acked[s.at[i]]; ok {
				s.seen[s.at[i]] = append(s.seen[s.at[i]], now.Sub(acked))
			} else {
				s.early[s.at[i]] = append(s.early[s.at[i]], now)
			}
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

// times returns how long a revision took to a node, and how long to the last of all.
func (s *sightings) times() (one, all []time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for revision := range s.acked {
		var last time.Duration
		for _, t := range s.seen[revision] {
			last = max(last, t)
		}
		if len(s.seen[revision]) == len(s.nodes) {
			all = append(all, last)
		}
		one = append(one, s.seen[revision]...)
	}
	return one, all
}
