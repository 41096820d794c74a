package doctor

import (
	"crypto/x509"
	"net/url"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
)

// A Question is one request of a page, and what may be done to find out about it.
type Question struct {
	Request     preflight.Request
	Body        []byte // that the script sends; no more than what Request.Body says of it
	Origin      string // of the page, as browsers write it; "null" is one
	Target      *url.URL
	Credentials bool // credentials: "include", or XMLHttpRequest.withCredentials
	Redirect    explain.RedirectMode

	// Send allows that a method other than GET, HEAD and OPTIONS is really sent, once.
	Send bool
	// NoProbes leaves out all but what the browser itself would send.
	NoProbes bool
	// Roots are who may sign certificates; nil: those whom the system trusts.
	Roots *x509.CertPool
}

// call is the question as it is judged before anything is sent.
func (q Question) call() explain.Call {
	return explain.Call{
		Request: q.Request, Origin: q.Origin, Target: q.Target, Credentials: q.Credentials,
		Redirect: q.Redirect, BodySize: int64(len(q.Body)),
	}
}

// isSafe reports whether a method changes nothing (RFC 9110, section 9.2.1).
func isSafe(method string) bool {
	return method == "GET" || method == "HEAD" || method == "OPTIONS"
}
