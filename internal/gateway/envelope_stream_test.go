package gateway

import (
	"bufio"
	"fmt"
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

const (
	largeEnclosed = 64 << 20 // bytes
	putHead       = "--b\r\nContent-Disposition: form-data; name=\"$httpMethod\"\r\n\r\nPUT\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"access_token\"\r\n\r\nT\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"$body\"; filename=\"film\"\r\nContent-Type: video/mp4\r\n\r\n"
	putEnd = "\r\n--b--\r\n"
)

// A large body in an envelope goes through in constant memory, and of a multipart one
// with a length the upstream is told the length.
func TestLargeEnvelopesInConstantMemory(t *testing.T) {
	type came struct {
		method, contentType string
		length, bytes       int64
	}
	var last atomic.Pointer[came]
	r := newRig(t, rigConfig{answer: func(_ http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			t.Error(err)
		}
		last.Store(&came{r.Method, r.Header.Get("Content-Type"), r.ContentLength, n})
	}})
	for _, tt := range []struct {
		name, contentType, before, after string
		known                            bool
		want                             came
	}{
		{"multipart", multipartType, putHead, putEnd, true, came{"PUT", "video/mp4", largeEnclosed, largeEnclosed}},
		{"multipart in chunks", multipartType, putHead, putEnd, false, came{"PUT", "video/mp4", -1, largeEnclosed}},
		{"form", formType, "$httpMethod=PUT&access_token=T&$ct=video/mp4&$body=", "", true, came{"PUT", "video/mp4", -1, largeEnclosed}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := io.MultiReader(strings.NewReader(tt.before), zeros(largeEnclosed), strings.NewReader(tt.after))
			req, err := http.NewRequestWithContext(t.Context(), "POST", r.server.URL+"/film", body)
			if err != nil {
				t.Fatal(err)
			}
			if tt.known {
				req.ContentLength = int64(len(tt.before)) + largeEnclosed + int64(len(tt.after))
			}
			req.Header.Set("Content-Type", tt.contentType)
			peak := watchHeap(t)
			res, err := r.server.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if text := bodyOf(t, res); res.StatusCode != http.StatusOK {
				t.Fatalf("%d %s", res.StatusCode, text)
			}
			if got := *last.Load(); got != tt.want {
				t.Errorf("the upstream saw %+v, want %+v", got, tt.want)
			}
			if grown := peak(); grown > largeHeap {
				t.Errorf("the heap grew by %d MiB", grown>>20)
			}
		})
	}
}

// completeness is an upstream that says of each request whether all of it came.
func completeness(t *testing.T) (*url.URL, <-chan bool) {
	t.Helper()
	complete := make(chan bool, 1)
	at := upstream.Raw(t, func(c net.Conn, r *bufio.Reader) {
		req, err := http.ReadRequest(r)
		if err != nil {
			return // an idle connection ended
		}
		_, err = io.Copy(io.Discard, req.Body)
		complete <- err == nil
	})
	return at, complete
}

// A mistake at the end of an envelope is the client's: it is answered 400, and the
// upstream never sees a request that looks complete. Of a short one it sees nothing.
func TestMalformedToTheEnd(t *testing.T) {
	for _, tls := range []bool{false, true} {
		t.Run(fmt.Sprintf("tls=%v", tls), func(t *testing.T) { expectMistakesAtTheEnd(t, tls) })
	}
}

func expectMistakesAtTheEnd(t *testing.T, tls bool) {
	at, complete := completeness(t)
	r := newRig(t, rigConfig{upstream: at, tls: tls})
	long := strings.Repeat("x", 1<<20)
	for _, tt := range []struct{ name, contentType, before, after string }{
		{"cut off", multipartType, putHead, ""},
		{"cut off in the boundary", multipartType, putHead, "\r\n--b-"},
		{"no last line end", multipartType, putHead, "\r\n--b--"},
		{"an epilogue", multipartType, putHead, putEnd + "x"},
		{"another part", multipartType, putHead, "\r\n--b\r\nContent-Disposition: form-data; name=\"access_token\"\r\n\r\nU" + putEnd},
		{"another field", formType, "$httpMethod=PUT&access_token=T&$body=", "&access_token=U"},
		{"a broken percent code", formType, "$httpMethod=PUT&access_token=T&$body=", "%4"},
	} {
		for _, length := range []int{len(long), 100} {
			for _, known := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s, %d bytes, length known: %v", tt.name, length, known), func(t *testing.T) {
					text := tt.before + long[:length] + tt.after
					req, err := http.NewRequestWithContext(t.Context(), "POST", r.server.URL+"/", strings.NewReader(text))
					if err != nil {
						t.Fatal(err)
					}
					if !known {
						req.Body, req.ContentLength = io.NopCloser(strings.NewReader(text)), -1
					}
					req.Header.Set("Content-Type", tt.contentType)
					req.Header.Set("Origin", trustedOrigin)
					res, err := r.server.Client().Do(req)
					if err != nil {
						t.Fatal(err)
					}
					defer res.Body.Close()
					body := bodyOf(t, res)
					if res.StatusCode != http.StatusBadRequest || res.Header.Get("Crossgate-Reason") != "control-malformed" || res.Header.Get("Access-Control-Allow-Origin") != trustedOrigin {
						t.Errorf("%d %s", res.StatusCode, body)
					}
					if length > ChunkedBufferBytes && <-complete {
						t.Error("the upstream saw a whole request")
					}
				})
			}
		}
	}
	select {
	case <-complete:
		t.Error("the upstream saw something of a short one")
	default:
	}
}

// A client that goes away within an envelope leaves no whole request behind.
func TestClientLeavesWithinAnEnvelope(t *testing.T) {
	at, complete := completeness(t)
	r := newRig(t, rigConfig{upstream: at})
	c := r.dial()
	body := strings.Repeat("x", 200_000)
	r.write(c, fmt.Sprintf("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s%s",
		multipartType, len(putHead)+len(body)+1+len(putEnd), putHead, body))
	_ = c.Close()
	select {
	case whole := <-complete:
		if whole {
			t.Error("the upstream saw a whole request")
		}
	case <-time.After(patience):
		t.Fatal("the upstream saw nothing")
	}
}

// An envelope may come byte by byte.
func TestEnvelopesByteByByte(t *testing.T) {
	r := newRig(t, rigConfig{})
	for _, w := range wrappings {
		text := w.write("$httpMethod", "PATCH", "access_token", "T", "$httpHeaders", "X-A: b", "$ct", "text/css", "$body", "a{}")
		c := r.dial()
		_, _ = fmt.Fprintf(c, "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", w.contentType, len(text))
		for i := range len(text) - 1 {
			r.write(c, text[i:i+1])
		}
		if res := readAnswer(t, r.exchange(c, text[len(text)-1:])); res.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", w.name, res.StatusCode)
		}
		if seen := r.api.Last(t); seen.Method != "PATCH" || seen.Body != "a{}" || seen.Header.Get("X-A") != "b" {
			t.Errorf("%s: the upstream saw %+v", w.name, seen)
		}
	}
}

// Expect: 100-continue: the envelope is asked for, since all is in it; the upstream is
// asked nothing of the kind. Whoever is refused by the head alone is not asked for it.
func TestEnvelopesThatExpectContinue(t *testing.T) {
	r := newRig(t, rigConfig{})
	for _, tt := range []struct{ name, origin, status string }{
		{"trusted", trustedOrigin, "HTTP/1.1 100 "},
		{"untrusted", untrustedOrigin, "HTTP/1.1 403 "},
	} {
		for _, w := range wrappings {
			t.Run(tt.name+", "+w.name, func(t *testing.T) {
				text := w.write("$httpMethod", "PUT", "access_token", "T", "$body", "x")
				c := r.dial()
				r.write(c, fmt.Sprintf("POST /a HTTP/1.1\r\nHost: localhost\r\nOrigin: %s\r\nExpect: 100-continue\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
					tt.origin, w.contentType, len(text)))
				_ = c.SetReadDeadline(time.Now().Add(patience))
				in := bufio.NewReader(c)
				status, err := in.ReadString('\n')
				if err != nil || !strings.HasPrefix(status, tt.status) {
					t.Fatalf("%q, %v", status, err)
				}
				if tt.origin != trustedOrigin {
					return
				}
				_, _ = in.ReadString('\n')
				r.write(c, text)
				res, err := http.ReadResponse(in, nil)
				if err != nil || res.StatusCode != http.StatusOK {
					t.Fatalf("%v, %v", res, err)
				}
				if seen := r.api.Last(t); seen.Body != "x" || seen.Header.Get("Expect") != "" {
					t.Errorf("the upstream saw %+v", seen)
				}
			})
		}
	}
}

// Framing of the envelope that is wrong is the framing's fault, and answered as of any
// body.
func TestBrokenFramingOfEnvelopes(t *testing.T) {
	r := newRig(t, rigConfig{config: func(c *Config) { c.MaxBodyBytes = 1 << 10 }})
	head := "POST /a HTTP/1.1\r\nHost: localhost\r\nOrigin: " + trustedOrigin + "\r\nContent-Type: " + formType + "\r\n"
	for _, tt := range []struct{ name, request, status string }{
		{"a broken chunk", head + "Transfer-Encoding: chunked\r\n\r\n5\r\n$http\r\nzz\r\n", "400 body-malformed"},
		{"too long", head + "Content-Length: 200000\r\n\r\n", "413 body-too-large"},
		{"too long in chunks", head + "Transfer-Encoding: chunked\r\n\r\n800\r\n$httpMethod=PUT&access_token=T&$body=" + strings.Repeat("x", 0x800) + "\r\n0\r\n\r\n", "413 body-too-large"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := readAnswer(t, r.raw(tt.request))
			if got := fmt.Sprint(res.StatusCode, " ", res.Header.Get("Crossgate-Reason")); got != tt.status {
				t.Errorf("%s, want %s", got, tt.status)
			}
			if len(r.api.Seen()) > 0 {
				t.Error("the upstream saw something")
			}
		})
	}
}
