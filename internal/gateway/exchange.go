package gateway

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/envelope"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/snapshot"
)

// An exchange is one request on its way to the upstream, and the response on its
// way back. The steps fill it in from top to bottom.
type exchange struct {
	g     *Gateway
	w     response
	r     *http.Request
	start time.Time

	peer      netip.Addr // the other end of the socket
	proxied   bool       // the peer is a trusted proxy
	forwarded bool       // a field says that the request was forwarded
	ambient   bool       // a field beside Cookie says who the visitor is
	names     []string   // of fields, for the Inspector
	fewNames  [3]string  // their room, mostly
	path      string     // as it came, percent codes and all
	upgrade   bool       // asks for a WebSocket
	lastly    bool       // the connection closes after this exchange

	site     *snapshot.Site
	target   *url.URL // the upstream of the site that is asked
	pool     *pool    // that it is from; nil: the site has one alone
	chosen   *member  // the target in the pool
	tried    choice   // of the pool
	facts    gate.Facts
	verdict  gate.Verdict
	judged   bool
	ours     bool               // answered here: below /.crossgate/
	allow    string             // the methods that a resource of ours has; "": those of the upstream's
	body     *requestBody       // nil: none
	controls *envelope.Controls // of the envelope that the body is, or nil
	edits    gate.Edits
	sent     bool // to the upstream, which may still be reading the body
	settled  gate.ResponseEdits

	reason gate.Code // for the log: the verdict's reason, or the problem's code
}

// accept begins an exchange.
func (g *Gateway) accept(w http.ResponseWriter, r *http.Request) *exchange {
	g.cfg.Metrics.Begin()
	x := &exchange{g: g, w: response{ResponseWriter: w, multiplexed: r.ProtoMajor >= 2}, r: r, start: g.cfg.Now()}
	if a, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		x.peer = a.Addr().Unmap().WithZone("")
	}
	x.proxied = g.trusts(x.peer)
	x.lastly = closesAfter(r)
	return x
}

func (g *Gateway) trusts(peer netip.Addr) bool {
	for _, p := range g.cfg.TrustedProxies {
		if p.Contains(peer) {
			return true
		}
	}
	return false
}

// closesAfter reports whether the connection must not be used again: net/http does
// not tell whether the framing of a chunked request was ambiguous, nor whether an
// HTTP/1.0 request had a Transfer-Encoding that it ignored, so what follows such a
// request could be part of it.
func closesAfter(r *http.Request) bool {
	return r.ProtoMajor == 1 && (r.ProtoMinor == 0 || len(r.TransferEncoding) > 0)
}

// scheme is the scheme that the browser used.
func (x *exchange) scheme() string {
	if x.proxied {
		switch proto := only(x.r.Header["X-Forwarded-Proto"]); proto {
		case "http", "https":
			return proto
		}
	}
	return socketScheme(x.r)
}

// socketScheme is the scheme of the accepted socket, whatever a proxy says.
func socketScheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// host is the host that the browser asked for: Host, or what a trusted proxy says
// that it was.
func (x *exchange) host() string {
	if x.proxied {
		if host := only(x.r.Header["X-Forwarded-Host"]); isHost(host) {
			return host
		}
	}
	return x.r.Host
}

// remote is the address of the peer as text.
func (x *exchange) remote() string {
	host := x.r.RemoteAddr
	if i := strings.LastIndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	return strings.Trim(host, "[]")
}

// first returns the first value of a field, or "".
func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// only returns the value of a field that is there once, or "".
func only(values []string) string {
	if len(values) != 1 {
		return ""
	}
	return values[0]
}

type exchangeKey struct{}

// inContext returns the request with the exchange in its context, for the proxy's
// hooks to find.
func (x *exchange) inContext() *http.Request {
	return x.r.WithContext(context.WithValue(x.r.Context(), exchangeKey{}, x))
}

// exchangeOf is inContext's counterpart.
func exchangeOf(ctx context.Context) *exchange {
	return ctx.Value(exchangeKey{}).(*exchange)
}
