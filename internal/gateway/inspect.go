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
	var o inspect.Observation // filled in place: it is too large to be copied for every request
	o.Time, o.Duration, o.Status = x.start, took, x.w.status
	o.Method, o.Effective = x.r.Method, x.enclosedMethod()
	o.Scheme, o.Host, o.Path, o.Query = x.scheme(), x.host(), x.path, x.r.URL.RawQuery != ""
	o.Carrier, o.ContentType = inspect.Carrier(x.carrier()), x.contentType()
	o.Origin, o.Verdict, o.Judged = x.origin(), x.verdict.Kind, x.judged
	o.Reason, o.Failed, o.Refused = x.reason, x.failed(), x.edits.Problem != nil
	o.Cookie, o.FetchMode, o.FetchSite = x.r.Header["Cookie"] != nil, x.facts.FetchMode, x.facts.FetchSite
	o.Header, o.Names = x.r.Header, x.names
	o.Answer.Settled, o.Answer.AllowOrigin, o.Answer.Credentials = x.settled.Replace, x.settled.AllowOrigin, x.settled.Credentials
	o.Answer.Expose, o.Answer.Header = x.settled.Expose, x.w.Header()
	if x.judged && x.facts.IsPreflight() {
		o.Preflight, o.RequestMethod, o.RequestHeaders = true, x.facts.RequestMethod, x.facts.RequestHeaders
	}
	if x.edits.Preflighted {
		p := x.edits.Preflight
		o.Answer.Expose, o.Answer.AllowMethods, o.Answer.AllowHeaders, o.Answer.MaxAge = "", p.AllowMethods, p.AllowHeaders, p.MaxAge
	}
	if x.site != nil {
		o.SiteID, o.Site = x.site.ID, x.site.Name
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

// origin is the first Origin field, as the rules know it already where they were asked.
func (x *exchange) origin() string {
	if x.judged {
		return x.facts.Origin
	}
	return first(x.r.Header["Origin"])
}

// contentType is that of the request that the upstream sees. Of one in an envelope it is
// not told: it could be anything, as its fields could.
func (x *exchange) contentType() string {
	switch {
	case x.controls != nil:
		return ""
	case x.edits.ContentType != "":
		return x.edits.ContentType
	case x.judged:
		return x.facts.ContentType
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
