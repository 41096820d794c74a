// Package gateway carries one request from the page to the upstream and its answer
// back, under the rules of package gate. It holds no rule about origins and tokens
// itself: it finds out the facts, asks, and applies the edits.
//
// It decides each request from one snapshot, and refuses where there is none.
package gateway

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"time"

	"golang.org/x/time/rate"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/internal/observe"
	"github.com/crossgate/crossgate/internal/snapshot"
)

// A Config is what a Gateway is made of. Snapshot and Log are required.
type Config struct {
	Snapshot       *snapshot.Holder
	Log            *slog.Logger       // for the operator: upstream errors, panics
	Access         *observe.AccessLog // one line a request; nil: none
	Metrics        *observe.Metrics   // made with Reasons, UpstreamReasons and Carriers; nil: nothing is counted
	Inspect        *inspect.Recorder  // remembers what happened; nil: nothing does
	TrustedProxies []netip.Prefix     // peers whose X-Forwarded fields count
	Draining       func() bool        // whether health says no; nil: never
	Now            func() time.Time   // nil: time.Now

	MaxBodyBytes    int64         // of a request; 0: DefaultMaxBodyBytes
	UpstreamTimeout time.Duration // until the head of the response; 0: DefaultUpstreamTimeout
}

// A Gateway is the handler of the public listener.
type Gateway struct {
	cfg       Config
	proxy     *httputil.ReverseProxy
	transport *http.Transport
	pools     pools
	usage     usage
	unwell    rate.Sometimes // limits what is logged of a failing upstream
	health    rate.Sometimes // and of one that goes out of use or comes back
}

// New checks the configuration and returns a Gateway that is ready to serve.
func New(cfg Config) (*Gateway, error) {
	if cfg.Snapshot == nil || cfg.Log == nil {
		return nil, errors.New("gateway: a snapshot holder and a log are required")
	}
	g := &Gateway{
		cfg:       cfg.orDefault(),
		transport: newTransport(cfg.UpstreamTimeout),
		usage:     newUsage(),
		unwell:    rate.Sometimes{First: 3, Interval: time.Second},
		health:    rate.Sometimes{First: 10, Interval: time.Second},
	}
	g.proxy = &httputil.ReverseProxy{
		Rewrite:        rewrite,
		Transport:      follower{first: balancer{g.transport}, next: g.transport},
		ModifyResponse: settle,
		ErrorHandler:   fail,
		BufferPool:     newBuffers(),
		ErrorLog:       observe.ErrorLog(cfg.Log),
	}
	return g, nil
}

func (c Config) orDefault() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Draining == nil {
		c.Draining = func() bool { return false }
	}
	if c.MaxBodyBytes <= 0 {
		c.MaxBodyBytes = DefaultMaxBodyBytes
	}
	return c
}

// Close closes the idle connections to the upstream. Requests under way go on.
func (g *Gateway) Close() { g.transport.CloseIdleConnections() }

// ServeHTTP carries one request. From here on, read [exchange.carry].
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := g.accept(w, r)
	defer x.observe()
	if p := x.carry(); p != nil {
		x.refuse(p)
	}
}

// carry takes the request through its steps. A step that returns a problem ends
// the way: the problem is the answer.
func (x *exchange) carry() *gate.Problem {
	if p := x.edge(); p != nil {
		return p
	}
	if x.r.URL.Path == healthPath {
		return x.answerHealth()
	}
	if p := x.findSite(); p != nil {
		return p
	}
	if p := x.judge(); p != nil {
		return p
	}
	if isOurs(x.r.URL.Path) {
		return x.answerOwn()
	}
	if p := x.limitBody(x.g.cfg.MaxBodyBytes); p != nil {
		return p
	}
	if p := x.openEnvelope(); p != nil {
		return p
	}
	if p := x.plan(); p != nil {
		return p
	}
	if x.edits.Preflighted {
		x.answerPreflight()
		return nil
	}
	if p := x.gatherBody(); p != nil {
		return p
	}
	x.forward()
	return nil
}
