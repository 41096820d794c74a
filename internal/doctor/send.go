package doctor

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/crossgate/crossgate/internal/explain"
)

// A wire sends messages, within the limits.
type wire struct {
	dialer
	sent int            // messages so far
	cut  bool           // the limits have kept a message from being sent
	by   map[string]int // how many of each method
}

// send sends one message and reads the head of its answer. The error is a [*Failure].
func (w *wire) send(ctx context.Context, m message) (answer, error) {
	if w.sent >= MaxRequests || ctx.Err() != nil {
		w.cut = true
		return answer{}, &Failure{Kind: FailedLimit, Text: "the limit of one examination is reached", cause: ctx.Err()}
	}
	w.count(m.method)
	ctx, cancel := context.WithTimeout(ctx, MaxWait)
	defer cancel()
	a, err := w.exchange(ctx, m)
	if err != nil {
		return a, failed(ctx, m.url, err)
	}
	return a, nil
}

func (w *wire) count(method string) {
	w.sent++
	w.by[method]++
}

// exchange connects, sends and reads. The connection ends with it.
func (w *wire) exchange(ctx context.Context, m message) (answer, error) {
	start := time.Now()
	conn, err := w.dial(ctx, m.url)
	if err != nil {
		return answer{}, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })()
	connect := time.Since(start)
	a, err := answerOn(ctx, conn, m)
	a.connect = connect
	return a, err
}

// answerOn sends a message on a connection, in the protocol that was agreed upon.
func answerOn(ctx context.Context, conn net.Conn, m message) (answer, error) {
	if speaksHTTP2(conn) {
		return exchange2(ctx, conn, m)
	}
	return exchange1(conn, m)
}

// responseOf makes a response of a head.
func responseOf(status int, fields [][2]string) explain.Response {
	return explain.Response{Status: status, Header: fields}
}

// hasBody reports whether a body may follow the head of an answer (RFC 9112, section
// 6.3).
func hasBody(method string, status int) bool {
	return method != http.MethodHead && status != http.StatusNoContent && status != http.StatusNotModified
}
