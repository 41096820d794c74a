package gateway

import (
	"cmp"
	"net/http"

	"github.com/crossgate/crossgate/internal/envelope"
	"github.com/crossgate/crossgate/internal/gate"
)

// openEnvelope looks into a body that could be an envelope. Of one that is, only the
// body in it is left to go up; any other goes up as it came, byte for byte.
func (x *exchange) openEnvelope() *gate.Problem {
	if x.body == nil || !mayHoldEnvelope(x.r.Header) {
		return nil
	}
	opened, err := envelope.Open(x.r.Header["Content-Type"][0], x.body, x.r.ContentLength)
	if err != nil {
		return cmp.Or(x.body.problem(), gate.ProblemOf(gate.BodyMalformed))
	}
	body := spliced{opened.Body, x.body}
	x.r.Body, x.r.ContentLength = body, opened.Length
	if opened.Controls == nil {
		return nil
	}
	x.controls = opened.Controls
	x.r.Body = enclosed{body, x.body}
	if opened.Length == 0 {
		x.r.Body = http.NoBody
	}
	return nil
}

// mayHoldEnvelope reports whether the fields of a message let its body be an envelope.
func mayHoldEnvelope(h http.Header) bool {
	contentType := h["Content-Type"]
	return len(contentType) == 1 && h["Content-Encoding"] == nil && envelope.KindOf(contentType[0]) != envelope.None
}

// enclosed is the body in an envelope. A mistake that is found further down is the
// client's, as a broken chunk is.
type enclosed struct {
	spliced
	outer *requestBody
}

func (b enclosed) Read(p []byte) (int, error) {
	n, err := b.spliced.Read(p)
	b.outer.note(err)
	return n, err
}
