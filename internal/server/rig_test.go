package server

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits before it calls something stuck.
const patience = 20 * time.Second

// A running server, to be told to stop.
type running struct {
	*Server
	t       testing.TB
	address string
	log     *lockedBuffer
	stop    context.CancelFunc
	done    chan error
}

func start(t testing.TB, handler http.HandlerFunc, change func(*Config)) *running {
	t.Helper()
	l, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &running{t: t, address: l.Addr().String(), log: new(lockedBuffer), done: make(chan error, 1)}
	cfg := Config{
		Services: []Service{{Name: "test", Listener: l, Handler: handler}},
		Log:      slog.New(slog.NewTextHandler(r.log, nil)),
		Drain:    Drain{Notice: -1, Deadline: patience},
	}
	if change != nil {
		change(&cfg)
	}
	r.Server, err = New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	go func() { r.done <- r.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		r.cut()
	})
	return r
}

// stopped waits for Run to return.
func (r *running) stopped() {
	r.t.Helper()
	select {
	case err := <-r.done:
		if err != nil {
			r.t.Errorf("Run: %v", err)
		}
	case <-time.After(patience):
		r.t.Fatal("Run did not return")
	}
}

// A keepAlive is a raw client with one connection. It never repeats a request.
type keepAlive struct {
	net.Conn
	in *bufio.Reader
}

func (r *running) dial() (*keepAlive, error) {
	c, err := net.Dial("tcp", r.address)
	if err != nil {
		return nil, err
	}
	_ = c.SetDeadline(time.Now().Add(patience))
	return &keepAlive{c, bufio.NewReader(c)}, nil
}

// mustDial is dial for a connection that ends with the test.
func (r *running) mustDial() *keepAlive {
	r.t.Helper()
	c, err := r.dial()
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = c.Close() })
	return c
}

// get sends one request and reads the whole answer.
func (c *keepAlive) get() (*http.Response, error) {
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		return nil, err
	}
	res, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, res.Body)
	return res, err
}

func hello(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, "hello") }

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
