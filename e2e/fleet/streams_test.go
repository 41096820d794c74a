package fleet

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/crossgate/crossgate/internal/testkit/pgtest"
)

// A stream is an answer, or a WebSocket, that stays open.
type stream struct {
	name  string
	ended chan struct{}
}

// hasEnded reports whether the other side has ended it.
func (s *stream) hasEnded() bool {
	select {
	case <-s.ended:
		return true
	default:
		return false
	}
}

// openEvents opens an event stream at a node, as a page of an origin does, and returns
// when the first event is there.
func (n *node) openEvents(l look) *stream {
	n.t.Helper()
	request, err := http.NewRequestWithContext(n.t.Context(), http.MethodGet, n.url+"/events", nil)
	if err != nil {
		n.t.Fatal(err)
	}
	l.dress(request.Header)
	response, err := n.streams().Do(request)
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() { response.Body.Close() })
	lines := bufio.NewReader(response.Body)
	if line, err := lines.ReadString('\n'); line != "data: first\n" {
		n.t.Fatalf("%s: the stream begins with status %d, %q, %v", n.name, response.StatusCode, line, err)
	}
	s := &stream{name: "an event stream at " + n.name, ended: make(chan struct{})}
	go func() {
		_, _ = io.Copy(io.Discard, lines) // an error is an end, too
		close(s.ended)
	}()
	return s
}

// openSocket opens a WebSocket at a node.
func (n *node) openSocket(l look) *stream {
	n.t.Helper()
	fields := http.Header{}
	l.dress(fields)
	socket, response, err := websocket.Dial(n.t.Context(), strings.Replace(n.url, "http", "ws", 1)+"/socket", &websocket.DialOptions{
		HTTPClient: n.streams(), HTTPHeader: fields,
	})
	if err != nil {
		n.t.Fatal(errors.Join(err, errors.New(n.name)))
	}
	_ = response // has nothing to read
	n.t.Cleanup(func() { socket.CloseNow() })
	s := &stream{name: "a WebSocket at " + n.name, ended: make(chan struct{})}
	go func() {
		_, _, _ = socket.Read(context.Background()) // an error is an end
		close(s.ended)
	}()
	return s
}

// dress makes a request that of a page of the origin, with the token.
func (l look) dress(fields http.Header) {
	fields.Set("Origin", l.origin)
	if l.token != "" {
		fields.Set("Authorization", "Bearer "+l.token)
	}
}

// streams is a client for what does not end.
func (n *node) streams() *http.Client { return &http.Client{Transport: n.client.Transport} }

// TestStreamsEndEverywhere revokes an origin at one node and a token at another: what is
// open with it ends on all nodes, and all else stays.
func TestStreamsEndEverywhere(t *testing.T) {
	t.Parallel()
	_, p := newServer(t, pgtest.Fast())
	f := newFleet(t, p)
	kept, gone := f.trusted("kept.example"), f.trusted("gone.example")
	made, _, err := f.createToken(f.nodes[0], "Revoked")
	if err != nil {
		t.Fatal(err)
	}
	revoked := look{subject: made.ID, origin: kept.origin, token: made.Token}
	var staying, ofOrigin, ofToken []*stream
	for _, n := range f.nodes {
		await(t, n.name+" knows the token", func() bool { return n.lets(revoked) })
		staying = append(staying, n.openEvents(kept), n.openSocket(kept))
		ofOrigin = append(ofOrigin, n.openEvents(gone), n.openSocket(gone))
		ofToken = append(ofToken, n.openEvents(revoked), n.openSocket(revoked))
	}
	if _, _, err := f.undo(f.nodes[1], gone.audit); err != nil {
		t.Fatal(err)
	}
	awaitEnds(t, "the origin was removed", ofOrigin)
	if _, err := f.revokeToken(f.nodes[2], made.ID); err != nil {
		t.Fatal(err)
	}
	awaitEnds(t, "the token was revoked", ofToken)
	for _, s := range staying {
		if s.hasEnded() {
			t.Errorf("%s ended, and nobody revoked it", s.name)
		}
	}
}

// awaitEnds waits until all streams have ended, and says how long that took.
func awaitEnds(t *testing.T, why string, streams []*stream) {
	t.Helper()
	began := time.Now()
	var waiting sync.WaitGroup
	for _, s := range streams {
		waiting.Go(func() {
			select {
			case <-s.ended:
			case <-time.After(patience):
				t.Errorf("%s: %s goes on", why, s.name)
			}
		})
	}
	waiting.Wait()
	t.Logf("%s: %d streams have ended after %v", why, len(streams), time.Since(began))
}
