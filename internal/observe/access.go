package observe

import (
	"context"
	"log/slog"
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
	Host     string
	Path     string
	Proto    string
	Origin   string
	Status   int
	Bytes    int64  // of the body sent down
	Reason   string // why: "trusted", "no-origin", "origin-not-trusted", "upstream-timeout", …
	Request  string // the request id that the client or a proxy before us gave, or ""
}

// Access writes one line for an exchange at level Info. It does not look for the
// caller's place in the source, as slog's own methods would.
func Access(to *slog.Logger, e *Exchange) {
	ctx := context.Background()
	if !to.Enabled(ctx, slog.LevelInfo) {
		return
	}
	line := slog.NewRecord(e.Time.Add(e.Duration), slog.LevelInfo, "request", 0)
	line.AddAttrs(
		slog.String("method", e.Method),
		slog.String("host", short(e.Host)),
		slog.String("path", short(e.Path)),
		slog.Int("status", e.Status),
		slog.String("reason", e.Reason),
		slog.Int64("bytes", e.Bytes),
		slog.Duration("took", e.Duration),
		slog.String("remote", e.Remote),
		slog.String("proto", e.Proto),
	)
	if e.Origin != "" {
		line.AddAttrs(slog.String("origin", short(e.Origin)))
	}
	if e.Request != "" {
		line.AddAttrs(slog.String("request_id", short(e.Request)))
	}
	// A log that cannot be written to is no reason to fail a request, and there is
	// nowhere else to say so.
	_ = to.Handler().Handle(ctx, line)
}

func short(s string) string {
	if len(s) > MaxLoggedText {
		return s[:MaxLoggedText]
	}
	return s
}
