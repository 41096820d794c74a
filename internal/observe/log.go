// Package observe is what operators see: the log, without secrets.
package observe

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"strings"
)

// Format is how log lines are written.
type Format string

// The formats of the log.
const (
	Text Format = "text" // key=value
	JSON Format = "json" // one object a line
)

// NewLogger returns a logger that writes lines of a level and above, with
// everything that looks like a token cut out of messages and values.
func NewLogger(w io.Writer, format Format, level slog.Leveler) (*slog.Logger, error) {
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: redactAttr}
	switch format {
	case Text:
		return slog.New(slog.NewTextHandler(w, options)), nil
	case JSON:
		return slog.New(slog.NewJSONHandler(w, options)), nil
	}
	return nil, fmt.Errorf("log format %q: choose %q or %q", format, Text, JSON)
}

// redactAttr keeps secrets out of whatever is logged, by whoever.
func redactAttr(_ []string, a slog.Attr) slog.Attr {
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(Redact(a.Value.String()))
	case slog.KindAny:
		// Times and levels are of other kinds or hold no text; errors and
		// structures are turned into text first, so that it can be looked through.
		if _, ok := a.Value.Any().(slog.Level); !ok {
			a.Value = slog.StringValue(Redact(fmt.Sprint(a.Value.Any())))
		}
	}
	return a
}

// ErrorLog returns a logger for net/http's own complaints, which it writes
// as warnings; failed TLS handshakes, of which the internet is full, at debug level.
func ErrorLog(to *slog.Logger) *log.Logger { return log.New(errorLog{to}, "", 0) }

type errorLog struct{ to *slog.Logger }

func (e errorLog) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	level := slog.LevelWarn
	if strings.HasPrefix(text, "http: TLS handshake error") {
		level = slog.LevelDebug
	}
	e.to.Log(context.Background(), level, text)
	return len(line), nil
}
