package doctor

import (
	"bufio"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/crossgate/crossgate/preflight"
)

// A seen is one request as its bytes came.
type seen struct {
	method, path string
	head         string // whole, with the line that ends it
	body         string
}

// field returns the values of a field, with a comma between them.
func (s seen) field(name string) string {
	var values []string
	for line := range strings.SplitSeq(s.head, "\r\n") {
		if n, v, ok := strings.Cut(line, ": "); ok && equalFold(n, name) {
			values = append(values, v)
		}
	}
	return strings.Join(values, ",")
}

// A rawServer writes down what it is sent, byte for byte, and answers with bytes.
type rawServer struct {
	url    *url.URL
	answer func(seen) string

	mu   sync.Mutex
	seen []seen
}

// serveRaw starts a server on loopback that ends with the test. What answer returns is
// what is written, byte for byte.
func serveRaw(t *testing.T, answer func(seen) string) *rawServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &rawServer{url: &url.URL{Scheme: "http", Host: l.Addr().String(), Path: "/items"}, answer: answer}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() { l.Close(); all.Wait() })
	return s
}

func (s *rawServer) serve(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	var got seen
	for !strings.HasSuffix(got.head, "\r\n\r\n") {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		got.head += line
	}
	words := strings.SplitN(got.head, " ", 3)
	got.method, got.path = words[0], words[1]
	if n, err := strconv.Atoi(got.field("Content-Length")); err == nil {
		body := make([]byte, n)
		if _, err := io.ReadFull(in, body); err != nil {
			return
		}
		got.body = string(body)
	}
	s.mu.Lock()
	s.seen = append(s.seen, got)
	s.mu.Unlock()
	io.WriteString(conn, s.answer(got))
}

// all returns what was sent so far.
func (s *rawServer) all() []seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]seen(nil), s.seen...)
}

// at is an address of the server.
func (s *rawServer) at(path string) *url.URL {
	u, err := s.url.Parse(path)
	if err != nil {
		panic(err)
	}
	return u
}

// head writes a response without a body.
func head(status string, fields ...string) string {
	return "HTTP/1.1 " + status + "\r\n" + strings.Join(append(fields, "Content-Length: 0"), "\r\n") + "\r\n\r\n"
}

const pageOrigin = "https://app.example.com"

// ask is a question about a GET of a server.
func ask(s *rawServer) Question {
	return Question{Origin: pageOrigin, Target: s.url, NoProbes: true}
}

// examine examines, and must get there.
func examine(t *testing.T, q Question) Report {
	t.Helper()
	r, err := Examine(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func headers(pairs ...string) []preflight.Header {
	var all []preflight.Header
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, preflight.Header{Name: pairs[i], Value: pairs[i+1]})
	}
	return all
}
