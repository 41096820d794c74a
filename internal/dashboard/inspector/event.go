package inspector

import (
	"bytes"
	"fmt"
	"net/http"
	"time"
)

// retryAfter is how long a browser waits before it opens a stream again that has ended.
const retryAfter = 3 * time.Second

// An eventWriter writes server-sent events (HTML standard, section 9.2).
type eventWriter struct {
	w    http.ResponseWriter
	text bytes.Buffer
}

// begin sends the head of the stream.
func (e *eventWriter) begin() error {
	e.w.Header().Set("Content-Type", "text/event-stream")
	e.w.WriteHeader(http.StatusOK)
	fmt.Fprintf(&e.text, "retry: %d\n\n", retryAfter.Milliseconds())
	return e.flush()
}

// event sends an event with an id that the browser comes back with ("": none).
func (e *eventWriter) event(name, id string, data []byte) error {
	fmt.Fprintf(&e.text, "event: %s\n", name)
	if id != "" {
		fmt.Fprintf(&e.text, "id: %s\n", id)
	}
	// A carriage return would end a line, too.
	for line := range bytes.SplitSeq(bytes.ReplaceAll(data, []byte("\r"), []byte(" ")), []byte("\n")) {
		e.text.WriteString("data: ")
		e.text.Write(line)
		e.text.WriteByte('\n')
	}
	e.text.WriteByte('\n')
	return e.flush()
}

// still sends a comment, which tells whether the browser is still there.
func (e *eventWriter) still() error {
	e.text.WriteString(":\n\n")
	return e.flush()
}

// flush sends what was written. Its error says that the browser has gone.
func (e *eventWriter) flush() error {
	if _, err := e.text.WriteTo(e.w); err != nil {
		return err
	}
	return http.NewResponseController(e.w).Flush()
}
