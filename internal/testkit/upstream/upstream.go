// Package upstream is a fake API for tests: it records what it saw, and answers as
// it is told, over real sockets.
package upstream

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
)

// A Request is what the upstream saw of one request.
type Request struct {
	Method           string
	Target           string // the request target, byte for byte
	Host             string
	Proto            string
	Header           http.Header
	Body             string
	ContentLength    int64 // -1: chunked
	TransferEncoding []string
	Trailer          http.Header
}

// An API is a running fake.
type API struct {
	URL *url.URL

	mu   sync.Mutex
	seen []Request
}

// maxBody is how much of a request's body is recorded, in bytes.
const maxBody = 1 << 20

// New starts an API that records each request with its body and then answers by
// answer, or, where that is nil, with 200 and the request's method and target. It
// ends with the test.
func New(t testing.TB, answer http.HandlerFunc) *API {
	t.Helper()
	if answer == nil {
		answer = func(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprintln(w, r.Method, r.RequestURI) }
	}
	a := new(API)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.record(r)
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	a.URL = parse(t, s.URL)
	return a
}

// again is a body that can still be read from its beginning.
type again struct {
	io.Reader
	io.Closer
}

// record notes a request with its body, or the first megabyte of it, but for
// upgrades, bodies that announce more, and those that may be unwanted (Expect).
func (a *API) record(r *http.Request) {
	var body []byte
	if r.Header.Get("Upgrade") == "" && r.Header.Get("Expect") == "" && r.ContentLength <= maxBody {
		body, _ = io.ReadAll(io.LimitReader(r.Body, maxBody))
		r.Body = again{io.MultiReader(bytes.NewReader(body), r.Body), r.Body}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seen = append(a.seen, Request{
		Method: r.Method, Target: r.RequestURI, Host: r.Host, Proto: r.Proto,
		Header: r.Header.Clone(), Body: string(body), ContentLength: r.ContentLength,
		TransferEncoding: r.TransferEncoding, Trailer: r.Trailer.Clone(),
	})
}

// Seen returns the requests so far.
func (a *API) Seen() []Request {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]Request(nil), a.seen...)
}

// Forget empties the record.
func (a *API) Forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seen = nil
}

// Last returns the newest request, and fails the test where there is none.
func (a *API) Last(t testing.TB) Request {
	t.Helper()
	seen := a.Seen()
	if len(seen) == 0 {
		t.Fatal("the upstream saw no request")
	}
	return seen[len(seen)-1]
}

// Raw starts a server that answers each connection by talk, which may break every
// rule of HTTP. It ends with the test.
func Raw(t testing.TB, talk func(net.Conn, *bufio.Reader)) *url.URL {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	open.Go(func() { accept(l, &open, talk) })
	t.Cleanup(func() {
		_ = l.Close()
		open.Wait()
	})
	return parse(t, "http://"+l.Addr().String())
}

func accept(l net.Listener, open *sync.WaitGroup, talk func(net.Conn, *bufio.Reader)) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		open.Go(func() {
			defer func() { _ = c.Close() }()
			talk(c, bufio.NewReader(c))
		})
	}
}

// ReadRequest reads one request with its body, for the use of Raw.
func ReadRequest(r *bufio.Reader) (*http.Request, error) {
	req, err := http.ReadRequest(r)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, req.Body)
	return req, err
}

// Closed is the address of a port that nobody listens at.
func Closed(t testing.TB) *url.URL {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	return parse(t, "http://"+l.Addr().String())
}

func parse(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
