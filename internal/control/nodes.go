package control

import (
	"context"
	"time"
)

// A Node is one running gateway process, as it last told of itself.
type Node struct {
	ID        string // random, of the process
	Name      string // of the machine, or what a person calls it
	Version   string // of the program
	StartedAt time.Time
	SeenAt    time.Time
	Head      Head      // that it decides by
	KeptAt    time.Time // when its snapshot on disk was last known to be current; zero: it has none
}

// How nodes tell of themselves.
const (
	NodeBeat    = 10 * time.Second // between two signs of life
	NodeSilent  = 30 * time.Second // after which a node is not heard of
	NodeBehind  = 5 * time.Second  // after which a node that has not followed the head is behind
	nodeForgets = 24 * time.Hour   // after which a node that is not heard of is forgotten

	nodeForgetEvery = time.Hour // between two looks for those
)

// Fleet is the nodes, and the head that they are to decide by.
type Fleet struct {
	Head    Head
	MovedAt time.Time // when it became that; zero: not known
	At      time.Time // when this was read
	Nodes   []Node    // by name
}

// NodeState says how a node is.
type NodeState string

// The states of nodes.
const (
	NodeCurrent NodeState = "current"
	NodeLate    NodeState = "behind" // it is heard of, and decides by an earlier revision
	NodeGone    NodeState = "silent" // it is not heard of
)

// State says how one of the fleet's nodes is.
func (f *Fleet) State(n Node) NodeState {
	switch {
	case f.At.Sub(n.SeenAt) > NodeSilent:
		return NodeGone
	case n.Head != f.Head && n.SeenAt.Sub(f.MovedAt) > NodeBehind:
		return NodeLate
	}
	return NodeCurrent
}

// Fleet returns the nodes that were heard of in the last day.
func (s *Service) Fleet(ctx context.Context) (Fleet, error) {
	return view(ctx, s, func(r Reader) (f Fleet, err error) {
		f.At = s.now()
		if f.Head, err = r.Head(); err != nil {
			return f, err
		}
		if f.MovedAt, err = r.MovedAt(); err != nil {
			return f, err
		}
		f.Nodes, err = r.Nodes()
		return f, err
	})
}

// Beat writes down that a node is there and what it decides by. Now and then nodes that
// have long been silent are forgotten.
func (s *Service) Beat(ctx context.Context, n Node) error {
	n.SeenAt = s.now()
	forget := s.mayForget(n.SeenAt)
	return s.store.Tally(ctx, func(w Writer) error {
		if err := w.PutNode(n); err != nil || !forget {
			return err
		}
		return w.DeleteNodesBefore(n.SeenAt.Add(-nodeForgets))
	})
}

// NodeOfSeveral returns the name of this node where others are heard of: what is kept in a
// node's memory is not what the others have. Where it is alone, it is "".
func (s *Service) NodeOfSeveral(ctx context.Context) (string, error) {
	fleet, err := s.Fleet(ctx)
	heard := 0
	for _, n := range fleet.Nodes {
		if fleet.State(n) != NodeGone {
			heard++
		}
	}
	if err != nil || heard < 2 {
		return "", err
	}
	return s.node, nil
}

// mayForget reports whether it is time to look for nodes to forget.
func (s *Service) mayForget(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.forgot) < nodeForgetEvery {
		return false
	}
	s.forgot = now
	return true
}

// Leave takes away what a node told of itself: it stops.
func (s *Service) Leave(ctx context.Context, id string) error {
	return s.store.Tally(ctx, func(w Writer) error { return w.DeleteNode(id) })
}
