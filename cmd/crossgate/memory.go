package main

import "runtime"

// heapFloor is how much memory, in bytes, the collector takes for in use from the
// start. It is never touched, so the machine gives none for it; but with the few
// megabytes that a node really holds, the collector would run a hundred times a
// second under load, and now lets about this much garbage gather first. Unlike
// another GOGC it costs a node with a long list nothing.
const heapFloor = 32 << 20

// spareCollector holds the floor until the returned function is called.
func spareCollector() (release func()) {
	floor := make([]byte, heapFloor)
	return func() { runtime.KeepAlive(floor) }
}
