package gateway

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/testkit/upstream"
)

const (
	sampleKey    = "dGhlIHNhbXBsZSBub25jZQ==" // RFC 6455, section 1.3
	sampleAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
)

func handshake(fields string) string {
	return "GET /socket HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + sampleKey + "\r\n" + fields + "\r\n"
}

// echoSocket answers a handshake with a head, then sends back what comes.
func echoSocket(head string) func(net.Conn, *bufio.Reader) {
	return func(c net.Conn, r *bufio.Reader) {
		if _, err := upstream.ReadRequest(r); err != nil {
			return
		}
		_, _ = io.WriteString(c, head)
		_, _ = io.Copy(c, r)
	}
}

const goodHandshake = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: " + sampleAccept +
	"\r\nAccess-Control-Allow-Origin: *\r\nSet-Cookie: crossgate=stolen\r\n\r\n"

func TestAcceptKey(t *testing.T) {
	if got := acceptKey(sampleKey); got != sampleAccept {
		t.Errorf("%q, want %q", got, sampleAccept)
	}
}

// A WebSocket is tunnelled both ways.
func TestWebSocket(t *testing.T) {
	r := newRig(t, rigConfig{upstream: upstream.Raw(t, echoSocket(goodHandshake))})
	c := r.dial()
	res := readAnswer(t, r.exchange(c, handshake("Origin: "+trustedOrigin+"\r\n")))
	if res.StatusCode != http.StatusSwitchingProtocols || res.Header.Get("Sec-WebSocket-Accept") != sampleAccept {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	if res.Header.Get("Vary") != "Origin" || res.Header.Get("Access-Control-Allow-Origin") != trustedOrigin || res.Header.Get("Set-Cookie") != "" {
		t.Errorf("the answer is not settled: %v", res.Header)
	}
	r.write(c, "hello")
	echo := make([]byte, 5)
	if _, err := io.ReadFull(c, echo); err != nil || string(echo) != "hello" {
		t.Errorf("echo %q: %v", echo, err)
	}
}

// A WebSocket ends when its origin is taken off the list.
func TestRevocationEndsWebSockets(t *testing.T) {
	r := newRig(t, rigConfig{upstream: upstream.Raw(t, echoSocket(goodHandshake))})
	c := r.dial()
	r.exchange(c, handshake("Origin: "+trustedOrigin+"\r\n"))
	r.site.Trusted = nil
	r.publish()
	_ = c.SetReadDeadline(time.Now().Add(patience))
	if _, err := c.Read(make([]byte, 1)); err == nil || strings.Contains(err.Error(), "timeout") {
		t.Errorf("the WebSocket did not end: %v", err)
	}
}

// Handshakes that are refused, here or because of the upstream's answer, and never
// become a tunnel.
func TestWebSocketRefusals(t *testing.T) {
	observe := func(s *gate.SiteConfig) { s.Policy.Mode = gate.Observe }
	for _, tt := range []struct {
		name    string
		request string
		answer  string
		site    func(*gate.SiteConfig)
		status  int
		code    string
	}{
		{"untrusted", handshake("Origin: " + untrustedOrigin + "\r\n"), goodHandshake, nil, 403, "origin-not-trusted"},
		{"untrusted, observing", handshake("Origin: " + untrustedOrigin + "\r\n"), goodHandshake, observe, 403, "origin-not-trusted"},
		{"POST", strings.Replace(handshake(""), "GET", "POST", 1), goodHandshake, nil, 400, "bad-request"},
		{"no key", strings.Replace(handshake(""), "Sec-WebSocket-Key", "X-Key", 1), goodHandshake, nil, 400, "bad-request"},
		{"short key", strings.Replace(handshake(""), sampleKey, "abc", 1), goodHandshake, nil, 400, "bad-request"},
		{"two keys", handshake("Sec-WebSocket-Key: " + sampleKey + "\r\n"), goodHandshake, nil, 400, "bad-request"},
		{"wrong accept", handshake(""), strings.Replace(goodHandshake, sampleAccept, "bm8=", 1), nil, 502, "upstream-invalid"},
		{"no accept", handshake(""), strings.Replace(goodHandshake, "Sec-WebSocket-Accept", "X-Accept", 1), nil, 502, "upstream-invalid"},
		{"another protocol", handshake(""), strings.Replace(goodHandshake, "Upgrade: websocket", "Upgrade: h2c", 1), nil, 502, "upstream-invalid"},
		{"not asked for", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", goodHandshake, nil, 502, "upstream-invalid"},
		{"the upstream refuses", handshake(""), "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n", nil, 426, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, rigConfig{upstream: upstream.Raw(t, echoSocket(tt.answer)), site: tt.site})
			res := readAnswer(t, r.raw(tt.request))
			if res.StatusCode != tt.status || res.Header.Get("Crossgate-Reason") != tt.code {
				t.Errorf("%d %q, want %d %q", res.StatusCode, res.Header.Get("Crossgate-Reason"), tt.status, tt.code)
			}
		})
	}
}

// Offers of other protocols are dropped, and the request is an ordinary one.
func TestOtherUpgradesAreDropped(t *testing.T) {
	r := newRig(t, rigConfig{})
	for _, tt := range []struct{ name, fields string }{
		{"h2c", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"},
		{"a list", "Connection: Upgrade\r\nUpgrade: websocket, h2c\r\n"},
		{"two fields", "Connection: Upgrade\r\nUpgrade: websocket\r\nUpgrade: h2c\r\n"},
		{"not named in Connection", "Upgrade: websocket\r\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r.api.Forget()
			if res := readAnswer(t, r.raw("GET / HTTP/1.1\r\nHost: localhost\r\n"+tt.fields+"\r\n")); res.StatusCode != http.StatusOK {
				t.Fatalf("status %d", res.StatusCode)
			}
			seen := r.api.Last(t).Header
			for _, name := range []string{"Upgrade", "Connection", "Http2-Settings"} {
				if v, ok := seen[name]; ok {
					t.Errorf("upstream saw %s: %q", name, v)
				}
			}
		})
	}
}
