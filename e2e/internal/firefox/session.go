package firefox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// maxMessage is the largest message that Firefox may send, in bytes.
const maxMessage = 64 << 20

// A session is one WebDriver BiDi session. Commands may be sent at the same time.
type session struct {
	socket *websocket.Conn
	ended  chan struct{} // closed once nothing more is read

	mu      sync.Mutex
	last    int
	waiting map[int]chan<- reply
}

// A reply is what comes back of a command (WebDriver BiDi, section 5.1).
type reply struct {
	Type    string // "success" or "error"; else it is an event
	ID      int
	Result  json.RawMessage
	Error   string
	Message string
}

// connect opens a session at the address that Firefox named.
func connect(ctx context.Context, url string) (*session, error) {
	socket, _, err := websocket.Dial(ctx, url+"/session", nil)
	if err != nil {
		return nil, err
	}
	socket.SetReadLimit(maxMessage)
	s := &session{socket: socket, ended: make(chan struct{}), waiting: map[int]chan<- reply{}}
	go s.read()
	return s, s.do(ctx, "session.new", object{"capabilities": object{}}, nil)
}

// end asks the browser to close, and hangs up.
func (s *session) end() {
	ctx, cancel := context.WithTimeout(context.Background(), stoppedWithin)
	defer cancel()
	s.do(ctx, "browser.close", object{}, nil) // an error says that it is gone already
	s.socket.CloseNow()
	<-s.ended
}

type object map[string]any

// do sends a command, and waits for its result.
func (s *session) do(ctx context.Context, method string, params object, result any) error {
	id, answer := s.expect()
	defer s.forget(id)
	if err := wsjson.Write(ctx, s.socket, object{"id": id, "method": method, "params": params}); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case got := <-answer:
		if got.Type != "success" {
			return fmt.Errorf("%s: %s: %s", method, got.Error, got.Message)
		}
		if result == nil {
			return nil
		}
		return json.Unmarshal(got.Result, result)
	case <-s.ended:
		return fmt.Errorf("%s: %w", method, errors.New("the browser has hung up"))
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	}
}

func (s *session) expect() (int, <-chan reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	answer := make(chan reply, 1)
	s.waiting[s.last] = answer
	return s.last, answer
}

func (s *session) forget(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.waiting, id)
}

func (s *session) read() {
	defer close(s.ended)
	for {
		var got reply
		if err := wsjson.Read(context.Background(), s.socket, &got); err != nil {
			return
		}
		s.mu.Lock()
		answer := s.waiting[got.ID]
		delete(s.waiting, got.ID)
		s.mu.Unlock()
		if answer != nil {
			answer <- got
		}
	}
}
