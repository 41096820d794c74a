package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"syscall"
)

// A FailureKind is the stable name of a failure of the network.
type FailureKind string

// What can fail where nothing comes back.
const (
	FailedName     FailureKind = "dns"         // the host's name leads nowhere
	FailedRefused  FailureKind = "refused"     // nothing listens there
	FailedRoute    FailureKind = "unreachable" // no way leads there
	FailedTLS      FailureKind = "tls"         // no connection that a browser would trust
	FailedTimeout  FailureKind = "timeout"     // no answer within MaxWait
	FailedBroken   FailureKind = "broken"      // the connection ended before the head did
	FailedResponse FailureKind = "malformed"   // what came back is no HTTP response
	FailedLimit    FailureKind = "limit"       // MaxRequests or MaxTotal is reached
)

// A Failure is a request that got no response. It is no fault of CORS: a page sees the
// same TypeError.
type Failure struct {
	Kind  FailureKind
	Text  string // a sentence without its full stop
	cause error
}

func (f *Failure) Error() string { return f.Text }
func (f *Failure) Unwrap() error { return f.cause }

// failed names what went wrong on the way to a server.
func failed(ctx context.Context, u *url.URL, err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	kind, text := kindOf(err)
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		kind, text = FailedLimit, "was not waited for"
	case ctx.Err() != nil && kind != FailedName:
		kind, text = FailedTimeout, fmt.Sprintf("did not answer within %s", MaxWait)
	}
	return &Failure{Kind: kind, Text: place(u) + " " + text, cause: err}
}

// kindOf finds the kind of a failure, and says it after the name of the server.
func kindOf(err error) (FailureKind, string) {
	if text := tlsText(err); text != "" {
		return FailedTLS, text
	}
	if name, ok := errors.AsType[*net.DNSError](err); ok {
		if name.IsTimeout {
			return FailedName, "cannot be looked up: the name server does not answer"
		}
		return FailedName, "cannot be found: no such host"
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return FailedRefused, "refuses connections: nothing listens there"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EADDRNOTAVAIL):
		return FailedRoute, "cannot be reached: no way leads there"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.Is(err, syscall.ETIMEDOUT):
		return FailedTimeout, fmt.Sprintf("did not answer within %s", MaxWait)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return FailedBroken, "ended the connection without an answer"
	}
	return FailedBroken, "did not answer as a web server does"
}

// tlsText says what a browser would not accept of a connection, or "".
func tlsText(err error) string {
	var (
		host    x509.HostnameError
		signer  x509.UnknownAuthorityError
		invalid x509.CertificateInvalidError
		verify  *tls.CertificateVerificationError
		plain   tls.RecordHeaderError
		alert   tls.AlertError
	)
	switch {
	case errors.As(err, &host):
		return "has a certificate for another name"
	case errors.As(err, &signer):
		return "has a certificate that nobody trusted here has signed"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "has a certificate that has expired, or is not valid yet"
	case errors.As(err, &verify):
		return "has a certificate that is not valid"
	case errors.As(err, &plain):
		return "does not speak TLS at this port: is it http:// that was meant?"
	case errors.As(err, &alert):
		return "refuses the TLS connection"
	}
	return ""
}

// place is a server as messages name it.
func place(u *url.URL) string { return plainText(u.Host) }
