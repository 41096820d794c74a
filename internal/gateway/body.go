package gateway

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// limitBody puts the limits around the request's body.
func (x *exchange) limitBody() *gate.Problem {
	switch {
	case x.r.ContentLength > x.g.cfg.MaxBodyBytes:
		return gate.ProblemOf(gate.BodyTooLarge)
	case x.r.Body == nil || x.r.Body == http.NoBody || x.r.ContentLength == 0:
		return nil
	}
	x.body = &requestBody{
		ReadCloser: http.MaxBytesReader(x.w.ResponseWriter, x.r.Body, x.g.cfg.MaxBodyBytes),
		conn:       http.NewResponseController(x.w.ResponseWriter),
	}
	x.r.Body = x.body
	if len(x.r.TransferEncoding) > 0 && x.r.Header["Expect"] == nil {
		return x.gatherBody()
	}
	return nil
}

// gatherBody reads the beginning of a chunked body. If that is all of it, it goes up
// with a Content-Length, and where its framing is broken the upstream sees
// nothing of it at all.
func (x *exchange) gatherBody() *gate.Problem {
	start, err := io.ReadAll(io.LimitReader(x.body, ChunkedBufferBytes+1))
	switch {
	case err != nil:
		return x.body.problem()
	case len(start) <= ChunkedBufferBytes:
		x.r.ContentLength = int64(len(start))
		x.r.Body = io.NopCloser(bytes.NewReader(start))
	default:
		x.r.Body = spliced{io.MultiReader(bytes.NewReader(start), x.body), x.body}
	}
	return nil
}

// owesBody reports whether some of the request's body has not been read.
func (x *exchange) owesBody() bool {
	if x.body != nil {
		return !x.body.ended.Load()
	}
	return x.r.ContentLength != 0 && x.r.Body != nil && x.r.Body != http.NoBody
}

// abandonsBody reports whether the connection ends with this answer because the
// rest of the request's body is not worth reading. On HTTP/2 only the stream ends.
func (x *exchange) abandonsBody() bool {
	if x.r.ProtoMajor != 1 || !x.owesBody() {
		return false
	}
	if x.body != nil || x.r.ContentLength < 0 || x.r.ContentLength > BodyDiscardBytes {
		return true
	}
	x.discardBody()
	return false
}

// discardBody limits how long net/http may wait for a body that it reads to throw it
// away, which it does around the end of a request, and without a limit.
func (x *exchange) discardBody() {
	if x.r.ProtoMajor == 1 && x.owesBody() {
		// The error is that of a connection without deadlines: of no real server.
		_ = http.NewResponseController(x.w.ResponseWriter).SetReadDeadline(time.Now().Add(BodyDiscard))
	}
}

// spliced reads from one place and closes another.
type spliced struct {
	io.Reader
	io.Closer
}

// requestBody is a client's body. It limits how slowly the body may come, and
// remembers how reading it failed: then the failure is the client's and not the
// upstream's.
type requestBody struct {
	io.ReadCloser
	conn   *http.ResponseController
	read   int64         // bytes so far
	waited time.Duration // for them
	ended  atomic.Bool
	fault  atomic.Pointer[gate.Problem]
}

func (b *requestBody) Read(p []byte) (int, error) {
	start := time.Now()
	// The error is that of a connection without deadlines: of no real server.
	_ = b.conn.SetReadDeadline(start.Add(b.patience()))
	n, err := b.ReadCloser.Read(p)
	_ = b.conn.SetReadDeadline(time.Time{})
	b.read += int64(n)
	b.waited += time.Since(start)
	switch {
	case err == io.EOF: //nolint:errorlint // readers return it bare
		b.ended.Store(true)
	case err != nil:
		b.fault.CompareAndSwap(nil, faultOf(err))
	}
	return n, err
}

// patience is how long the next bytes may take. Only the time spent waiting for
// the client counts, not that which the upstream takes to read.
func (b *requestBody) patience() time.Duration {
	earned := time.Duration(b.read) * time.Second / BodyRate
	return min(BodyIdle, BodyGrace+earned-b.waited)
}

// problem says how reading failed, or nil.
func (b *requestBody) problem() *gate.Problem {
	if b == nil {
		return nil
	}
	return b.fault.Load()
}

func faultOf(err error) *gate.Problem {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return gate.ProblemOf(gate.BodyTooLarge)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return gate.ProblemOf(gate.BodySlow)
	}
	return gate.ProblemOf(gate.BodyMalformed)
}
