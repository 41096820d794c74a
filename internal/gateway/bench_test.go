package gateway

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
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
		ask(b, s.Listener.Addr().String())
	})
	b.Run("silent", func(b *testing.B) {
		ask(b, newRig(b, rigConfig{answer: answer, config: silent}).address())
	})
	b.Run("logging", func(b *testing.B) {
		ask(b, newRig(b, rigConfig{answer: answer, config: buffered}).address())
	})
}

// ask sends the same request again and again on one connection.
func ask(b *testing.B, address string) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = c.Close() })
	in := bufio.NewReader(c)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := io.WriteString(c, browserGet); err != nil {
			b.Fatal(err)
		}
		res, err := http.ReadResponse(in, nil)
		if err != nil || res.StatusCode != http.StatusOK {
			b.Fatal(res, err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
	}
}
