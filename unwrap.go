package crossgate

import (
	"bufio"
	"context"
	"crypto/tls"
	"net"
	"net/http"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/token"
)

// A settlingWriter is the ResponseWriter of an unwrapped request: just before the
// header is sent it makes sure of what such a response must and must not have,
// whatever the handler wrote.
type settlingWriter struct {
	http.ResponseWriter
	edits   gate.ResponseEdits
	settled bool
}

func (w *settlingWriter) WriteHeader(status int) {
	w.settle()
	w.ResponseWriter.WriteHeader(status)
	if informational := 100 <= status && status < 200 && status != http.StatusSwitchingProtocols; informational {
		w.settled = false // the header that counts is still to come
	}
}

func (w *settlingWriter) Write(p []byte) (int, error) {
	w.settle()
	return w.ResponseWriter.Write(p)
}

func (w *settlingWriter) settle() {
	if !w.settled {
		w.settled = true
		w.edits.Apply(w.Header())
	}
}

// Flush sends what was written so far.
func (w *settlingWriter) Flush() { _ = w.FlushError() }

// FlushError is Flush with its error, for http.ResponseController.
func (w *settlingWriter) FlushError() error {
	w.settle()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Hijack hands the connection over, for WebSockets.
func (w *settlingWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// Unwrap returns the writer below, for http.ResponseController.
func (w *settlingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// withoutClientCertificate hides who the visitor's certificate says they are: like
// a cookie, a browser sends it along unasked.
func withoutClientCertificate(state *tls.ConnectionState) *tls.ConnectionState {
	if state == nil || state.PeerCertificates == nil {
		return state
	}
	anonymous := *state
	anonymous.PeerCertificates, anonymous.VerifiedChains = nil, nil
	return &anonymous
}

type grantKey struct{}

func withGrant(ctx context.Context, g *token.Grant) context.Context {
	return context.WithValue(ctx, grantKey{}, g)
}

// GrantFrom returns what the request's access token of Crossgate's allows, once it
// was verified, and false where it carried none. The context is that of the request
// that the wrapped handler sees.
func GrantFrom(ctx context.Context) (*token.Grant, bool) {
	g, ok := ctx.Value(grantKey{}).(*token.Grant)
	return g, ok
}
