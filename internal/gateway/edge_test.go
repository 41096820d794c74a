package gateway

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// What is refused at the edge, byte by byte, and what the upstream sees of the rest
// (security, "At the edge").
func TestEdge(t *testing.T) {
	r := newRig(t, rigConfig{})
	const host = "Host: localhost\r\n"
	for _, tt := range []struct {
		name    string
		request string
		status  int
		code    string // of a problem of ours; "" where net/http answers or the request passes
	}{
		// Methods.
		{"CONNECT", "CONNECT localhost:80 HTTP/1.1\r\n" + host + "\r\n", 405, "method-unsupported"},
		{"CONNECT with a path", "CONNECT /a HTTP/1.1\r\n" + host + "\r\n", 405, "method-unsupported"},
		{"TRACE", "TRACE / HTTP/1.1\r\n" + host + "\r\n", 405, "method-unsupported"},
		{"TRACK", "TRACK / HTTP/1.1\r\n" + host + "\r\n", 405, "method-unsupported"},
		{"lower case", "get / HTTP/1.1\r\n" + host + "\r\n", 400, "bad-request"},
		{"mixed case", "Get / HTTP/1.1\r\n" + host + "\r\n", 400, "bad-request"},
		{"digits", "GET2 / HTTP/1.1\r\n" + host + "\r\n", 400, "bad-request"},
		{"punctuation", "GE$T / HTTP/1.1\r\n" + host + "\r\n", 400, "bad-request"},
		{"too long", strings.Repeat("A", 33) + " / HTTP/1.1\r\n" + host + "\r\n", 400, "bad-request"},
		{"an API's own", "PURGE / HTTP/1.1\r\n" + host + "\r\n", 200, ""},
		{"WebDAV's", "VERSION-CONTROL / HTTP/1.1\r\n" + host + "\r\n", 200, ""},

		// Targets.
		{"GET *", "GET * HTTP/1.1\r\n" + host + "\r\n", 400, "bad-request"},
		{"OPTIONS *", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", 400, "bad-request"},
		{"no slash", "GET a HTTP/1.1\r\n" + host + "\r\n", 400, ""},
		{"fragment", "GET /a#b HTTP/1.1\r\n" + host + "\r\n", 400, "bad-request"},
		{"broken percent code", "GET /a%zz HTTP/1.1\r\n" + host + "\r\n", 400, ""},
		{"control character", "GET /a\x01b HTTP/1.1\r\n" + host + "\r\n", 400, ""},
		{"absolute form", "GET http://localhost/a HTTP/1.1\r\n" + host + "\r\n", 200, ""},
		{"absolute form of another host", "GET http://evil.example/a HTTP/1.1\r\n" + host + "\r\n", 421, "public-url-unset"},
		{"absolute form with userinfo", "GET http://a@localhost/a HTTP/1.1\r\n" + host + "\r\n", 400, "bad-request"},
		{"absolute form of another scheme", "GET ftp://localhost/a HTTP/1.1\r\n" + host + "\r\n", 400, "bad-request"},
		{"opaque", "GET http:a HTTP/1.1\r\n" + host + "\r\n", 400, "bad-request"},
		{"two slashes and odd characters", "GET //a|b HTTP/1.1\r\n" + host + "\r\n", 400, "bad-request"},
		{"the preface of HTTP/2", "PRI * HTTP/2.0\r\n" + host + "\r\n", 400, "bad-request"},

		// Hosts.
		{"no Host", "GET / HTTP/1.1\r\n\r\n", 400, ""},
		{"empty Host", "GET / HTTP/1.1\r\nHost: \r\n\r\n", 400, "bad-request"},
		{"two Hosts", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400, ""},
		{"no Host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 400, "bad-request"},
		{"userinfo in Host", "GET / HTTP/1.1\r\nHost: a@localhost\r\n\r\n", 400, ""},
		{"comma in Host", "GET / HTTP/1.1\r\nHost: localhost,evil.example\r\n\r\n", 400, "bad-request"},
		{"percent code in Host", "GET / HTTP/1.1\r\nHost: local%68ost\r\n\r\n", 400, "bad-request"},
		{"slash in Host", "GET / HTTP/1.1\r\nHost: localhost/a\r\n\r\n", 400, ""},
		{"space in Host", "GET / HTTP/1.1\r\nHost: local host\r\n\r\n", 400, ""},
		{"bad port", "GET / HTTP/1.1\r\nHost: localhost:a\r\n\r\n", 400, "bad-request"},
		{"empty port", "GET / HTTP/1.1\r\nHost: localhost:\r\n\r\n", 400, "bad-request"},
		{"long port", "GET / HTTP/1.1\r\nHost: localhost:123456\r\n\r\n", 400, "bad-request"},
		{"zone", "GET / HTTP/1.1\r\nHost: [fe80::1%25eth0]\r\n\r\n", 400, "bad-request"},
		{"open bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, "bad-request"},
		{"empty labels", "GET / HTTP/1.1\r\nHost: a..b\r\n\r\n", 400, "bad-request"},
		{"long name", "GET / HTTP/1.1\r\nHost: " + strings.Repeat("a", 300) + "\r\n\r\n", 400, "bad-request"},
		{"Unicode in Host", "GET / HTTP/1.1\r\nHost: b\xc3\xbccher.example\r\n\r\n", 400, ""},
		{"a name", "GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n", 421, "public-url-unset"},
		{"localhost with a dot", "GET / HTTP/1.1\r\nHost: localhost.\r\n\r\n", 421, "public-url-unset"},
		{"an address", "GET / HTTP/1.1\r\nHost: 192.0.2.1:81\r\n\r\n", 200, ""},
		{"an IPv6 address", "GET / HTTP/1.1\r\nHost: [::1]:81\r\n\r\n", 200, ""},

		// Connection and framing.
		{"Connection takes a field away", "GET / HTTP/1.1\r\n" + host + "Connection: close, X-Forwarded-For\r\n\r\n", 400, "bad-request"},
		{"in a second line", "GET / HTTP/1.1\r\n" + host + "Connection: close\r\nConnection: Authorization\r\n\r\n", 400, "bad-request"},
		{"Connection as usual", "GET / HTTP/1.1\r\n" + host + "Connection: Keep-Alive, TE\r\nTE: trailers\r\n\r\n", 200, ""},
		{"unknown coding", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n", 501, ""},
		{"two codings", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501, ""},
		{"two lengths", "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400, ""},
		{"signed length", "POST / HTTP/1.1\r\n" + host + "Content-Length: +1\r\n\r\na", 400, ""},
		{"space before the colon", "GET / HTTP/1.1\r\n" + host + "Content-Length : 1\r\n\r\na", 400, ""},
		{"folded field", "GET / HTTP/1.1\r\n" + host + "X-A: a\r\n b\r\n\r\n", 200, ""},
		{"chunk size not hexadecimal", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n", 400, "body-malformed"},
		{"chunk without its end", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1\r\nab0\r\n\r\n", 400, "body-malformed"},
		{"chunk size too large", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n", 400, "body-malformed"},
		{"unknown expectation", "GET / HTTP/1.1\r\n" + host + "Expect: miracles\r\n\r\n", 417, ""},

		// Sizes.
		{"128 fields", "GET / HTTP/1.1\r\n" + host + strings.Repeat("A: b\r\n", 128) + "\r\n", 200, ""},
		{"129 fields", "GET / HTTP/1.1\r\n" + host + strings.Repeat("A: b\r\n", 129) + "\r\n", 431, "headers-too-large"},
		{"33 KiB of fields", "GET / HTTP/1.1\r\n" + host + "A: " + strings.Repeat("a", 33<<10) + "\r\n\r\n", 431, "headers-too-large"},
		{"70 KiB of fields", "GET / HTTP/1.1\r\n" + host + "A: " + strings.Repeat("a", 70<<10) + "\r\n\r\n", 431, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r.api.Forget()
			res := readAnswer(t, r.raw(tt.request))
			if res.StatusCode != tt.status || res.Header.Get("Crossgate-Reason") != tt.code {
				t.Errorf("%d %q, want %d %q", res.StatusCode, res.Header.Get("Crossgate-Reason"), tt.status, tt.code)
			}
			if carried := len(r.api.Seen()); carried != 0 && tt.status != 200 {
				t.Errorf("the upstream saw %d requests", carried)
			}
			if tt.status == 200 && len(r.api.Seen()) != 1 {
				t.Error("not carried")
			}
		})
	}
}

// After these requests the connection closes, so that nothing that follows them
// can be taken for a request of its own.
func TestAmbiguousFramingClosesTheConnection(t *testing.T) {
	r := newRig(t, rigConfig{})
	const smuggled = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
	for _, tt := range []struct{ name, request string }{
		{"chunked", "POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
		{"chunked and a length", "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
		{"HTTP/1.0 with a coding", "POST /a HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"},
		{"HTTP/1.0", "GET /a HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n"},
		{"refused before its body", "POST /a HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r.api.Forget()
			res := readAnswer(t, r.raw(tt.request+smuggled))
			if !res.Close {
				t.Error("the answer does not say Connection: close")
			}
			for _, seen := range r.api.Seen() {
				if seen.Target != "/a" {
					t.Errorf("the upstream saw %s %s", seen.Method, seen.Target)
				}
			}
		})
	}
}

// Small chunked bodies go up with their length, others as they are; no trailer
// goes up, which a server could merge into the head.
func TestChunkedBodies(t *testing.T) {
	r := newRig(t, rigConfig{})
	for _, tt := range []struct {
		name     string
		size     int
		trailer  string
		length   int64
		encoding string
	}{
		{"empty", 0, "", 0, ""},
		{"small", 10, "", 10, ""},
		{"as large as the buffer", ChunkedBufferBytes, "", ChunkedBufferBytes, ""},
		{"larger", ChunkedBufferBytes + 1, "", -1, "chunked"},
		{"small with a trailer", 10, "Crossgate-Subject: root\r\n", 10, ""},
		{"larger with a trailer", ChunkedBufferBytes + 1, "Crossgate-Subject: root\r\n", -1, "chunked"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r.api.Forget()
			body := strings.Repeat("x", tt.size)
			request := "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
			if tt.size > 0 {
				request += fmt.Sprintf("%x\r\n%s\r\n", tt.size, body)
			}
			if res := readAnswer(t, r.raw(request+"0\r\n"+tt.trailer+"\r\n")); res.StatusCode != http.StatusOK {
				t.Fatalf("status %d", res.StatusCode)
			}
			got := r.api.Last(t)
			if got.Body != body || got.ContentLength != tt.length || strings.Join(got.TransferEncoding, ",") != tt.encoding {
				t.Errorf("upstream saw %d bytes, length %d, coding %q", len(got.Body), got.ContentLength, got.TransferEncoding)
			}
			if len(got.Trailer) != 0 {
				t.Errorf("upstream saw trailers %v", got.Trailer)
			}
		})
	}
}

// A body that breaks off, or is broken, or is too large, is the client's fault.
func TestBodyFaults(t *testing.T) {
	r := newRig(t, rigConfig{config: func(c *Config) { c.MaxBodyBytes = 100_000 }})
	big := strings.Repeat("x", 70_000)
	for _, tt := range []struct {
		name, request string
		status        int
		code          string
	}{
		{"announced too large", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100001\r\n\r\n", 413, "body-too-large"},
		{"turns out too large", "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n186a1\r\n" + strings.Repeat("x", 100_001) + "\r\n0\r\n\r\n", 413, "body-too-large"},
		{"a later chunk is broken", fmt.Sprintf("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\nzz\r\n", len(big), big), 400, "body-malformed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := readAnswer(t, r.raw(tt.request))
			if res.StatusCode != tt.status || res.Header.Get("Crossgate-Reason") != tt.code {
				t.Errorf("%d %q, want %d %q", res.StatusCode, res.Header.Get("Crossgate-Reason"), tt.status, tt.code)
			}
		})
	}
}
