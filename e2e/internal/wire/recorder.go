package wire

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A Head is the head of a request as it crossed the wire, byte for byte.
type Head struct {
	Method, Target string
	Fields         []Field
}

// A Field is one field line.
type Field struct{ Name, Value string }

// Get returns the value of a field by its name, in any case, and whether it is there.
func (h Head) Get(name string) (value string, given bool) {
	for _, field := range h.Fields {
		if strings.EqualFold(field.Name, name) {
			return field.Value, true
		}
	}
	return "", false
}

// A Recorder is a server that notes what came. It reads and writes HTTP/1.1 by itself,
// because a server worth its name refuses some of what browsers can be made to send, and
// would mend some of the answers that they are to be tried with.
type Recorder struct {
	URL string

	answer func(Head) string

	mu          sync.Mutex
	connections []net.Conn
	heads       map[string][]Head // by target
}

// NewRecorder starts a recorder, until the test ends. It grants every preflight, and
// answers everything else with an empty 200.
func NewRecorder(t testing.TB) *Recorder {
	t.Helper()
	return NewStage(t, permit)
}

// NewStage starts a recorder, until the test ends, whose answers are written byte for
// byte as they are given. After an empty one it hangs up.
func NewStage(t testing.TB, answer func(Head) string) *Recorder {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &Recorder{URL: "http://" + listener.Addr().String(), answer: answer, heads: map[string][]Head{}}
	var done sync.WaitGroup
	done.Go(func() { r.accept(listener, &done) })
	t.Cleanup(func() {
		listener.Close()
		r.closeConnections()
		done.Wait()
	})
	return r
}

// Heads returns what came to a target, in order.
func (r *Recorder) Heads(target string) []Head {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.heads[target]
}

func (r *Recorder) accept(listener net.Listener, done *sync.WaitGroup) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return // closed: the test has ended
		}
		r.mu.Lock()
		r.connections = append(r.connections, client)
		r.mu.Unlock()
		done.Go(func() {
			defer client.Close()
			r.serve(client)
		})
	}
}

func (r *Recorder) closeConnections() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, connection := range r.connections {
		connection.Close()
	}
}

func (r *Recorder) serve(client net.Conn) {
	reader := bufio.NewReader(client)
	for {
		head, err := readHead(reader)
		if err != nil || discardBody(reader, head) != nil {
			return
		}
		r.mu.Lock()
		r.heads[head.Target] = append(r.heads[head.Target], head)
		r.mu.Unlock()
		answer := r.answer(head)
		if _, err := io.WriteString(client, answer); err != nil || answer == "" {
			return
		}
	}
}

// readHead reads the head of a request without judging it.
func readHead(reader *bufio.Reader) (head Head, err error) {
	line, err := reader.ReadString('\n')
	if err != nil {
		return head, err
	}
	head.Method, line, _ = strings.Cut(strings.TrimSuffix(line, "\r\n"), " ")
	head.Target, _, _ = strings.Cut(line, " ")
	for {
		line, err := reader.ReadString('\n')
		if err != nil || line == "\r\n" {
			return head, err
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\r\n"), ":")
		head.Fields = append(head.Fields, Field{name, textproto.TrimString(value)})
	}
}

func discardBody(reader *bufio.Reader, head Head) error {
	if _, chunked := head.Get("Transfer-Encoding"); chunked {
		if _, err := io.Copy(io.Discard, httputil.NewChunkedReader(reader)); err != nil {
			return err
		}
		_, err := reader.ReadString('\n') // the line after the last chunk
		return err
	}
	length, given := head.Get("Content-Length")
	if !given {
		return nil
	}
	bytes, err := strconv.ParseInt(length, 10, 64)
	if err != nil {
		return err
	}
	_, err = io.CopyN(io.Discard, reader, bytes)
	return err
}

// permit answers a request so that its page may do whatever it asked for.
func permit(head Head) string {
	var answer strings.Builder
	answer.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nCache-Control: no-store\r\n")
	for grant, asked := range map[string]string{
		"Access-Control-Allow-Origin":  "Origin",
		"Access-Control-Allow-Methods": "Access-Control-Request-Method",
		"Access-Control-Allow-Headers": "Access-Control-Request-Headers",
	} {
		if value, given := head.Get(asked); given {
			fmt.Fprintf(&answer, "%s: %s\r\n", grant, value)
		}
	}
	answer.WriteString("Access-Control-Max-Age: 0\r\n\r\n")
	return answer.String()
}
