package demo

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// callKey is the query key by which a page tells its calls apart. Scripts cannot see
// a browser's preflights, so they are counted where they arrive.
const callKey = "demo_call"

// The limits of what is remembered.
const (
	maxCalls    = 1000 // the oldest are forgotten
	maxArrivals = 20   // requests of one call
	maxCallName = 64   // bytes
)

// An Arrival is one request that arrived.
type Arrival struct {
	Method string  `json:"method"`
	At     float64 `json:"at"`               // milliseconds after the first of the call
	Reason string  `json:"reason,omitempty"` // Crossgate-Reason of its answer, where it was refused

	time time.Time
}

// A Wire remembers which requests arrived at a handler, call by call. The zero Wire
// is ready for use.
type Wire struct {
	mu    sync.Mutex
	calls map[string][]Arrival
	order []string
}

// Watch returns h, watched.
func (w *Wire) Watch(h http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		call := r.URL.Query().Get(callKey)
		if call == "" || len(call) > maxCallName {
			h.ServeHTTP(rw, r)
			return
		}
		i := w.arrived(call, r.Method)
		h.ServeHTTP(rw, r)
		w.answered(call, i, rw.Header().Get("Crossgate-Reason"))
	})
}

// Arrivals returns the requests of a call, in the order in which they arrived.
func (w *Wire) Arrivals(call string) []Arrival {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.calls[call])
}

// arrived remembers a request and returns its place in the call.
func (w *Wire) arrived(call, method string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.calls == nil {
		w.calls = make(map[string][]Arrival)
	}
	if _, known := w.calls[call]; !known {
		w.order = append(w.order, call)
	}
	if len(w.order) > maxCalls {
		delete(w.calls, w.order[0])
		w.order = w.order[1:]
	}
	came := Arrival{Method: method, time: time.Now()}
	if earlier := w.calls[call]; len(earlier) > 0 {
		came.At = float64(came.time.Sub(earlier[0].time)) / float64(time.Millisecond)
	}
	if len(w.calls[call]) < maxArrivals {
		w.calls[call] = append(w.calls[call], came)
	}
	return len(w.calls[call]) - 1
}

// answered adds why a request was refused.
func (w *Wire) answered(call string, i int, reason string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if arrivals := w.calls[call]; i < len(arrivals) {
		arrivals[i].Reason = reason
	}
}
