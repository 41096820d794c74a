// Package wire counts requests where they cannot hide: on the connection itself. A
// Tap stands between the browser and the server, passes every byte on unchanged, and
// reads along.
package wire

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"
)

// A Request is one request as it crossed the wire.
type Request struct {
	Connection int // which connection, counted from 1 in the order they were opened
	Method     string
	Path       string // without the query
	Header     http.Header
}

// A Tap listens on loopback and passes every connection on to one server.
type Tap struct {
	URL string // where to send requests, to have them counted

	target string

	mu          sync.Mutex
	connections []net.Conn
	requests    []Request
}

// NewTap starts a tap before the server at target, until the test ends.
func NewTap(t testing.TB, target string) *Tap {
	t.Helper()
	to, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tap := &Tap{URL: "http://" + listener.Addr().String(), target: to.Host}
	var done sync.WaitGroup
	done.Go(func() { tap.accept(listener, &done) })
	t.Cleanup(func() {
		listener.Close()
		tap.closeConnections()
		done.Wait()
	})
	return tap
}

// Requests returns what crossed the wire to one path so far, in order.
func (t *Tap) Requests(path string) []Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	var at []Request
	for _, request := range t.requests {
		if request.Path == path {
			at = append(at, request)
		}
	}
	return at
}

// Counts returns how often each method crossed the wire so far, to any path.
func (t *Tap) Counts() map[string]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	counts := map[string]int{}
	for _, request := range t.requests {
		counts[request.Method]++
	}
	return counts
}

// Methods returns the methods of Requests.
func (t *Tap) Methods(path string) []string {
	methods := []string{}
	for _, request := range t.Requests(path) {
		methods = append(methods, request.Method)
	}
	return methods
}

func (t *Tap) accept(listener net.Listener, done *sync.WaitGroup) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return // closed: the test has ended
		}
		server, err := net.Dial("tcp", t.target)
		if err != nil {
			client.Close()
			continue
		}
		number := t.keep(client, server)
		done.Go(func() {
			defer client.Close()
			io.Copy(client, server)
		})
		done.Go(func() {
			defer server.Close()
			t.read(number, client, server)
		})
	}
}

// keep remembers a connection and its far side, so that both can be closed.
func (t *Tap) keep(client, server net.Conn) (number int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.connections = append(t.connections, client, server)
	return len(t.connections) / 2
}

func (t *Tap) closeConnections() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, connection := range t.connections {
		connection.Close()
	}
}

// read passes bytes on to the server, and notes each request before the server can
// answer it. What it cannot read as HTTP, such as the frames after an upgrade, passes unread.
func (t *Tap) read(connection int, client io.Reader, server io.Writer) {
	onward := &valve{to: server}
	reader := bufio.NewReader(io.TeeReader(client, onward))
	for upgraded := false; !upgraded; {
		onward.shut = true
		request, err := http.ReadRequest(reader)
		if err != nil {
			break
		}
		t.note(Request{connection, request.Method, request.URL.Path, request.Header})
		onward.open()
		io.Copy(io.Discard, request.Body)
		upgraded = request.Header.Get("Upgrade") != ""
	}
	onward.open()
	io.Copy(io.Discard, reader)
}

func (t *Tap) note(request Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requests = append(t.requests, request)
}

// A valve passes bytes on, but keeps them while it is shut.
type valve struct {
	to   io.Writer
	shut bool
	kept bytes.Buffer
}

func (v *valve) Write(p []byte) (int, error) {
	if v.shut {
		return v.kept.Write(p)
	}
	return v.to.Write(p)
}

func (v *valve) open() {
	v.shut = false
	v.kept.WriteTo(v.to) // an error shows as the closed connection that it is
}
