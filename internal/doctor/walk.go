package doctor

import (
	"context"
	"net/url"
	"strings"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
)

// A walker makes one request as a browser does, from the preflight to the end of its
// redirects (Fetch standard, section 4).
type walker struct {
	*wire
	q    Question
	call explain.Call         // with all that has been answered so far
	asks preflight.Prediction // of the request as the script makes it
	r    request
	page page
	url  *url.URL
	cors bool // whether the request has left the page's own origin

	sent    []exchanged
	unsent  bool  // the request itself was not sent: nobody has allowed its method
	failure error // of the first message: the server cannot be reached
}

// An exchanged is one message and its answer.
type exchanged struct {
	step     explain.StepName
	hop      int
	target   *url.URL
	response *explain.Response
	answer   answer
}

// walk makes the request of a question. The error is a [*Failure] of the first message:
// there is no server to be examined.
func walk(ctx context.Context, w *wire, q Question) (*walker, error) {
	k := &walker{wire: w, q: q, call: q.call(), url: q.Target}
	k.page = pageOf(q.Origin, q.Target)
	if k.page.site == sameOrigin && q.Request.Mode == preflight.ModeSameOrigin {
		q.Request.Mode = preflight.ModeCORS // the two are one where there is no other origin
	}
	if k.isBlocked() {
		return k, nil // the browser sends nothing
	}
	var err error
	if k.asks, err = preflight.Predict(q.Request); err != nil {
		return k, err
	}
	k.r = requestFor(q.Request, k.asks, q.Body)
	k.r.credentials = q.Credentials
	for hop := 0; ; hop++ {
		k.cors = k.cors || k.page.site != sameOrigin
		got := k.visit(ctx, hop)
		k.record(hop, got)
		if k.failure != nil {
			return k, k.failure
		}
		next := k.next(got.Response)
		if next == nil || hop == MaxRedirects || k.isBlocked() {
			return k, nil
		}
		k.follow(got.Response.Status, next)
	}
}

// pageOf is a page that calls an address.
func pageOf(origin string, target *url.URL) page {
	return page{
		origin: origin, sends: origin, site: siteOf(origin, target),
		referrer: strings.HasPrefix(origin, "https://") || strings.HasPrefix(origin, "http://"),
	}
}

// isBlocked reports whether a browser would stop here.
func (k *walker) isBlocked() bool {
	outcome := explain.JudgeCall(k.call).Verdict.Outcome
	return outcome == explain.Blocked
}

// record keeps what has been answered, for the judge.
func (k *walker) record(hop int, got explain.Hop) {
	if hop == 0 {
		k.call.Preflight, k.call.Response = got.Preflight, got.Response
		return
	}
	got.Target = k.url
	k.call.Redirects = append(k.call.Redirects, got)
}

// visit sends what a browser sends to one address: the preflight where one is due, and
// the request.
func (k *walker) visit(ctx context.Context, hop int) explain.Hop {
	var got explain.Hop
	if asks := k.r.predict(); asks.Preflight && k.cors {
		got.Preflight = k.send(ctx, explain.StepPreflight, hop, k.page.preflightOf(k.url, asks))
		if k.failure != nil || !k.goesOn(hop, got) {
			return got
		}
	}
	if !isSafe(k.r.method) && !k.q.Send {
		k.unsent = true
		return got
	}
	got.Response = k.send(ctx, explain.StepAnswer, hop, k.requestNow())
	return got
}

// goesOn reports whether the request itself is sent after its preflight. One that changes
// nothing is sent at any rate, so that everything that is to be mended is found at once;
// any other only where a browser would.
func (k *walker) goesOn(hop int, got explain.Hop) bool {
	if hop == 0 && isSafe(k.r.method) {
		return true
	}
	before := k.call
	k.record(hop, got)
	blocked := k.isBlocked()
	k.call = before
	return !blocked
}

// requestNow is the request as it goes out now. Of a page's own origin, GET and HEAD have
// no Origin; neither have they with no-cors (Fetch standard, section 3.2.1, "append a
// request Origin header").
func (k *walker) requestNow() message {
	from := k.page
	simple := k.r.method == "GET" || k.r.method == "HEAD"
	if simple && (!k.cors || k.r.mode == preflight.ModeNoCORS) {
		from.sends = ""
	}
	return from.requestOf(k.url, k.r)
}

// send sends a message and keeps the answer.
func (k *walker) send(ctx context.Context, step explain.StepName, hop int, m message) *explain.Response {
	a, err := k.wire.send(ctx, m)
	if err != nil {
		if len(k.sent) == 0 {
			k.failure = err
		}
		a.Failure = err.Error()
	}
	k.sent = append(k.sent, exchanged{step, hop, m.url, &a.Response, a})
	return &a.Response
}

// next is where a response leads, or nil where it leads nowhere (Fetch standard, section
// 4.4).
func (k *walker) next(r *explain.Response) *url.URL {
	if r == nil || k.q.Redirect == explain.RedirectError || k.q.Redirect == explain.RedirectManual {
		return nil
	}
	return location(r, k.url)
}

// location is where a redirect leads, as far as it is one that can be followed.
func location(r *explain.Response, from *url.URL) *url.URL {
	switch r.Status {
	case 301, 302, 303, 307, 308:
	default:
		return nil
	}
	values := fieldsOf(r.Header, "location")
	if len(values) == 0 {
		return nil
	}
	to, err := from.Parse(values[0])
	if err != nil || to.Host == "" || to.Scheme != "https" && to.Scheme != "http" {
		return nil
	}
	return asBrowsersRead(to)
}

// follow goes on to the next address. An origin that is led on by a third one is null
// (Fetch standard, section 2.2.5, "serializing a request origin").
func (k *walker) follow(status int, to *url.URL) {
	if k.page.origin != originOf(k.url) && originOf(k.url) != originOf(to) {
		k.page.sends = "null"
	}
	k.page.site = farther(k.page.site, siteOf(k.page.origin, to))
	k.r = k.r.redirected(status, k.url, to)
	k.url = to
}
