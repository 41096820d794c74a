package gateway

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/testkit/upstream"
)

// answering is an upstream that answers each request with the same bytes and closes.
func answering(t *testing.T, answer string) *url.URL {
	return upstream.Raw(t, func(c net.Conn, r *bufio.Reader) {
		if _, err := upstream.ReadRequest(r); err == nil {
			_, _ = io.WriteString(c, answer)
		}
	})
}

// What a broken upstream is answered with: never with a wrong body.
func TestUpstreamFaults(t *testing.T) {
	for _, tt := range []struct {
		name   string
		at     *url.URL
		status int
		code   string
	}{
		{"nobody listens", upstream.Closed(t), 502, "upstream-unreachable"},
		{"no such name", &url.URL{Scheme: "http", Host: "nothing.invalid"}, 502, "upstream-unreachable"},
		{"closes without an answer", answering(t, ""), 502, "upstream-unreachable"},
		{"closes within the head", answering(t, "HTTP/1.1 200 OK\r\nContent-"), 502, "upstream-invalid"},
		{"garbage", answering(t, "garbage\r\n\r\n"), 502, "upstream-invalid"},
		{"a bad status", answering(t, "HTTP/1.1 2000 OK\r\n\r\n"), 502, "upstream-invalid"},
		{"a bad length", answering(t, "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), 502, "upstream-invalid"},
		{"two lengths", answering(t, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"), 502, "upstream-invalid"},
		{"a bad coding", answering(t, "HTTP/1.1 200 OK\r\nTransfer-Encoding: magic\r\n\r\n"), 502, "upstream-invalid"},
		{"a head too large", answering(t, "HTTP/1.1 200 OK\r\nA: "+strings.Repeat("a", MaxResponseHeadBytes)+"\r\n\r\n"), 502, "upstream-invalid"},
		{"TLS is spoken", &url.URL{Scheme: "https", Host: answering(t, "HTTP/1.1 400 Bad Request\r\n\r\n").Host}, 502, "upstream-unreachable"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, rigConfig{upstream: tt.at})
			res := r.ask("GET", "/", "Origin", trustedOrigin)
			if res.StatusCode != tt.status || res.Header.Get("Crossgate-Reason") != tt.code {
				t.Errorf("%d %q, want %d %q", res.StatusCode, res.Header.Get("Crossgate-Reason"), tt.status, tt.code)
			}
			if !strings.Contains(r.log.String(), "code="+tt.code) {
				t.Errorf("the log does not say so: %q", r.log)
			}
		})
	}
}

// An upstream that does not answer in time is a 504.
func TestUpstreamTimeout(t *testing.T) {
	never := upstream.Raw(t, func(_ net.Conn, r *bufio.Reader) { _, _ = io.Copy(io.Discard, r) })
	r := newRig(t, rigConfig{upstream: never, config: func(c *Config) { c.UpstreamTimeout = 10 * time.Millisecond }})
	res := r.ask("GET", "/", "Origin", trustedOrigin)
	if res.StatusCode != http.StatusGatewayTimeout || res.Header.Get("Crossgate-Reason") != "upstream-timeout" {
		t.Errorf("%d %q", res.StatusCode, res.Header.Get("Crossgate-Reason"))
	}
}

// A POST whose connection breaks may have been done: it is never sent again, not
// even on a connection that was used before.
func TestPostsAreNotRepeated(t *testing.T) {
	var posts atomic.Int32
	at := upstream.Raw(t, func(c net.Conn, r *bufio.Reader) {
		for {
			req, err := upstream.ReadRequest(r)
			if err != nil {
				return
			}
			if req.Method == http.MethodPost {
				posts.Add(1)
				return
			}
			_, _ = io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n")
		}
	})
	r := newRig(t, rigConfig{upstream: at})
	for range 5 {
		r.ask("GET", "/") // makes a connection to be used again
		if res := r.send("POST", "/", "body"); res.StatusCode != http.StatusBadGateway {
			t.Errorf("status %d", res.StatusCode)
		}
		r.ask("GET", "/") // the client's word does not count, either
		if res := r.ask("POST", "/", "Idempotency-Key", "1", "X-Idempotency-Key", "2"); res.StatusCode != http.StatusBadGateway {
			t.Errorf("status %d", res.StatusCode)
		}
	}
	if got := posts.Load(); got != 10 {
		t.Errorf("the upstream saw %d POSTs, want 10", got)
	}
}

// A client that leaves takes its request to the upstream with it.
func TestClientGone(t *testing.T) {
	arrived, left := make(chan struct{}), make(chan struct{})
	r := newRig(t, rigConfig{answer: func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
		close(left)
	}})
	c := r.dial()
	r.write(c, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	<-arrived
	_ = c.Close()
	select {
	case <-left:
	case <-time.After(patience):
		t.Error("the upstream still works for nobody")
	}
}

// A panic is a 500 for one request, and is not the end.
func TestPanic(t *testing.T) {
	r := newRig(t, rigConfig{})
	r.Gateway.proxy.Rewrite = nil // what a fault in the code may look like
	r.Gateway.proxy.ModifyResponse = nil
	r.Gateway.proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic("cgt_secret in a panic") }
	res := r.ask("GET", "/", "Origin", trustedOrigin)
	if res.StatusCode != http.StatusInternalServerError || res.Header.Get("Crossgate-Reason") != "internal" {
		t.Errorf("%d %q", res.StatusCode, res.Header.Get("Crossgate-Reason"))
	}
	if log := r.log.String(); !strings.Contains(log, "level=ERROR msg=panic") || strings.Contains(log, "secret") {
		t.Errorf("log: %s", log)
	}
}

// Connections that authenticated themselves are not used for anybody else.
func TestConnectionsThatAuthenticatedAreNotReused(t *testing.T) {
	var connections atomic.Int32
	at := upstream.Raw(t, func(c net.Conn, r *bufio.Reader) {
		connections.Add(1)
		for {
			if _, err := upstream.ReadRequest(r); err != nil {
				return
			}
			_, _ = io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n")
		}
	})
	r := newRig(t, rigConfig{upstream: at})
	for i, tt := range []struct {
		authorization string
		connections   int32 // opened until then
	}{
		{"Bearer a", 1},
		{"Bearer b", 1},
		{"NTLM TlRMTVNTUAABAAAA", 1},
		{"Bearer c", 2},
		{"negotiate YII=", 2},
		{"Bearer d", 3},
	} {
		r.ask("GET", "/", "Authorization", tt.authorization)
		if got := connections.Load(); got != tt.connections {
			t.Errorf("request %d, %s: %d connections, want %d", i, tt.authorization, got, tt.connections)
		}
	}
}
