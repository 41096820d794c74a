package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/preflight"
)

const (
	allowMethods = "Access-Control-Allow-Methods"
	allowHeaders = "Access-Control-Allow-Headers"
)

// preflight judges the preflight of the request as it is now, where it needs one (Fetch
// standard, "CORS-preflight fetch").
func (w *walker) preflight(hop Hop) {
	p, err := w.predict()
	again := w.engine == preflight.Firefox && w.preflighted
	switch {
	case err != nil || p.Throws != "":
		return
	case p.Preflight:
		w.preflightNeeded(p)
	case again:
		p.RequestMethod = p.Method
		w.find(PreflightAgain, "Access-Control-Request-Method: "+shownValue(p.Method))
	default:
		return
	}
	w.preflighted = true
	switch r := hop.Preflight; {
	case r == nil:
		w.missing = w.missing || hop.Response == nil
	case w.preflightAnswered(r):
		if w.engine != preflight.Firefox || !w.isSameOrigin(w.target) { // which a redirect has led back to
			w.corsCheck(r)
		}
		w.methods(r, p.RequestMethod)
		w.headers(r, p.RequestHeaders)
		w.maxAge(r)
		w.privateNetwork(r)
	}
}

// privateNetwork: Private Network Access, which asked servers in the preflight, was given
// up for Local Network Access, which asks the visitor.
func (w *walker) privateNetwork(r *Response) {
	const name = "Access-Control-Allow-Private-Network"
	if r.has(name) {
		w.find(PrivateNetworkHeader, r.line(name))
	}
}

// preflightNeeded says why, and how to do without in the cheapest way.
func (w *walker) preflightNeeded(p preflight.Prediction) {
	var why []string
	for _, c := range p.Because {
		why = append(why, c.Detail)
	}
	evidence := "Access-Control-Request-Method: " + shownValue(p.RequestMethod)
	if p.RequestHeaders != "" {
		evidence += "; Access-Control-Request-Headers: " + shownValue(p.RequestHeaders)
	}
	w.note(Finding{
		Code: PreflightNeeded, Severity: Slows, Detail: strings.Join(why, " "), Evidence: evidence,
		Fix: cheapest(advise(Question{Request: w.request}, Answer{Prediction: p})),
	})
	if w.engine == preflight.Chromium && w.request.Body == preflight.BodyStream {
		w.find(StreamNeedsHTTP2, "")
	}
}

// cheapest is the first advice that is about the request itself; else the first.
func cheapest(advice []Advice) string {
	for _, a := range advice {
		if a.Code != SameOrigin && a.Code != MaxAge {
			return a.Detail
		}
	}
	if len(advice) == 0 {
		return ""
	}
	return advice[0].Detail
}

// preflightAnswered reports whether there is an answer with something of CORS in it.
func (w *walker) preflightAnswered(r *Response) bool {
	speaks := slices.ContainsFunc(r.names(), func(name string) bool { return strings.HasPrefix(name, "access-control-") })
	switch {
	case r.Failure != "":
		w.find(PreflightFailed, shownValue(r.Failure))
		return false
	case isRedirect(r):
		w.find(PreflightRedirect, statusLine(r)+"; "+w.locationLine(r), r.Status)
		return false
	case !isOK(r.Status):
		w.find(PreflightStatus, statusLine(r), r.Status, preflightStatusCause(r.Status))
		return speaks
	case !speaks:
		w.find(PreflightIgnored, statusLine(r)+", no Access-Control-* header")
		return false
	}
	return true
}

// isOK: Fetch standard, "ok status".
func isOK(status int) bool { return status >= 200 && status <= 299 }

// preflightStatusCause says what such a status of a preflight mostly comes from.
func preflightStatusCause(status int) string {
	switch {
	case status == 401 || status == 407:
		return "Something asks it for credentials, and preflights never have any."
	case status == 403:
		return "Something refuses it: the origin, a firewall, or whoever asks for a token."
	case status == 404 || status == 405 || status == 501:
		return "Nothing there knows the method OPTIONS."
	case status >= 500:
		return "The server, or a proxy before it, has failed."
	case status >= 300 && status <= 399:
		return "It is a redirect that leads nowhere."
	}
	return "The server takes it for a request of the API."
}

// methods judges the list of allowed methods.
func (w *walker) methods(r *Response, method string) {
	listed, ok := r.elements(allowMethods)
	hasFold := func(s string) bool { return strings.EqualFold(s, method) }
	switch wildcard := slices.Contains(listed, "*"); {
	case !ok:
		w.find(AllowMethodsInvalid, r.line(allowMethods))
	case method == "GET" || method == "HEAD" || method == "POST", slices.Contains(listed, method), wildcard && !w.call.Credentials:
	case wildcard:
		w.find(AllowMethodsWildcard, r.line(allowMethods), method)
	case slices.ContainsFunc(listed, hasFold):
		w.find(AllowMethodsCase, r.line(allowMethods), method)
	default:
		w.find(AllowMethodsMissing, r.line(allowMethods), method)
	}
}

// headers judges the list of allowed headers.
func (w *walker) headers(r *Response, asked string) {
	listed, ok := r.elements(allowHeaders)
	if !ok {
		w.find(AllowHeadersInvalid, r.line(allowHeaders))
		return
	}
	wildcard := slices.Contains(listed, "*")
	var missing []string
	for name := range strings.SplitSeq(asked, ",") {
		has := slices.ContainsFunc(listed, func(s string) bool { return strings.EqualFold(s, name) })
		switch {
		case has, name == "":
		case wildcard && !w.call.Credentials && name == "authorization":
			w.find(AllowHeadersAuthorized, r.line(allowHeaders)) // no engine goes by the standard here
		case wildcard && !w.call.Credentials:
		default:
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	switch missing = slices.Compact(missing); {
	case len(missing) == 0:
	case wildcard:
		w.find(AllowHeadersWildcard, r.line(allowHeaders), listedShortly(missing))
	default:
		w.find(AllowHeadersMissing, r.line(allowHeaders), listedShortly(missing))
	}
}

// listedShortly writes names for a sentence, so many as fit.
func listedShortly(names []string) string {
	const most = 8
	if more := len(names) - most; more > 0 {
		return listed(append(slices.Clone(names[:most]), fmt.Sprintf("%d more", more)))
	}
	return listed(names)
}

// statusLine is a status as evidence, with the kind of document that came with it.
func statusLine(r *Response) string {
	if kind, ok := r.get("Content-Type"); ok {
		return fmt.Sprintf("%d, Content-Type: %s", r.Status, shownValue(kind))
	}
	return fmt.Sprint(r.Status)
}
