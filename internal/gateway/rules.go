package gateway

import (
	"github.com/crossgate/crossgate/internal/gate"
)

// findSite finds the site whose rules hold, and refuses hosts that are not its own.
func (x *exchange) findSite() *gate.Problem {
	current := x.g.cfg.Snapshot.Load()
	if current == nil || current.Default == nil || current.Default.Gate == nil {
		return problemNotReady
	}
	site, code := current.Find(x.host(), x.path)
	x.site = site
	switch {
	case code != "":
		return gate.ProblemOf(code)
	case len(site.Upstreams) == 0:
		return problemNotReady
	}
	return nil
}

// judge asks about the origin.
func (x *exchange) judge() *gate.Problem {
	x.facts = x.findFacts()
	x.verdict = gate.Judge(x.site.Gate, &x.facts)
	x.judged = true
	x.reason = x.verdict.Reason
	if e := x.verdict.Entry; e != nil {
		x.g.usage.domains.count(e.ID, x.start)
	}
	if x.verdict.Kind == gate.Refused {
		return gate.ProblemOf(x.verdict.Reason)
	}
	return nil
}

// plan asks about everything else: unwrapping, policy and token.
func (x *exchange) plan() *gate.Problem {
	x.edits = gate.Plan(x.site.Gate, &x.facts, x.verdict, x.controls)
	if x.edits.Problem != nil {
		return x.edits.Problem
	}
	if grant := x.edits.Grant; grant != nil {
		x.g.usage.tokens.count(grant.ID, x.start)
	}
	return nil
}

// findFacts is what the rules want to know of the request.
func (x *exchange) findFacts() gate.Facts {
	h := x.r.Header
	return gate.Facts{
		Method:         x.r.Method,
		Path:           x.path,
		RawQuery:       x.r.URL.RawQuery,
		Host:           x.host(),
		Origin:         first(h["Origin"]),
		Origins:        len(h["Origin"]),
		Authorization:  first(h["Authorization"]),
		Authorizations: len(h["Authorization"]),
		ContentType:    first(h["Content-Type"]),
		ContentTypes:   len(h["Content-Type"]),
		Referer:        first(h["Referer"]),
		FetchSite:      first(h["Sec-Fetch-Site"]),
		FetchMode:      first(h["Sec-Fetch-Mode"]),
		Fetched:        h["Sec-Fetch-Dest"] != nil || h["Sec-Fetch-User"] != nil,
		RequestMethod:  first(h["Access-Control-Request-Method"]),
		RequestHeaders: h["Access-Control-Request-Headers"],
		Upgrade:        x.upgrade,
		SocketOrigin:   x.socketOrigin(),
		Now:            x.start,
	}
}
