package gateway

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/testkit/upstream"
)

// A fault is what an upstream does with a connection that a request has come on.
type fault int

const (
	answers   fault = iota
	hangsUp         // reads the request and closes the connection
	resets          // reads the head alone and closes
	breaksOff       // closes within the head of the answer
	garbage         // answers what is not HTTP
	unwell          // answers 503
	hangs           // does not answer
)

// A flock is several upstreams of which the first one that sees a request has a fault.
// It counts what arrives.
type flock struct {
	fault func(id string) fault
	once  bool // answers one request on each connection: the transport repeats some on another by itself
	done  chan struct{}

	mu       sync.Mutex
	arrivals map[string][]string // by the request's X-Id: the body of each that arrived, or "-" where it was not read
}

// newFlock starts n upstreams.
func newFlock(t *testing.T, n int, fault func(id string) fault) (*flock, []*url.URL) {
	t.Helper()
	f := &flock{fault: fault, done: make(chan struct{}), arrivals: map[string][]string{}}
	var all []*url.URL
	for range n {
		all = append(all, upstream.Raw(t, f.talk))
	}
	t.Cleanup(func() { close(f.done) })
	return f, all
}

func (f *flock) talk(c net.Conn, r *bufio.Reader) {
	for {
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		id := req.Header.Get("X-Id")
		f.mu.Lock()
		does := answers
		if len(f.arrivals[id]) == 0 {
			does = f.fault(id)
		}
		f.arrivals[id] = append(f.arrivals[id], "-")
		at := len(f.arrivals[id]) - 1
		f.mu.Unlock()
		if does == resets {
			return
		}
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return
		}
		f.mu.Lock()
		f.arrivals[id][at] = string(body)
		f.mu.Unlock()
		if !f.answer(c, req, does, string(body)) {
			return
		}
	}
}

// answer reports whether the connection goes on.
func (f *flock) answer(c net.Conn, req *http.Request, does fault, body string) bool {
	switch does {
	case hangsUp:
		return false
	case hangs:
		<-f.done
		return false
	case breaksOff:
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-")
		return false
	case garbage:
		_, _ = io.WriteString(c, "hello\r\n\r\n")
		return false
	case unwell:
		_, err := io.WriteString(c, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
		return err == nil
	}
	text := req.Header.Get("X-Id") + " " + body
	head := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n", len(text))
	if f.once {
		head += "Connection: close\r\n"
	}
	if req.Method == http.MethodHead {
		text = ""
	}
	_, err := io.WriteString(c, head+"\r\n"+text)
	return err == nil && !f.once
}

// of returns what arrived of a request.
func (f *flock) of(id string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.arrivals[id]...)
}

// total is how many requests arrived.
func (f *flock) total() (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.arrivals {
		n += len(a)
	}
	return n
}

// What is sent again to another upstream, and what is not: never what may have been
// processed, unless it is of a safe method and has no body.
func TestRetriesOfWhatWasSent(t *testing.T) {
	webSocket := []string{"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version", "13"}
	for _, tt := range []struct {
		name         string
		method, body string
		fields       []string
		does         fault
		arrivals     int
		status       int
	}{
		{"GET, closed after the head", "GET", "", nil, resets, 2, 200},
		{"GET, closed after the request", "GET", "", nil, hangsUp, 2, 200},
		{"HEAD", "HEAD", "", nil, hangsUp, 2, 200},
		{"OPTIONS", "OPTIONS", "", nil, hangsUp, 2, 200},
		{"GET, no answer in time", "GET", "", nil, hangs, 2, 200},
		{"GET, an answer that breaks off", "GET", "", nil, breaksOff, 1, 502},
		{"GET, no HTTP", "GET", "", nil, garbage, 1, 502},
		{"GET, 503", "GET", "", nil, unwell, 1, 503},
		{"GET with a body", "GET", "body", nil, hangsUp, 1, 502},
		{"a WebSocket", "GET", "", webSocket, hangsUp, 1, 502},
		{"POST", "POST", "body", nil, hangsUp, 1, 502},
		{"POST, closed after the head", "POST", "body", nil, resets, 1, 502},
		{"POST, no answer in time", "POST", "body", nil, hangs, 1, 504},
		{"POST without a body", "POST", "", nil, hangsUp, 1, 502},
		{"POST with a key of its own", "POST", "", []string{"Idempotency-Key", "1", "X-Idempotency-Key", "2"}, hangsUp, 1, 502},
		{"PUT", "PUT", "body", nil, hangsUp, 1, 502},
		{"PUT without a body", "PUT", "", nil, hangsUp, 1, 502},
		{"DELETE", "DELETE", "", nil, hangsUp, 1, 502},
		{"PATCH", "PATCH", "body", nil, hangsUp, 1, 502},
		{"a GET in an envelope", "POST", "$httpMethod=GET", []string{"Content-Type", "application/x-www-form-urlencoded", "Origin", trustedOrigin}, hangsUp, 2, 200},
		{"a PUT in an envelope", "POST", "$httpMethod=PUT&access_token=abc&$body=x", []string{"Content-Type", "application/x-www-form-urlencoded", "Origin", trustedOrigin}, hangsUp, 1, 502},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, at := newFlock(t, 2, func(string) fault { return tt.does })
			timeout := patience
			if tt.does == hangs {
				timeout = 50 * time.Millisecond
			}
			r := newRig(t, rigConfig{upstream: at[0], others: at[1:], config: func(c *Config) { c.UpstreamTimeout = timeout }})
			if res := r.send(tt.method, "/", tt.body, tt.fields...); res.StatusCode != tt.status {
				t.Errorf("status %d, want %d", res.StatusCode, tt.status)
			}
			if got := f.total(); got != tt.arrivals {
				t.Errorf("%d arrivals, want %d", got, tt.arrivals)
			}
		})
	}
}

// A request that could not be sent goes to another upstream, whatever its method, and
// its body arrives once and whole.
func TestRetriesOfWhatWasNotSent(t *testing.T) {
	large := strings.Repeat("0123456789abcdef", 1<<16)
	closed := upstream.Closed(t)
	noTLS := &url.URL{Scheme: "https", Host: answering(t, "HTTP/1.1 400 Bad Request\r\n\r\n").Host}
	for name, dead := range map[string]*url.URL{"nobody listens": closed, "no TLS": noTLS, "no such name": {Scheme: "http", Host: "nothing.invalid"}} {
		t.Run(name, func(t *testing.T) {
			for _, tt := range []struct {
				name, method, body, want string
				fields                   []string
			}{
				{name: "GET", method: "GET"},
				{name: "a WebSocket that is refused", method: "GET", fields: []string{"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version", "13"}},
				{name: "POST", method: "POST", body: "body", want: "body"},
				{name: "a large PUT", method: "PUT", body: large, want: large},
				{name: "DELETE", method: "DELETE"},
				{name: "an envelope", method: "POST", body: "$httpMethod=PATCH&access_token=abc&$httpHeaders=X-Id:+one&$body=inside", want: "inside", fields: []string{"Content-Type", "application/x-www-form-urlencoded", "Origin", trustedOrigin}},
			} {
				t.Run(tt.name, func(t *testing.T) {
					for range 6 { // so that the dead one is tried first at least once, but for one run in 64
						f, at := newFlock(t, 1, func(string) fault { return answers })
						r := newRig(t, rigConfig{upstream: dead, others: at})
						fields := tt.fields
						if tt.name != "an envelope" {
							fields = append([]string{"X-Id", "one"}, fields...)
						}
						res := r.send(tt.method, "/", tt.body, fields...)
						if res.StatusCode != 200 {
							t.Fatalf("status %d: %s", res.StatusCode, bodyOf(t, res))
						}
						if got := f.of("one"); len(got) != 1 || got[0] != tt.want {
							t.Fatalf("%d arrivals", len(got))
						}
					}
				})
			}
		})
	}
}

// A body whose length nobody knows goes to the second upstream whole, too.
func TestRetryOfAStream(t *testing.T) {
	for range 6 {
		f, at := newFlock(t, 1, func(string) fault { return answers })
		r := newRig(t, rigConfig{upstream: upstream.Closed(t), others: at})
		body := strings.Repeat("chunk ", 100_000)
		req, err := http.NewRequestWithContext(t.Context(), "POST", r.server.URL, io.MultiReader(strings.NewReader(body)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Id", "one")
		res, err := r.server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if got := f.of("one"); res.StatusCode != 200 || len(got) != 1 || got[0] != body {
			t.Fatalf("status %d, %d arrivals", res.StatusCode, len(got))
		}
	}
}

// Where no upstream can be reached each request tries one, and is answered at once.
func TestAllUpstreamsGone(t *testing.T) {
	r := newRig(t, rigConfig{upstream: upstream.Closed(t), others: []*url.URL{upstream.Closed(t), upstream.Closed(t)}})
	for range 20 {
		if res := r.send("POST", "/", "body"); res.StatusCode != 502 || res.Header.Get("Crossgate-Reason") != "upstream-unreachable" {
			t.Fatalf("%d %q", res.StatusCode, res.Header.Get("Crossgate-Reason"))
		}
	}
}

// An upstream that does not even refuse is given up sooner where there are others, and
// its requests go there.
func TestUpstreamThatTakesNoConnection(t *testing.T) {
	got := make(chan time.Duration, 100)
	f, at := newFlock(t, 1, func(string) fault { return answers })
	clock := new(movingClock)
	r := newRig(t, rigConfig{upstream: upstream.Closed(t), others: at, config: func(c *Config) { c.Now = clock.Now }})
	dead := r.upstream.Host
	r.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if address == dead {
			got <- dialTimeout(ctx)
			return nil, unconnected{os.ErrDeadlineExceeded}
		}
		return connect(ctx, network, address)
	}
	for i := range 20 {
		clock.forward(time.Minute)
		if res := r.send("POST", "/", "body", "X-Id", fmt.Sprint(i)); res.StatusCode != 200 {
			t.Fatalf("status %d", res.StatusCode)
		}
	}
	if f.total() != 20 {
		t.Errorf("%d arrivals of 20 requests", f.total())
	}
	if len(got) == 0 || <-got != UpstreamDialAmong {
		t.Error("it was not given up sooner")
	}
	if dialTimeout(t.Context()) != UpstreamDialTimeout {
		t.Error("a check is given up sooner, too")
	}
}

// An outage is not multiplied: the upstreams get little more requests than there were.
func TestRetriesAreBounded(t *testing.T) {
	f, at := newFlock(t, 3, func(string) fault { return hangsUp })
	f.once = true
	clock := new(movingClock)
	r := newRig(t, rigConfig{upstream: at[0], others: at[1:], config: func(c *Config) { c.Access, c.Now = nil, clock.Now }})
	const requests = 500
	for i := range requests {
		clock.forward(time.Minute) // nobody is out of use: the bound holds by itself
		r.ask("GET", "/", "X-Id", fmt.Sprint(i))
	}
	if got, most := f.total(), requests+requests/RetryShare+RetryReserve; got > most {
		t.Errorf("%d arrivals of %d requests, want at most %d", got, requests, most)
	}
}

// A client that leaves is no fault of the upstream's, and its request goes nowhere else.
func TestClientGoneIsNoFault(t *testing.T) {
	arrived := make(chan struct{}, 10)
	f, at := newFlock(t, 2, func(string) fault {
		arrived <- struct{}{}
		return hangs
	})
	r := newRig(t, rigConfig{upstream: at[0], others: at[1:]})
	for i := range 4 * FaintFailures {
		ctx, cancel := context.WithCancel(t.Context())
		req, err := http.NewRequestWithContext(ctx, "GET", r.server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Id", fmt.Sprint(i))
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			if res, err := r.server.Client().Do(req); err == nil {
				_ = res.Body.Close()
			}
		}()
		<-arrived
		cancel()
		<-gone
	}
	r.server.Close() // waits for the handlers
	if all, unwell := r.pools.census(); all != 2 || unwell != 0 {
		t.Errorf("%d of %d upstreams are out of use", unwell, all)
	}
	for i := range 4 * FaintFailures {
		if got := f.of(fmt.Sprint(i)); len(got) != 1 {
			t.Errorf("request %d arrived %d times", i, len(got))
		}
	}
}

// A body is given to one upstream alone: whoever has not read from it when it is taken
// back never will.
func TestUnread(t *testing.T) {
	closed := 0
	body := func() *unread { return newUnread(&countedBody{Reader: strings.NewReader("body"), closed: &closed}) }
	u := body()
	if err := u.Close(); err != nil || closed != 0 {
		t.Error("a body that nobody has read from was closed")
	}
	if !u.withdraw() || u.withdraw() {
		t.Error("it is not taken back once")
	}
	if n, err := u.Read(make([]byte, 4)); n != 0 || err == nil {
		t.Errorf("%d bytes of a body that was taken back", n)
	}
	u = body()
	if text, err := io.ReadAll(u.reader()); string(text) != "body" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	if u.withdraw() {
		t.Error("what was read was taken back")
	}
	if err := u.Close(); err != nil || closed != 1 {
		t.Error("it was not closed")
	}
	none := newUnread(nil)
	if none.reader() != nil || !none.withdraw() {
		t.Error("no body is a body")
	}
}

type countedBody struct {
	io.Reader
	closed *int
}

func (b *countedBody) Close() error {
	*b.closed++
	return nil
}
