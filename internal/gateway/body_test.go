package gateway

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// A body may come as slowly as BodyRate, pauses of less than BodyIdle included; the
// time that the upstream takes does not count.
func TestBodyPace(t *testing.T) {
	for _, tt := range []struct {
		name   string
		pieces int
		size   int
		every  time.Duration // between pieces, while the client is waited for
		think  time.Duration // between reads, while nobody waits for the client
		fault  bool
	}{
		{"fast", 100, 32 << 10, time.Millisecond, 0, false},
		{"slow but steady", 100, BodyRate, 900 * time.Millisecond, 0, false},
		{"one pause", 1, 1, BodyIdle - time.Second, 0, false},
		{"too long a pause", 1, 1, BodyIdle + time.Second, 0, true},
		{"a trickle", 100, 1, 10 * time.Second, 0, true},
		{"a long upload", 4000, 32 << 10, 10 * time.Millisecond, 0, false},
		{"too long a pause after much", 2, 1 << 20, BodyIdle + time.Second, 0, true},
		{"an upstream that takes its time", 10, 1, time.Second, time.Hour, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := &slowClient{ResponseWriter: httptest.NewRecorder(), pieces: tt.pieces, size: tt.size, every: tt.every}
				b := &requestBody{ReadCloser: client, conn: http.NewResponseController(client)}
				var err error
				for err == nil {
					_, err = b.Read(make([]byte, 1<<20))
					time.Sleep(tt.think)
				}
				if fault := b.problem() == gate.ProblemOf(gate.BodySlow); fault != tt.fault || !fault && err != io.EOF {
					t.Errorf("ended with %v, problem %v", err, b.problem())
				}
				if !client.deadline.IsZero() {
					t.Error("a deadline was left behind")
				}
			})
		})
	}
}

// A slowClient is a connection and the body on it: it has a deadline, and sends a
// piece every so often.
type slowClient struct {
	http.ResponseWriter
	pieces, size int
	every        time.Duration
	deadline     time.Time
}

func (c *slowClient) SetReadDeadline(t time.Time) error {
	c.deadline = t
	return nil
}

func (c *slowClient) Read(p []byte) (int, error) {
	if c.pieces == 0 {
		return 0, io.EOF
	}
	if time.Now().Add(c.every).After(c.deadline) {
		time.Sleep(time.Until(c.deadline))
		return 0, os.ErrDeadlineExceeded
	}
	time.Sleep(c.every)
	c.pieces--
	return min(c.size, len(p)), nil
}

func (*slowClient) Close() error { return errors.New("not used") }
