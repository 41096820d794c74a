package gateway

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/observe"
)

const browserGet = "GET /api/v2/discussions/7?page=2 HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n" +
	"sec-ch-ua: \"Chromium\";v=\"130\"\r\nsec-ch-ua-mobile: ?0\r\nsec-ch-ua-platform: \"Linux\"\r\n" +
	"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36\r\n" +
	"Accept: */*\r\nOrigin: https://app.example.com\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n" +
	"Referer: https://app.example.com/\r\nAccept-Encoding: gzip, deflate, br\r\nAccept-Language: en-US,en;q=0.9\r\n\r\n"

// BenchmarkCarry compares a proxied GET with the least that a reverse proxy on the
// standard library does. Client and upstream are part of every figure.
func BenchmarkCarry(b *testing.B) {
	answer := func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = []string{"application/json"}
		_, _ = io.WriteString(w, `{"discussionID":7}`)
	}
	buffered := func(c *Config) {
		c.Access, _ = observe.NewAccessLog(io.Discard, observe.Text)
	}
	silent := func(c *Config) { c.Access = nil }
	b.Run("bare", func(b *testing.B) {
		r := newRig(b, rigConfig{answer: answer})
		bare := &httputil.ReverseProxy{
			Rewrite:    func(p *httputil.ProxyRequest) { p.SetURL(r.upstream); p.SetXForwarded() },
			Transport:  newTransport(0),
			BufferPool: newBuffers(),
		}
		s := httptest.NewServer(bare)
		b.Cleanup(s.Close)
		ask(b, s.Listener.Addr().String(), browserGet)
	})
	b.Run("silent", func(b *testing.B) {
		ask(b, newRig(b, rigConfig{answer: answer, config: silent}).address(), browserGet)
	})
	b.Run("logging", func(b *testing.B) {
		ask(b, newRig(b, rigConfig{answer: answer, config: buffered}).address(), browserGet)
	})
}

// BenchmarkEnvelopes compares a PATCH in an envelope with the PATCH.
func BenchmarkEnvelopes(b *testing.B) {
	const json = `{"name":"a new name","tags":["a","b","c"],"description":"a text of a usual length, which says what there is to say"}`
	head := "Host: localhost\r\n" + browserGet[strings.Index(browserGet, "Connection:"):len(browserGet)-len("\r\n")]
	r := newRig(b, rigConfig{answer: func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }, config: func(c *Config) { c.Access = nil }})
	b.Run("ordinary", func(b *testing.B) {
		ask(b, r.address(), fmt.Sprintf("PATCH /api/v2/discussions/7 HTTP/1.1\r\n%sAuthorization: Bearer abc\r\nIf-Match: \"7\"\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", head, len(json), json))
	})
	for _, w := range wrappings {
		b.Run(w.name, func(b *testing.B) {
			text := w.write("$httpMethod", "PATCH", "access_token", "abc", "$httpHeaders", `If-Match: "7"`, "$ct", "application/json", "$body", json)
			ask(b, r.address(), fmt.Sprintf("POST /api/v2/discussions/7 HTTP/1.1\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", head, w.contentType, len(text), text))
		})
	}
}

// ask sends the same request again and again on one connection.
func ask(b *testing.B, address, request string) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = c.Close() })
	in := bufio.NewReader(c)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := io.WriteString(c, request); err != nil {
			b.Fatal(err)
		}
		res, err := http.ReadResponse(in, nil)
		if err != nil || res.StatusCode != http.StatusOK {
			b.Fatal(res, err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
	}
}
