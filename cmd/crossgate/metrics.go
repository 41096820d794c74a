package main

import (
	"github.com/crossgate/crossgate/internal/gateway"
	"github.com/crossgate/crossgate/internal/observe"
	"github.com/crossgate/crossgate/internal/snapshot"
)

// newMetrics makes the metrics of a node that decides by what the holder has.
func newMetrics(holder *snapshot.Holder) (*observe.Metrics, error) {
	return observe.NewMetrics(observe.MetricsConfig{
		Reasons:  gateway.Reasons(),
		Upstream: gateway.UpstreamReasons(),
		Carriers: gateway.Carriers(),
		State:    func() observe.State { return stateOf(holder.Load()) },
		Version:  builtVersion().Version,
	})
}

// stateOf is a snapshot as the metrics say it.
func stateOf(s *snapshot.Snapshot) observe.State {
	if s == nil {
		return observe.State{}
	}
	return observe.State{
		Ready: true, Revision: s.Revision, Since: s.Since,
		Domains: s.Default.Gate.Trusted().Len() + s.Sites.Domains(), Tokens: s.Default.Tokens + s.Sites.Tokens(),
	}
}
