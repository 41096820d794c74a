package gateway

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/crossgate/crossgate/internal/envelope"
	"github.com/crossgate/crossgate/internal/gate"
)

// limitBody puts the limits around the request's body, which may have so many bytes.
func (x *exchange) limitBody(most int64) *gate.Problem {
	switch {
	case x.r.ContentLength > most:
		return gate.ProblemOf(gate.BodyTooLarge)
	case x.r.Body == nil || x.r.Body == http.NoBody || x.r.ContentLength == 0:
		return nil
	}
	x.body = &requestBody{
		ReadCloser: http.MaxBytesReader(x.w.ResponseWriter, x.r.Body, most),
		conn:       http.NewResponseController(x.w.ResponseWriter),
		length:     x.r.ContentLength,
	}
	x.r.Body = x.body
	return nil
}

// gatherBody reads the beginning of a body that is chunked, or comes in an envelope. If
// that is all of it, it goes up with a Content-Length, and where its framing is broken
// the upstream sees nothing of it at all.
func (x *exchange) gatherBody() *gate.Problem {
	if !x.gathers() {
		return nil
	}
	body := x.r.Body
	start, whole, err := envelope.Gather(body, ChunkedBufferBytes)
	switch {
	case err != nil:
		return x.body.problem()
	case whole:
		x.r.ContentLength = int64(len(start))
		x.r.Body = io.NopCloser(bytes.NewReader(start))
	default:
		x.r.Body = spliced{io.MultiReader(bytes.NewReader(start), body), body}
	}
	return nil
}

// gathers reports whether the beginning of the body is worth waiting for.
func (x *exchange) gathers() bool {
	if x.controls != nil {
		return x.r.ContentLength != 0 && x.r.ContentLength <= ChunkedBufferBytes
	}
	return x.body != nil && len(x.r.TransferEncoding) > 0 && x.r.Header["Expect"] == nil
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
	length := x.r.ContentLength
	if x.body != nil {
		length = x.body.length
	}
	if x.sent || x.body.problem() != nil || length < 0 || length > BodyDiscardBytes {
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
	length int64         // bytes that should come; -1: not known
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
	if err == io.EOF { //nolint:errorlint // readers return it bare
		b.ended.Store(true)
	}
	b.note(err)
	return n, err
}

// note remembers how reading failed, if it did.
func (b *requestBody) note(err error) {
	if err != nil && err != io.EOF { //nolint:errorlint // see above
		b.fault.CompareAndSwap(nil, faultOf(err))
	}
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
	var mistake *envelope.Fault
	switch {
	case errors.As(err, &mistake):
		return gate.EnvelopeProblem(mistake)
	case errors.As(err, &tooLarge):
		return gate.ProblemOf(gate.BodyTooLarge)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return gate.ProblemOf(gate.BodySlow)
	}
	return gate.ProblemOf(gate.BodyMalformed)
}
