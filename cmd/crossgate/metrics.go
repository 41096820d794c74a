package main

import (
	"github.com/crossgate/crossgate/internal/gateway"
	"github.com/crossgate/crossgate/internal/observe"
	"github.com/crossgate/crossgate/internal/snapshot"
)

// newMetrics makes the metrics of a node that is in a state.
func newMetrics(state func() observe.State) (*observe.Metrics, error) {
	return observe.NewMetrics(observe.MetricsConfig{
		Reasons:  gateway.Reasons(),
		Upstream: gateway.UpstreamReasons(),
		Carriers: gateway.Carriers(),
		State:    state,
		Version:  builtVersion().Version,
	})
}

// standing is how this node is, for the metrics.
func (n *node) standing() observe.State {
	s, following, fleet := stateOf(n.snapshot.Load()), n.control.Following(), n.fleet()
	s.DatabaseUp, s.Confirmed, s.FromDisk = following.Outage == nil, following.Confirmed, following.FromDisk
	s.Keeps, s.KeptAt = n.settings.SnapshotFile() != "", following.KeptAt
	s.Nodes, s.Behind = fleet.nodes, fleet.behind
	return s
}

// stateOf is a snapshot as the metrics say it.
func stateOf(s *snapshot.Snapshot) observe.State {
	if s == nil {
		return observe.State{}
	}
	return observe.State{
		Ready: true, Revision: s.Revision, Since: s.Since, Sites: 1 + s.Sites.Len(),
		Domains: s.Default.Gate.Trusted().Len() + s.Sites.Domains(), Tokens: s.Default.Tokens + s.Sites.Tokens(),
	}
}
