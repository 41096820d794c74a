package observe

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// MaxLoggedText is how many bytes of what a client chose (path, host, origin) are
// written at most.
const MaxLoggedText = 512

// An Exchange is what the access log says of one request. It has no query, no
// Authorization, no Cookie and no Referer, because they hold secrets.
type Exchange struct {
	Time     time.Time // when the request came
	Duration time.Duration
	Remote   string // who asked
	Method   string
	Enclosed string // the method of the request in an envelope, or ""
	Host     string
	Path     string
	Proto    string
	Origin   string
	Status   int
	Bytes    int64  // of the body sent down
	Reason   string // why: "trusted", "no-origin", "origin-not-trusted", "upstream-timeout", …
	Request  string // the request id that the client or a proxy before us gave, or ""
}

// An AccessLog writes one line for each request, in the form of the log beside it.
// It is not a [slog.Logger], which would cost several times as much, on every request.
// Flush it before the program ends.
type AccessLog struct {
	lines  *Buffer
	format Format
	spare  sync.Pool // of *line
}

// NewAccessLog returns an access log before w.
func NewAccessLog(w io.Writer, format Format) (*AccessLog, error) {
	if format != Text && format != JSON {
		return nil, fmt.Errorf("log format %q: choose %q or %q", format, Text, JSON)
	}
	a := &AccessLog{lines: NewBuffer(w), format: format}
	a.spare.New = func() any { return &line{format: format} }
	return a, nil
}

// Flush writes the lines that wait.
func (a *AccessLog) Flush() error { return a.lines.Flush() }

// Write logs an exchange. A nil AccessLog logs nothing.
func (a *AccessLog) Write(e *Exchange) {
	if a == nil {
		return
	}
	l := a.spare.Get().(*line)
	defer a.spare.Put(l)
	l.begin(e.Time.Add(e.Duration))
	l.text("method", e.Method)
	if e.Enclosed != "" {
		l.text("enclosed_method", e.Enclosed)
	}
	l.text("host", e.Host)
	l.text("path", e.Path)
	l.number("status", int64(e.Status))
	l.text("reason", e.Reason)
	l.number("bytes", e.Bytes)
	l.number("micros", e.Duration.Microseconds())
	l.text("remote", e.Remote)
	l.text("proto", e.Proto)
	if e.Origin != "" {
		l.text("origin", e.Origin)
	}
	if e.Request != "" {
		l.text("request_id", e.Request)
	}
	// A log that cannot be written to is no reason to fail a request, and there is
	// nowhere else to say so.
	_, _ = a.lines.Write(l.end())
}
