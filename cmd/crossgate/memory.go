package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/crossgate/crossgate/internal/snapshot"
)

// heapFloor is how much memory, in bytes, the collector takes for in use from the
// start. It is never touched, so the machine gives none for it; but with the few
// megabytes that a node really holds, the collector would run a hundred times a
// second under load, and now lets about this much garbage gather first. Unlike
// another GOGC it costs a node with a long list nothing.
const heapFloor = 32 << 20

// manyRecords is from how many Trusted Domains and access tokens on reading them leaves
// enough garbage behind to be worth a collection of its own.
const manyRecords = 100_000

// giveBack returns to the machine what reading a long list took at the start, once it was
// read; by itself the process would keep it for good.
func giveBack(ctx context.Context, from *snapshot.Holder) {
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for from.Load() == nil {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
	s := from.Load()
	if s.Default.Gate.Trusted().Len()+s.Sites.Domains()+s.Default.Tokens+s.Sites.Tokens() < manyRecords {
		return
	}
	debug.FreeOSMemory()
}

// spareCollector holds the floor until the returned function is called.
func spareCollector() (release func()) {
	floor := make([]byte, heapFloor)
	return func() { runtime.KeepAlive(floor) }
}
