package gateway

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"syscall"
)

// choose finds the upstream that the request goes to.
func (x *exchange) choose() {
	if len(x.site.Upstreams) == 1 {
		x.target = x.site.Upstreams[0]
		return
	}
	x.pool = x.g.pools.of(x.site)
	u, its := x.pool.pick(x.g.cfg.Now(), 0)
	if u == nil {
		u, its = x.pool.pickAny()
	}
	x.turnTo(u, its)
}

// turnTo makes an upstream of the pool the one that is asked.
func (x *exchange) turnTo(u *member, its choice) {
	x.leave()
	u.busy.Add(1)
	x.chosen, x.target, x.tried = u, u.url, x.tried|its
}

// leave ends what there was with an upstream.
func (x *exchange) leave() {
	if x.chosen != nil {
		x.chosen.busy.Add(-1)
		x.chosen = nil
	}
}

// A balancer sends requests, and sends one to another upstream of its site where that
// is safe. Where the site has one upstream it does nothing of its own.
type balancer struct{ next http.RoundTripper }

// RoundTrip sends a request, if need be more than once.
func (b balancer) RoundTrip(req *http.Request) (*http.Response, error) {
	x := exchangeOf(req.Context())
	if x.pool == nil {
		return b.next.RoundTrip(req)
	}
	x.pool.budget.earn()
	for retries := 0; ; retries++ {
		body := newUnread(req.Body)
		attempt := *req
		attempt.Body = body.reader()
		res, err := b.next.RoundTrip(&attempt)
		if err == nil {
			x.noteAnswer(res.StatusCode)
			return res, nil
		}
		broke := x.judgeBreak(err)
		x.noteBreak(broke, err)
		if retries == MaxRetries || !x.turnElsewhere(req, broke, body) {
			return nil, err
		}
		req = x.redirected(req)
		x.g.cfg.Metrics.Retried()
	}
}

// turnElsewhere turns to another upstream, if the request may be sent again and there is
// one that is well. A request of which nothing was sent is one that the other upstream
// would have had anyway; any other costs something of the budget.
func (x *exchange) turnElsewhere(req *http.Request, broke breakage, body *unread) bool {
	switch {
	case !body.withdraw(), x.r.Context().Err() != nil:
		return false
	case broke == unsent:
	case broke != unanswered, !x.isRepeatable(req):
		return false
	}
	u, its := x.pool.pick(x.g.cfg.Now(), x.tried)
	if u == nil || (broke != unsent && !x.pool.budget.spend()) {
		return false
	}
	x.turnTo(u, its)
	return true
}

// isRepeatable reports whether a request that may have been processed can be sent
// again: it is of a safe method (RFC 9110, section 9.2.1), it has no body, it opens no
// WebSocket, and nothing has come down yet.
func (x *exchange) isRepeatable(req *http.Request) bool {
	switch req.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return req.Body == nil && !x.upgrade && x.w.informational == 0
	}
	return false
}

// redirected returns a request that goes to the target of now.
func (x *exchange) redirected(req *http.Request) *http.Request {
	again := *req
	again.URL = new(url.URL)
	*again.URL = *x.r.URL
	setTarget(again.URL, x.target, x.path, x.query())
	return &again
}

// A breakage is how far a request came that has no answer.
type breakage uint8

const (
	undone     breakage = iota // the client's doing: it says nothing of the upstream
	unsent                     // there was no connection to send it on
	unanswered                 // no byte of an answer came
	broken                     // part of one, or none that is HTTP
)

// judgeBreak finds out how far a request came.
func (x *exchange) judgeBreak(err error) breakage {
	var dial unconnected
	var timeout net.Error
	switch {
	case x.r.Context().Err() != nil, x.body.problem() != nil:
		return undone
	case errors.As(err, &dial):
		return unsent
	case errors.As(err, &timeout) && timeout.Timeout(), isUnanswered(err):
		return unanswered
	}
	return broken
}

// isUnanswered reports whether an error of the transport's says that the connection was
// closed before an answer began. One of them can only be told by its text.
func isUnanswered(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		errors.Is(err, net.ErrClosed) || err.Error() == "http: server closed idle connection"
}

// noteAnswer and noteBreak remember what became of a request, for the choice of an
// upstream for others.

func (x *exchange) noteAnswer(status int) {
	if x.chosen.answered(status, x.g.cfg.Now()) {
		x.g.tellHealth(x.chosen, "its answers")
	}
}

func (x *exchange) noteBreak(broke breakage, err error) {
	changed := false
	switch broke {
	case undone:
	case unsent:
		changed = x.chosen.eject(x.g.cfg.Now())
	default:
		changed = x.chosen.failed(x.g.cfg.Now())
	}
	if changed {
		_, cause := diagnose(err)
		x.g.tellHealth(x.chosen, cause)
	}
}

// tellHealth logs that an upstream is in use again or is not any more.
func (g *Gateway) tellHealth(u *member, cause string) {
	g.health.Do(func() {
		if u.isWell(g.cfg.Now()) {
			g.cfg.Log.Info("upstream is in use again", "upstream", u.url.Host, "cause", cause)
		} else {
			g.cfg.Log.Warn("upstream is out of use for a time", "upstream", u.url.Host, "cause", cause)
		}
	})
}

// unread is a request's body that can be given to another upstream as long as nobody has
// read from it. A nil unread is no body.
type unread struct {
	io.ReadCloser
	state atomic.Uint32
}

const (
	fresh uint32 = iota
	taken
	withdrawn
)

var errWithdrawn = errors.New("the body goes to another upstream")

func newUnread(body io.ReadCloser) *unread {
	if body == nil {
		return nil
	}
	return &unread{ReadCloser: body}
}

// reader is what goes to the upstream.
func (u *unread) reader() io.ReadCloser {
	if u == nil {
		return nil
	}
	return u
}

// Read takes the body for good.
func (u *unread) Read(p []byte) (int, error) {
	if !u.state.CompareAndSwap(fresh, taken) && u.state.Load() == withdrawn {
		return 0, errWithdrawn
	}
	return u.ReadCloser.Read(p)
}

// Close closes a body that was read from. Another one may be needed; whoever made
// it closes it in the end.
func (u *unread) Close() error {
	if u.state.Load() != taken {
		return nil
	}
	return u.ReadCloser.Close()
}

// withdraw takes the body back, and reports whether nobody has read from it. From then
// on nobody can.
func (u *unread) withdraw() bool {
	return u == nil || u.state.CompareAndSwap(fresh, withdrawn)
}
