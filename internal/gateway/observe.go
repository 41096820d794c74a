package gateway

import (
	"cmp"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/crossgate/crossgate/internal/observe"
)

// observe ends an exchange: it survives a panic, counts and writes the access log. It must
// be deferred itself.
func (x *exchange) observe() {
	if v := recover(); v != nil {
		x.survive(v)
	}
	x.discardBody()
	x.w.finish()
	x.log()
}

// survive answers 500 after a panic, or cuts the response where it had begun: a
// truncated response must look truncated.
func (x *exchange) survive(v any) {
	if v == http.ErrAbortHandler { //nolint:errorlint // that is the value that net/http compares, too
		if x.reason != reasonClientGone {
			x.reason = reasonAborted
		}
		x.log()
		panic(v)
	}
	x.g.cfg.Log.Error("panic", "value", panicText(v), "stack", string(debug.Stack()))
	if x.w.status != 0 {
		x.reason = problemInternal.Code
		x.log()
		panic(http.ErrAbortHandler)
	}
	x.refuse(problemInternal)
}

// panicText says what can be said of a panic: only the runtime's own messages
// cannot hold anything of the request.
func panicText(v any) string {
	if err, ok := v.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", v)
}

func (x *exchange) count(took time.Duration) {
	if x.g.cfg.Metrics == nil {
		return
	}
	x.g.cfg.Metrics.End(&observe.Sample{
		Method:    cmp.Or(x.enclosedMethod(), x.r.Method),
		Status:    x.w.status,
		Reason:    string(x.reason),
		Carrier:   x.carrier(),
		Preflight: x.judged && x.facts.IsPreflight(),
		Granted:   x.edits.Preflighted,
		Duration:  took,
	})
}

// carrier is the name of what the request was unwrapped from, or "".
func (x *exchange) carrier() string {
	if x.ours {
		return ""
	}
	return carrierName(x.edits.Carrier)
}

// enclosedMethod is the method of the request in an envelope, or "". Only what the site's
// policy lists is ever logged: the rest could be anything, a token put into the wrong
// field included.
func (x *exchange) enclosedMethod() string {
	if x.controls == nil || !slices.Contains(x.site.Gate.Policy().Methods, x.controls.Method) {
		return ""
	}
	return x.controls.Method
}

// log counts the exchange and writes its line.
func (x *exchange) log() {
	took := x.g.cfg.Now().Sub(x.start)
	x.count(took)
	x.inspect(took)
	if x.g.cfg.Access == nil {
		return
	}
	x.g.cfg.Access.Write(&observe.Exchange{
		Time:     x.start,
		Duration: took,
		Remote:   x.remote(),
		Method:   x.r.Method,
		Enclosed: x.enclosedMethod(),
		Host:     x.r.Host,
		Path:     x.path,
		Proto:    x.r.Proto,
		Origin:   first(x.r.Header["Origin"]),
		Status:   x.w.status,
		Bytes:    x.w.bytes,
		Reason:   string(x.reason),
		Request:  first(x.r.Header["X-Request-Id"]),
	})
}
