package server

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Clients that keep their connections and never repeat a request lose none when
// the server stops: each is told to close, and goes elsewhere (promise P9).
func TestDrainLosesNoRequest(t *testing.T) {
	const clients = 32
	r := start(t, hello, func(c *Config) { c.Drain = Drain{Notice: 300 * time.Millisecond, Deadline: patience} })
	var asked, failed atomic.Int64
	var working sync.WaitGroup
	for range clients {
		working.Go(func() {
			c, err := r.dial()
			if err != nil {
				failed.Add(1)
				return
			}
			defer c.Close()
			for {
				asked.Add(1)
				res, err := c.get()
				if err != nil {
					failed.Add(1)
					t.Errorf("request lost: %v", err)
					return
				}
				if res.Close {
					return // the connection is not to be used again: on to another node
				}
			}
		})
	}
	for asked.Load() < 50*clients {
		time.Sleep(time.Millisecond)
	}
	r.stop()
	r.stopped()
	working.Wait()
	t.Logf("%d requests, %d lost", asked.Load(), failed.Load())
}

// While the notice lasts, readiness says no, new connections are still served, and
// each answer says close, whatever the handler does.
func TestNotice(t *testing.T) {
	state := new(State)
	handler := func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/hints": // as relayed hints do, clearing the header in between
			w.WriteHeader(http.StatusEarlyHints)
			clear(w.Header())
		case "/flush":
			_ = http.NewResponseController(w).Flush()
		}
		hello(w, r)
	}
	r := start(t, handler, func(c *Config) {
		c.State, c.Drain = state, Drain{Notice: patience, Deadline: 2 * patience}
	})
	if res, err := r.mustDial().get(); err != nil || res.Close || state.Draining() {
		t.Errorf("before: close %v, draining %v, %v", res.Close, state.Draining(), err)
	}
	r.stop()
	for !state.Draining() {
		time.Sleep(time.Millisecond)
	}
	for _, path := range []string{"/", "/hints", "/flush"} {
		res, err := http.Get("http://" + r.address + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if !res.Close {
			t.Errorf("%s: the answer does not say close", path)
		}
	}
}

// The drain waits for what is under way: a slow answer, a WebSocket.
func TestDrainWaits(t *testing.T) {
	for _, tt := range []struct {
		name string
		take func(http.ResponseWriter, *http.Request, <-chan struct{})
	}{
		{"a slow answer", func(w http.ResponseWriter, r *http.Request, release <-chan struct{}) {
			<-release
			hello(w, r)
		}},
		{"a hijacked connection", func(w http.ResponseWriter, _ *http.Request, release <-chan struct{}) {
			c, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			go func() {
				<-release
				_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
				_ = c.Close()
			}()
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			begun, release := make(chan struct{}), make(chan struct{})
			r := start(t, func(w http.ResponseWriter, r *http.Request) {
				close(begun)
				tt.take(w, r, release)
			}, nil)
			answered := make(chan error, 1)
			c := r.mustDial()
			go func() {
				_, err := c.get()
				answered <- err
			}()
			<-begun
			r.stop()
			for r.accepts() {
				time.Sleep(time.Millisecond)
			}
			select {
			case <-r.done:
				t.Error("the server did not wait")
			default:
			}
			close(release)
			if err := <-answered; err != nil {
				t.Errorf("the answer was lost: %v", err)
			}
			r.stopped()
		})
	}
}

// accepts reports whether the listener is open.
func (r *running) accepts() bool {
	c, err := r.dial()
	if err == nil {
		_ = c.Close()
	}
	return err == nil
}

// At the deadline what is still open is cut: event streams, WebSockets.
func TestDrainDeadline(t *testing.T) {
	for _, hijack := range []bool{false, true} {
		begun := make(chan struct{})
		r := start(t, func(w http.ResponseWriter, r *http.Request) {
			if hijack {
				_, _, _ = http.NewResponseController(w).Hijack()
				close(begun)
				return
			}
			_ = http.NewResponseController(w).Flush()
			close(begun)
			<-r.Context().Done()
		}, func(c *Config) { c.Drain.Deadline = 50 * time.Millisecond })
		c := r.mustDial()
		go func() { _, _ = c.get() }()
		<-begun
		r.stop()
		r.stopped()
		if !strings.Contains(r.log.String(), "connections cut at the deadline") {
			t.Errorf("hijacked %v: the log does not say so: %s", hijack, r.log)
		}
	}
}

// A listener that fails ends Run with an error.
func TestRunReportsAFailedListener(t *testing.T) {
	r := start(t, hello, nil)
	_ = r.cfg.Services[0].Listener.Close()
	select {
	case err := <-r.done:
		if err == nil {
			t.Error("no error")
		}
	case <-time.After(patience):
		t.Fatal("Run did not return")
	}
}

func TestNewRefusesWhatIsIncomplete(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("an empty configuration was taken")
	}
	l, err := Listen(context.Background(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := New(Config{Log: start(t, hello, nil).cfg.Log, Services: []Service{{Name: "a", Listener: l}}}); err == nil {
		t.Error("a service without a handler was taken")
	}
}
