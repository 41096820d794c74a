package main

import (
	"context"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/inspect"
)

const recallTimeout = 5 * time.Second // to read what was seen before; the start waits for it

// recall tells the Inspector what was seen before this process began. Without it, it
// begins with nothing: that is no reason not to serve.
func (n *node) recall(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, recallTimeout)
	defer cancel()
	seen, err := n.control.Sightings(ctx)
	if err != nil {
		n.log.Warn("what was seen before could not be read; the Inspector begins with nothing", "error", err)
		return
	}
	var roll inspect.Rollup
	for _, c := range seen.Traffic {
		roll.Traffic = append(roll.Traffic, inspect.TrafficCount(c))
	}
	for _, d := range seen.Days {
		roll.Days = append(roll.Days, inspect.OriginDay(d))
	}
	for _, o := range seen.Refused {
		roll.Refused = append(roll.Refused, inspect.RefusedOrigin(o))
	}
	n.inspect.Restore(roll)
}

// flushSightings writes down what the Inspector has counted. What cannot be written is
// kept for the next time.
func (n *node) flushSightings(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, flushTimeout)
	defer cancel()
	if err := n.inspect.Flush(ctx, n.writeSightings); err != nil {
		n.log.Warn("what was seen could not be written; it is kept for the next minute", "error", err)
	}
}

func (n *node) writeSightings(ctx context.Context, roll inspect.Rollup) error {
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
	return n.control.RecordSightings(ctx, seen)
}
