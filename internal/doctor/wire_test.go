package doctor

import (
	"bufio"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/google/go-cmp/cmp"
)

// Heads are read as browsers read them: in order, doubled ones doubled.
func TestHeads(t *testing.T) {
	for _, c := range []struct {
		name, text string
		status     int
		fields     [][2]string
		fails      FailureKind
	}{
		{"in order and doubled", "HTTP/1.1 200 OK\r\nB: 1\r\na: 2\r\nB: 3\r\n\r\n", 200, [][2]string{{"B", "1"}, {"a", "2"}, {"B", "3"}}, ""},
		{"bare line feeds", "HTTP/1.0 404 Not Found\nA: 1\n\n", 404, [][2]string{{"A", "1"}}, ""},
		{"no reason", "HTTP/1.1 204\r\n\r\n", 204, nil, ""},
		{"a folded line", "HTTP/1.1 200 OK\r\nA: 1\r\n  2\r\n\r\n", 200, [][2]string{{"A", "1 2"}}, ""},
		{"a line that is none", "HTTP/1.1 200 OK\r\nwhat\r\n: x\r\nA:1\r\n\r\n", 200, [][2]string{{"A", "1"}}, ""},
		{"a blank before the colon", "HTTP/1.1 200 OK\r\nA : 1\r\n\r\n", 200, [][2]string{{"A", "1"}}, ""},
		{"interim answers", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nA: 1\r\n\r\n", 200, [][2]string{{"A", "1"}}, ""},
		{"too many of them", strings.Repeat("HTTP/1.1 100 X\r\n\r\n", 9), 0, nil, FailedResponse},
		{"another protocol", "SSH-2.0-x\r\n", 0, nil, FailedResponse},
		{"no number", "HTTP/1.1 abc\r\n\r\n", 0, nil, FailedResponse},
		{"cut off", "HTTP/1.1 200 OK\r\nA: 1", 0, nil, FailedBroken},
		{"a switch of protocols", "HTTP/1.1 101 X\r\n\r\n", 0, nil, FailedResponse},
		{"folded without end", "HTTP/1.1 200 OK\r\nA: 1\r\n" + strings.Repeat(" x\n", maxFolded+1) + "\r\n", 0, nil, FailedResponse},
		{"too long", "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("x", MaxHead), 0, nil, FailedResponse},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, fields, err := readFinalHead(bufio.NewReader(strings.NewReader(c.text)))
			if c.fails != "" {
				if f := failed(t.Context(), mustURL(t, "http://a.example"), err); err == nil || f.Kind != c.fails {
					t.Fatalf("error %v, want %s", err, c.fails)
				}
				return
			}
			if err != nil || status != c.status {
				t.Fatalf("%d, %v", status, err)
			}
			if diff := cmp.Diff(c.fields, fields); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What an address cannot hold is percent-encoded; nothing of it can end a line.
func TestTargets(t *testing.T) {
	for address, want := range map[string]string{
		"http://a.example":             "/",
		"http://a.example?":            "/?",
		"http://a.example/a b?c d#e":   "/a%20b?c%20d",
		"http://a.example/%2F/ä?ö=\"1": "/%2F/%C3%A4?%C3%B6=%221",
	} {
		if got := targetOf(mustURL(t, address)); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

// Servers that cannot be reached are no fault of CORS, and are told apart.
func TestFailures(t *testing.T) {
	gone := serveRaw(t, func(seen) string { return "" })
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	nobody := httptest.NewServer(http.NotFoundHandler())
	nobody.Close()
	for _, c := range []struct {
		address string
		kind    FailureKind
		says    string
	}{
		{nobody.URL, FailedRefused, " refuses connections"},
		{"http://no-such-host.invalid/", FailedName, "no-such-host.invalid cannot be"},
		{gone.url.String(), FailedBroken, "ended the connection without an answer"},
		{"https" + strings.TrimPrefix(plain.URL, "http"), FailedTLS, "does not speak TLS"},
		{secure.URL, FailedTLS, "nobody trusted here has signed"},
	} {
		_, err := Examine(t.Context(), Question{Origin: "http://localhost:7001", Target: mustURL(t, c.address)})
		f, ok := errors.AsType[*Failure](err)
		if !ok || f.Kind != c.kind || !strings.Contains(f.Text, c.says) {
			t.Errorf("%s: %v (%+v), want %s", c.address, err, f, c.kind)
		}
	}
}

// TLS, with HTTP/2 where the server has it: doubled fields stay doubled.
func TestTLS(t *testing.T) {
	for _, protocol := range []string{"HTTP/1.1", "HTTP/2.0"} {
		var got []string
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got = append(got, r.Proto+" "+r.Method+" "+r.Header.Get("Origin")+" "+r.UserAgent())
			w.Header()["Access-Control-Allow-Origin"] = []string{pageOrigin, pageOrigin}
			w.WriteHeader(http.StatusOK)
		}))
		s.EnableHTTP2 = protocol == "HTTP/2.0"
		s.StartTLS()
		t.Cleanup(s.Close)
		roots := x509.NewCertPool()
		roots.AddCert(s.Certificate())
		r := examine(t, Question{Origin: pageOrigin, Target: mustURL(t, s.URL+"/x"), Roots: roots, NoProbes: true})
		if diff := cmp.Diff([]string{protocol + " GET " + pageOrigin + " " + userAgent}, got); diff != "" {
			t.Error(diff)
		}
		if f, _ := r.Fails(); f.Code != explain.AllowOriginDoubled {
			t.Errorf("%s: a doubled field is lost: %+v", protocol, r.Findings)
		}
	}
}

// FuzzReadHead: whatever a server sends is read as a head or refused, and no field of it
// can end a line.
func FuzzReadHead(f *testing.F) {
	f.Add("HTTP/1.1 103 X\r\n\r\nHTTP/1.1 200 OK\r\nA: 1\r\n 2\r\nB : 3\r\nx\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		status, fields, err := readFinalHead(bufio.NewReader(strings.NewReader(text)))
		if err != nil {
			return
		}
		if status < 200 || status > 999 {
			t.Errorf("status %d", status)
		}
		for _, field := range fields {
			if strings.ContainsAny(field[0], "\n:") || strings.Contains(field[1], "\n") {
				t.Errorf("field %q", field)
			}
		}
	})
}

// A method that may change something is not sent, unless it is allowed.
func TestUnsafeMethodsAreNotSent(t *testing.T) {
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "QUERY"} {
		s := serveRaw(t, func(seen) string {
			return head("200 OK", open, "Access-Control-Allow-Methods: *", "Access-Control-Max-Age: 7200")
		})
		q := ask(s)
		q.Request.Method, q.NoProbes = method, false
		r := examine(t, q)
		for _, m := range s.all() {
			if !isSafe(m.method) || m.body != "" {
				t.Errorf("%s: %s was sent with body %q", method, m.method, m.body)
			}
		}
		if !r.Unsent || r.Verdict != explain.Readable {
			t.Errorf("%s: %s, unsent %v", method, r.Verdict, r.Unsent)
		}
	}
}

// One examination ends, however long a server leads it on.
func TestLimits(t *testing.T) {
	s := serveRaw(t, func(seen) string { return head("302 X", open, "Access-Control-Allow-Headers: x-a", "Location: /a") })
	q := ask(s)
	q.Request.Headers, q.NoProbes = headers("X-A", "1"), false
	w := &wire{sent: MaxRequests - 3, by: map[string]int{}}
	k, err := walk(t.Context(), w, q)
	if err != nil {
		t.Fatal(err)
	}
	if r := reportOn(k, probe(t.Context(), w, k)); !r.Cut {
		t.Error("nobody is told that not everything was tried")
	}
	if n := len(s.all()); n > 3 || w.sent > MaxRequests {
		t.Errorf("%d messages were sent, %d counted", n, w.sent)
	}
}
