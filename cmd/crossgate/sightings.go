package main

import (
	"context"
	"errors"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/inspect"
)

const (
	recallTimeout = 5 * time.Second  // to read what was seen before; the start waits for it
	crowdedEvery  = 10 * time.Second // how often what was seen is written down at most: of inspect.MaxSites sites each time
)

// recall tells the Inspector what was seen before this process began, and by other nodes.
// Without it, it begins with nothing: that is no reason not to serve.
func (n *node) recall(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, recallTimeout)
	defer cancel()
	_ = n.inspect.Recall(ctx, inspect.DefaultSite) // readSightings has told of it
}

// readSightings reads what was seen of a site by all nodes.
func (n *node) readSightings(ctx context.Context, site int64) (roll inspect.Rollup, err error) {
	seen, err := n.control.In(control.Place{ID: site}).Sightings(ctx)
	if err != nil {
		n.log.Warn("what was seen before could not be read; the Inspector shows what it knows", "site", site, "error", err)
		return roll, err
	}
	for _, c := range seen.Traffic {
		roll.Traffic = append(roll.Traffic, inspect.TrafficCount(c))
	}
	for _, d := range seen.Days {
		roll.Days = append(roll.Days, inspect.OriginDay(d))
	}
	for _, o := range seen.Refused {
		roll.Refused = append(roll.Refused, inspect.RefusedOrigin(o))
	}
	return roll, nil
}

// flushSightings writes down what the Inspector has counted, site by site. What cannot be
// written is kept for the next time.
func (n *node) flushSightings(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, flushTimeout)
	defer cancel()
	if err := n.inspect.Flush(ctx, n.writeSightings); err != nil {
		n.log.Warn("what was seen could not be written; it is kept for the next minute", "error", err)
	}
}

// lull waits before what was seen is written down early, because so many sites were called
// that no more of them can be counted.
func (n *node) lull(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(crowdedEvery):
	}
}

// writeSightings writes down what was seen of a site. One that was removed meanwhile has
// nothing to be kept.
func (n *node) writeSightings(ctx context.Context, site int64, roll inspect.Rollup) error {
	var seen control.Sightings
	for _, c := range roll.Traffic {
		seen.Traffic = append(seen.Traffic, control.TrafficCount(c))
	}
	for _, d := range roll.Days {
		seen.Days = append(seen.Days, control.OriginDay(d))
	}
	for _, o := range roll.Refused {
		seen.Refused = append(seen.Refused, control.RefusedOrigin(o))
	}
	err := n.control.In(control.Place{ID: site}).RecordSightings(ctx, seen)
	if gone, ok := errors.AsType[*control.Error](err); ok && gone.Code == control.CodeNotFound {
		return nil
	}
	return err
}
