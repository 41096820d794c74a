package gateway

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"

	"github.com/crossgate/crossgate/internal/gate"
)

// fail answers where no response of the upstream can be passed on.
func fail(_ http.ResponseWriter, r *http.Request, err error) {
	x := exchangeOf(r.Context())
	var refused refusal
	switch p := x.body.problem(); {
	case errors.As(err, &refused):
		x.refuse(refused.problem)
	case p != nil:
		x.refuse(p)
	case x.r.Context().Err() != nil:
		x.reason = reasonClientGone
		panic(http.ErrAbortHandler) // an answer that nobody reads must not look like one
	default:
		x.refuse(x.blame(err))
	}
}

// blame finds the problem for an error of the upstream's, and logs what can be said
// of the error. Its text is only used where it cannot hold anything of the
// request or the answer.
func (x *exchange) blame(err error) *gate.Problem {
	p, cause := diagnose(err)
	x.g.unwell.Do(func() {
		x.g.cfg.Log.Warn("upstream failed", "code", p.Code, "cause", cause, "upstream", x.target.Host)
	})
	return p
}

func diagnose(err error) (p *gate.Problem, cause string) {
	var timeout net.Error
	var dial *net.OpError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return problemTimeout, "timeout"
	case errors.As(err, &dial) && dial.Op == "dial":
		return problemUnreachable, dial.Error()
	case errors.As(err, &certificate):
		return problemUnreachable, certificate.Error()
	case errors.As(err, &dial):
		return problemUnreachable, dial.Op + " failed"
	case isUnanswered(err), errors.Is(err, io.ErrUnexpectedEOF):
		return problemUnreachable, "the connection was closed before an answer"
	case errors.As(err, new(unconnected)):
		return problemUnreachable, "no connection can be made"
	}
	return problemInvalid, "the answer is not valid HTTP"
}
