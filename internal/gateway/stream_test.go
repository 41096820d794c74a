package gateway

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/testkit/upstream"
	"github.com/crossgate/crossgate/token"
)

// An event goes down at once: the upstream sends the next one only after the page
// has read the last.
func TestEventStreamFlushes(t *testing.T) {
	for _, tls := range []bool{false, true} {
		t.Run(fmt.Sprintf("tls=%v", tls), func(t *testing.T) {
			read := make(chan struct{})
			r := newRig(t, rigConfig{tls: tls, answer: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/event-stream")
				for i := range 3 {
					_, _ = fmt.Fprintf(w, "data: %d\n", i)
					w.(http.Flusher).Flush()
					<-read
				}
			}})
			res := r.ask("GET", "/events", "Origin", trustedOrigin, "Host", "localhost")
			lines := bufio.NewScanner(res.Body)
			for i := range 3 {
				if !lines.Scan() || lines.Text() != fmt.Sprintf("data: %d", i) {
					t.Fatalf("event %d: %q, %v", i, lines.Text(), lines.Err())
				}
				read <- struct{}{}
			}
		})
	}
}

// A stream ends when its origin or its token loses its rights, and no other does.
func TestRevocationEndsStreams(t *testing.T) {
	tokens := grants{}
	secret := tokens.mint(t, token.Grant{ID: "tok_1"})
	r := newRig(t, rigConfig{
		site: func(s *gate.SiteConfig) { s.Grants = tokens },
		answer: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
	})
	byOrigin := r.ask("GET", "/", "Origin", trustedOrigin)
	byToken := r.ask("GET", "/?access_token="+secret)
	stays := r.ask("GET", "/", "Origin", "https://other.example.com")

	r.site.Trusted = trustedSet(t, "other.example.com")
	r.publish()
	expectEnd(t, "origin removed", byOrigin.Body)

	r.site.Grants = grants{}
	r.publish()
	expectEnd(t, "token revoked", byToken.Body)

	ended := make(chan struct{})
	go func() {
		_, _ = stays.Body.Read(make([]byte, 1))
		close(ended)
	}()
	select {
	case <-ended:
		t.Error("a stream that is still trusted was ended")
	case <-time.After(3 * StreamCheck):
	}
}

func expectEnd(t *testing.T, what string, body io.Reader) {
	t.Helper()
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, body)
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Fatalf("%s: the stream did not end", what)
	}
}

// Informational responses are passed on, at most eight, and with Link alone.
func TestInformationalResponses(t *testing.T) {
	at := upstream.Raw(t, func(c net.Conn, r *bufio.Reader) {
		if _, err := upstream.ReadRequest(r); err != nil {
			return
		}
		for range 12 {
			_, _ = io.WriteString(c, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nSet-Cookie: a=b\r\nAccess-Control-Allow-Origin: *\r\n\r\n")
		}
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	})
	r := newRig(t, rigConfig{upstream: at})
	var came []textproto.MIMEHeader
	req, err := http.NewRequest("GET", r.server.URL+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req = req.WithContext(httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		Got1xxResponse: func(_ int, h textproto.MIMEHeader) error {
			came = append(came, h)
			return nil
		},
	}))
	res, err := r.server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if len(came) != MaxInformational {
		t.Errorf("%d informational responses, want %d", len(came), MaxInformational)
	}
	for _, h := range came {
		if diff := cmp.Diff(textproto.MIMEHeader{"Link": {"</a.css>"}}, h); diff != "" {
			t.Errorf("fields (-want +got):\n%s", diff)
		}
	}
	if got := bodyOf(t, res); got != "ok" || res.Header.Get("Vary") != "Origin" || res.Header.Get("Link") != "" {
		t.Errorf("final response: %q %v", got, res.Header)
	}
}

// Expect: 100-continue: the body is sent only when the upstream wants it.
func TestContinue(t *testing.T) {
	for _, wanted := range []bool{true, false} {
		t.Run(fmt.Sprintf("wanted=%v", wanted), func(t *testing.T) {
			r := newRig(t, rigConfig{answer: func(w http.ResponseWriter, r *http.Request) {
				if !wanted {
					w.WriteHeader(http.StatusUnauthorized)
					return
				}
				body, _ := io.ReadAll(r.Body)
				_, _ = w.Write(body)
			}})
			c := r.dial()
			r.write(c, "POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
			_ = c.SetReadDeadline(time.Now().Add(patience))
			in := bufio.NewReader(c)
			status, err := in.ReadString('\n')
			switch {
			case err != nil:
				t.Fatal(err)
			case !wanted && strings.HasPrefix(status, "HTTP/1.1 401 "):
				return
			case !wanted || !strings.HasPrefix(status, "HTTP/1.1 100 "):
				t.Fatalf("answer %q", status)
			}
			r.write(c, "body")
			_, _ = in.ReadString('\n')
			res, err := http.ReadResponse(in, nil)
			if err != nil || bodyOf(t, res) != "body" {
				t.Errorf("final answer: %v", err)
			}
		})
	}
}

// Trailers come down, announced or not.
func TestTrailers(t *testing.T) {
	r := newRig(t, rigConfig{answer: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		_, _ = io.WriteString(w, "body")
		w.(http.Flusher).Flush()
		w.Header().Set("X-Sum", "1")
		w.Header().Set(http.TrailerPrefix+"X-Late", "2")
	}})
	res := r.ask("GET", "/", "TE", "trailers")
	if got := bodyOf(t, res); got != "body" {
		t.Errorf("body %q", got)
	}
	if res.Trailer.Get("X-Sum") != "1" || res.Trailer.Get("X-Late") != "2" {
		t.Errorf("trailers %v", res.Trailer)
	}
}

// Nothing is unpacked, and nothing is packed.
func TestContentCodingIsLeftAlone(t *testing.T) {
	r := newRig(t, rigConfig{answer: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = io.WriteString(w, "not really "+r.Header.Get("Accept-Encoding"))
	}})
	res := r.ask("GET", "/", "Accept-Encoding", "gzip")
	if got := bodyOf(t, res); got != "not really gzip" || res.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("%q, coding %q", got, res.Header.Get("Content-Encoding"))
	}
}

// A response that breaks off looks broken off, on HTTP/1.1 and 2.
func TestTruncationStaysVisible(t *testing.T) {
	for _, tt := range []struct{ name, head string }{
		{"by length", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"},
		{"by chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"},
		{"by a broken chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n"},
	} {
		for _, tls := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, tls=%v", tt.name, tls), func(t *testing.T) {
				at := upstream.Raw(t, func(c net.Conn, r *bufio.Reader) {
					if _, err := upstream.ReadRequest(r); err == nil {
						_, _ = io.WriteString(c, tt.head)
					}
				})
				r := newRig(t, rigConfig{upstream: at, tls: tls})
				res, err := r.server.Client().Get(r.server.URL)
				if err != nil {
					return // cut before its head was sent
				}
				defer res.Body.Close()
				if body, err := io.ReadAll(res.Body); err == nil {
					t.Errorf("%q ended without an error", body)
				}
			})
		}
	}
}
