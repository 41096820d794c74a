package crossgate

import (
	"bufio"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"strings"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/token"
)

// A settlingWriter is the ResponseWriter of an unwrapped request: just before the
// header is sent it makes sure of what such a response must and must not have,
// whatever the handler wrote.
type settlingWriter struct {
	http.ResponseWriter
	edits   gate.ResponseEdits
	request *gate.Edits // what was changed of the request
	method  string      // that the request came with
	settled bool
	mute    bool // what the handler writes is not sent: the answer is another
}

func (w *settlingWriter) WriteHeader(status int) {
	if w.mute {
		return
	}
	status, code := w.request.SettleRedirect(w.method, status)
	if code != "" {
		w.refuse(gate.ProblemOf(code))
		return
	}
	w.settle()
	w.ResponseWriter.WriteHeader(status)
	if informational := 100 <= status && status < 200 && status != http.StatusSwitchingProtocols; informational {
		w.settled = false // the header that counts is still to come
	}
}

func (w *settlingWriter) Write(p []byte) (int, error) {
	w.settle()
	if w.mute || w.request.EndsAtHead() {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

// refuse answers with a problem in the place of what the handler does.
func (w *settlingWriter) refuse(p *gate.Problem) {
	w.settled, w.mute = true, true
	h := w.Header()
	for name := range h {
		if strings.HasPrefix(name, "Content-") {
			delete(h, name)
		}
	}
	for _, name := range []string{"Location", "Set-Cookie", "Etag", "Last-Modified"} {
		delete(h, name)
	}
	if w.edits.AllowOrigin != "" {
		w.edits.Expose = "Crossgate-Reason"
	}
	refuse(w.ResponseWriter, w.edits, p)
}

func (w *settlingWriter) settle() {
	if !w.settled {
		w.settled = true
		w.edits.Apply(w.Header())
		if w.request.EndsAtHead() {
			gate.EndHead(w.Header())
		}
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
