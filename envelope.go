package crossgate

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/crossgate/crossgate/internal/envelope"
	"github.com/crossgate/crossgate/internal/gate"
)

// gatheredBytes is how much of the body in an envelope is read before the handler is
// called: one that ends within is known to be whole.
const gatheredBytes = 64 << 10

// mayHoldEnvelope reports whether a request's body could be an envelope.
func mayHoldEnvelope(r *http.Request) bool {
	if r.Body == nil || r.Body == http.NoBody {
		return false
	}
	contentType := r.Header["Content-Type"]
	return len(contentType) == 1 && envelope.KindOf(contentType[0]) != envelope.None && r.Header["Content-Encoding"] == nil
}

// plan decides on everything but the origin. The request that it returns has the body
// that is to go on: that in an envelope, or the one that came. Of a body that was looked
// into the beginning is no more to be had from the request that came.
func plan(s *gate.Site, f *gate.Facts, v gate.Verdict, r *http.Request) (*http.Request, gate.Edits) {
	if v.Kind == gate.Refused || !mayHoldEnvelope(r) {
		return r, gate.Plan(s, f, v, nil)
	}
	opened, err := envelope.Open(r.Header["Content-Type"][0], r.Body, r.ContentLength)
	if err != nil {
		return r, gate.Edits{Problem: problemOfBody(err)}
	}
	e := gate.Plan(s, f, v, opened.Controls)
	if e.Envelope != nil && e.Problem == nil {
		if err := gather(&opened); err != nil {
			e.Problem = problemOfBody(err)
		}
	}
	return withBody(r, opened), e
}

// gather reads the beginning of the body in an envelope, so that a mistake in it is
// found before the handler runs.
func gather(o *envelope.Opened) error {
	if o.Length > gatheredBytes {
		return nil
	}
	start, whole, err := envelope.Gather(o.Body, gatheredBytes)
	switch {
	case err != nil:
		return err
	case whole:
		o.Body, o.Length = bytes.NewReader(start), int64(len(start))
	default:
		o.Body = io.MultiReader(bytes.NewReader(start), o.Body)
	}
	return nil
}

// withBody returns a shallow copy of a request, with another body.
func withBody(r *http.Request, o envelope.Opened) *http.Request {
	out := *r
	out.ContentLength = o.Length
	out.Body = body{o.Body, r.Body}
	if o.Controls != nil && o.Length == 0 {
		out.Body = http.NoBody
	}
	return &out
}

// body reads from one place and closes another.
type body struct {
	io.Reader
	io.Closer
}

// takeOut makes of a request whose body was an envelope's the one that was in it. The
// fields are the copy's own.
func takeOut(r *http.Request, c *envelope.Controls) {
	r.Method = c.Method
	gate.EnvelopeFields(r.Header, c)
	if c.HasBody && r.ContentLength >= 0 {
		r.Header["Content-Length"] = []string{strconv.FormatInt(r.ContentLength, 10)}
	}
	r.TransferEncoding, r.Trailer = nil, nil
	r.Form, r.PostForm, r.MultipartForm = nil, nil, nil
}

// problemOfBody says why a request's body could not be read.
func problemOfBody(err error) *gate.Problem {
	var mistake *envelope.Fault
	var tooLarge *http.MaxBytesError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &mistake):
		return gate.EnvelopeProblem(mistake)
	case errors.As(err, &tooLarge):
		return gate.ProblemOf(gate.BodyTooLarge)
	case errors.As(err, &timeout) && timeout.Timeout():
		return gate.ProblemOf(gate.BodySlow)
	}
	return gate.ProblemOf(gate.BodyMalformed)
}
