package gateway

import (
	"slices"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
)

// inspect hands the exchange to the Inspector, which copies what it keeps. Health checks
// are nobody's calls.
func (x *exchange) inspect(took time.Duration) {
	if x.g.cfg.Inspect == nil || x.reason == reasonHealth {
		return
	}
	o := inspect.Observation{
		Time: x.start, Duration: took, Status: x.w.status,
		Method: x.r.Method, Effective: x.enclosedMethod(),
		Scheme: x.scheme(), Host: x.host(), Path: x.path, Query: x.r.URL.RawQuery != "",
		Carrier: inspect.Carrier(x.carrier()), ContentType: x.contentType(),
		Origin: first(x.r.Header["Origin"]), Verdict: x.verdict.Kind, Judged: x.judged,
		Reason: x.reason, Failed: x.failed(), Refused: x.edits.Problem != nil,
		Cookie: x.r.Header["Cookie"] != nil, FetchMode: x.facts.FetchMode, FetchSite: x.facts.FetchSite,
		Header: x.r.Header, Names: x.names, Answer: inspect.Answer{
			Settled: x.settled.Replace, AllowOrigin: x.settled.AllowOrigin, Credentials: x.settled.Credentials,
			Expose: x.settled.Expose, Header: x.w.Header(),
		},
	}
	if x.judged && x.facts.IsPreflight() {
		o.Preflight, o.RequestMethod, o.RequestHeaders = true, x.facts.RequestMethod, x.facts.RequestHeaders
	}
	if x.edits.Preflighted {
		p := x.edits.Preflight
		o.Answer.Expose, o.Answer.AllowMethods, o.Answer.AllowHeaders, o.Answer.MaxAge = "", p.AllowMethods, p.AllowHeaders, p.MaxAge
	}
	if x.site != nil {
		o.Site = x.site.Name
	}
	if e := x.verdict.Entry; e != nil {
		o.DomainID = e.ID
	}
	if grant := x.edits.Grant; grant != nil {
		o.Token = grant.ID
	}
	x.g.cfg.Inspect.Record(&o)
}

// noteName notes the name of a field for the Inspector: all of them are looked at once
// already, when the request comes.
func (x *exchange) noteName(name string) {
	if x.names == nil {
		x.names = x.fewNames[:0]
	}
	x.names = inspect.NoteName(x.names, name)
}

// contentType is that of the request that the upstream sees. Of one in an envelope it is
// not told: it could be anything, as its fields could.
func (x *exchange) contentType() string {
	switch {
	case x.controls != nil:
		return ""
	case x.edits.ContentType != "":
		return x.edits.ContentType
	}
	return first(x.r.Header["Content-Type"])
}

// failed reports whether the request was in order, and something failed all the same.
func (x *exchange) failed() bool {
	switch x.reason {
	case gate.ReasonTrusted, gate.ReasonNoOrigin, gate.ReasonOwn, gate.OriginNotTrusted: // nearly all
		return false
	}
	return slices.Contains(failures[:], x.reason)
}

// failures are the reasons that say nothing of the request.
var failures = [...]gate.Code{
	problemUnreachable.Code, problemTimeout.Code, problemInvalid.Code, gate.RedirectBlocked,
	problemNotReady.Code, problemInternal.Code, reasonClientGone, reasonAborted,
}
