package demo

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
)

const (
	maxListeners   = 100 // event streams at once
	eventsToBeSent = 16  // to one listener that is slow; further ones are dropped
)

// events is the event stream of the sample API (HTML standard, "Server-sent events").
type events struct {
	mu        sync.Mutex
	listeners map[chan string]struct{}
}

func newEvents() *events { return &events{listeners: make(map[chan string]struct{})} }

// publish sends an event to all who listen.
func (e *events) publish(what string, d Discussion) {
	data, err := json.Marshal(d)
	if err != nil {
		return // a Discussion can always be written
	}
	text := fmt.Sprintf("event: %s\ndata: %s\n\n", what, data)
	e.mu.Lock()
	defer e.mu.Unlock()
	for l := range e.listeners {
		select {
		case l <- text:
		default:
		}
	}
}

// listen adds a listener, where there is room.
func (e *events) listen() (<-chan string, func(), bool) {
	l := make(chan string, eventsToBeSent)
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.listeners) >= maxListeners {
		return nil, nil, false
	}
	e.listeners[l] = struct{}{}
	return l, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.listeners, l)
	}, true
}

// serve sends events for as long as the client stays.
func (e *events) serve(w http.ResponseWriter, r *http.Request) {
	heard, leave, ok := e.listen()
	if !ok {
		http.Error(w, "too many listeners", http.StatusServiceUnavailable)
		return
	}
	defer leave()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprint(w, ": hello\n\n")
	flush := http.NewResponseController(w).Flush
	for flush() == nil {
		select {
		case <-r.Context().Done():
			return
		case text := <-heard:
			fmt.Fprint(w, text)
		}
	}
}
