package server

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// The defaults of Drain. Together they stay below the 30 seconds that process
// supervisors commonly give before they kill.
const (
	DefaultNotice   = 5 * time.Second
	DefaultDeadline = 25 * time.Second
)

// Drain says how long the phases of stopping take.
type Drain struct {
	// Notice is how long new connections are still accepted, while readiness says
	// no and every answer asks its client to close (Connection: close, GOAWAY). Load
	// balancers learn of the end meanwhile, and no request is lost. Negative: none.
	Notice time.Duration
	// Deadline is how long it takes in all, until the requests, event streams and
	// WebSockets that are still open are cut.
	Deadline time.Duration
	// Unannounced is asked when stopping begins, and may be nil: where it says true,
	// no load balancer needs the notice, because a person at a terminal is waiting.
	Unannounced func() bool
}

// notice is how long the end is announced before it begins.
func (d Drain) notice() time.Duration {
	if d.Unannounced != nil && d.Unannounced() {
		return 0
	}
	return min(max(d.Notice, 0), d.Deadline)
}

func (d Drain) orDefault() Drain {
	if d.Notice == 0 {
		d.Notice = DefaultNotice
	}
	if d.Deadline <= 0 {
		d.Deadline = DefaultDeadline
	}
	return d
}

// State tells whether the server is stopping. The zero State is not.
type State struct{ draining atomic.Bool }

// Draining reports whether the drain has begun: readiness is over.
func (s *State) Draining() bool { return s.draining.Load() }

// drain stops in two phases: first say so while still serving, then close the
// listeners and wait. Closing at once would reset requests that clients have just
// sent on connections that looked usable.
func (s *Server) drain() {
	s.cfg.State.draining.Store(true)
	ctx, cancel := context.WithTimeout(context.Background(), s.cfg.Drain.Deadline)
	defer cancel()
	notice := s.cfg.Drain.notice()
	s.cfg.Log.Info("draining", "notice", notice, "deadline", s.cfg.Drain.Deadline)
	time.Sleep(notice)
	var done sync.WaitGroup
	for _, one := range s.services {
		done.Go(func() { one.finish(ctx) })
	}
	finished := make(chan struct{})
	go func() { done.Wait(); close(finished) }()
	select {
	case <-finished:
	case <-ctx.Done():
	}
	if n := s.cut(); n > 0 {
		s.cfg.Log.Warn("connections cut at the deadline", "connections", n)
	}
	<-finished
	s.cfg.Log.Info("stopped")
}

// finish closes the listener and waits for the requests under way, then for the
// WebSockets, which Shutdown does not know.
func (s *service) finish(ctx context.Context) {
	if err := s.http.Shutdown(ctx); err != nil {
		return // the deadline: the caller cuts what is left
	}
	s.guard.wait()
}

// cut closes everything at once and returns how many connections were open.
func (s *Server) cut() int {
	n := 0
	for _, one := range s.services {
		_ = one.guard.Close() // may be closed already
		n += one.guard.cut()
		_ = one.http.Close() // every connection is closed already
	}
	return n
}

// closing asks clients to close their connections once the drain has begun. On
// HTTP/2 net/http turns the field into GOAWAY.
type closing struct {
	state *State
	http.Handler
}

func (c closing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if c.state.Draining() {
		w = &lastResponse{ResponseWriter: w}
	}
	c.Handler.ServeHTTP(w, r)
}

// lastResponse adds Connection: close at the last moment: handlers that relay
// informational responses clear the header in between.
type lastResponse struct {
	http.ResponseWriter
	wrote bool
}

func (l *lastResponse) WriteHeader(status int) {
	if status >= http.StatusOK && !l.wrote {
		l.wrote = true
		l.Header()["Connection"] = []string{"close"}
	}
	l.ResponseWriter.WriteHeader(status)
}

func (l *lastResponse) Write(b []byte) (int, error) {
	if !l.wrote {
		l.WriteHeader(http.StatusOK)
	}
	return l.ResponseWriter.Write(b)
}

func (l *lastResponse) FlushError() error {
	if !l.wrote {
		l.WriteHeader(http.StatusOK)
	}
	return http.NewResponseController(l.ResponseWriter).Flush()
}

// Flush is for handlers that look for an http.Flusher.
func (l *lastResponse) Flush() { _ = l.FlushError() }

// Unwrap lets http.ResponseController reach the connection.
func (l *lastResponse) Unwrap() http.ResponseWriter { return l.ResponseWriter }
