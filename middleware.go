package crossgate

import (
	"net/http"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// Wrap returns a handler that lets through to h what the gate allows, and answers
// the rest itself: preflights with 204, refusals with a problem document (RFC 9457)
// whose code also stands in the header Crossgate-Reason.
//
// CORS is the gate's business alone: h must not write Access-Control-* headers, and
// adds to Vary rather than setting it.
func (g *Gate) Wrap(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.serve(w, r, h)
	})
}

// serve is a request's way from top to bottom.
func (g *Gate) serve(w http.ResponseWriter, r *http.Request, h http.Handler) {
	s := g.site.Load()
	if len(g.own) > 0 {
		if code := s.JudgeHost(r.Host); code != "" {
			refuse(w, gate.ResponseEdits{}, gate.ProblemOf(code))
			return
		}
	}
	if g.serveQuickly(s, w, r, h) {
		return
	}
	f := factsOf(r)
	if g.cfg.Grant != nil {
		f.Now = time.Now() // grants expire; entries of this list do not
	}
	v := gate.Judge(s, &f)
	if g.isOwn(r.URL.Path) && v.Kind != gate.Refused && !f.IsPreflight() {
		g.serveOwn(s, w, r, &f, v)
		return
	}
	r, e := plan(s, &f, v, r)
	g.observe(r, &f, v, e.Problem)
	switch {
	case e.Preflighted:
		writePreflight(w.Header(), v.Origin, &e.Preflight)
		writeCredentials(w.Header(), gate.Settle(s, v, &e))
		w.WriteHeader(http.StatusNoContent)
	case e.Problem != nil:
		refuse(w, gate.Settle(s, v, &e), e.Problem)
	case e.Unwrapped():
		g.serveUnwrapped(w, r, h, e, gate.Settle(s, v, &e))
	default:
		settled := gate.Settle(s, v, &e)
		writeCORS(w.Header(), settled.AllowOrigin, settled.Expose)
		writeCredentials(w.Header(), settled)
		h.ServeHTTP(w, edited(r, &e))
	}
}

// serveUnwrapped calls the handler with the request that another one stands for.
func (g *Gate) serveUnwrapped(w http.ResponseWriter, r *http.Request, h http.Handler, e gate.Edits, settled gate.ResponseEdits) {
	sw := &settlingWriter{ResponseWriter: w, edits: settled, request: &e, method: r.Method}
	h.ServeHTTP(sw, edited(r, &e))
	sw.settle() // a handler that wrote nothing
}

// factsOf collects what the rules look at. Some fields matter only beside others,
// and looking them up costs more than the decision: a page's fetch metadata is
// asked about cookies, queries, envelopes and null origins; what a preflight asks for,
// only of OPTIONS; the body's type, only where the query may hold a token.
func factsOf(r *http.Request) gate.Facts {
	f := gate.Facts{Method: r.Method, RawQuery: r.URL.RawQuery, Host: r.Host}
	h := r.Header
	f.Origin, f.Origins = first(h["Origin"])
	f.Authorization, f.Authorizations = first(h["Authorization"])
	f.Referer, _ = first(h["Referer"])
	enveloped := mayHoldEnvelope(r)
	if f.Authorizations > 0 || f.RawQuery != "" || enveloped {
		f.Path = r.URL.EscapedPath()
	}
	if f.RawQuery != "" {
		f.ContentType, f.ContentTypes = first(h["Content-Type"])
		f.Upgrade = h["Upgrade"] != nil // whatever to: a ticket must say that it is for that
	}
	if f.RawQuery != "" || enveloped || f.Origin == "null" || h["Cookie"] != nil {
		f.FetchSite, _ = first(h["Sec-Fetch-Site"])
		f.FetchMode, _ = first(h["Sec-Fetch-Mode"])
		f.Fetched = h["Sec-Fetch-Dest"] != nil || h["Sec-Fetch-User"] != nil
	}
	if r.Method == http.MethodOptions {
		f.RequestMethod, _ = first(h["Access-Control-Request-Method"])
		f.RequestHeaders = h["Access-Control-Request-Headers"]
	}
	return f
}

// first returns the first of a field's values, and how many there are.
func first(values []string) (string, int) {
	if len(values) == 0 {
		return "", 0
	}
	return values[0], len(values)
}

// edited returns the request that the handler sees. The one that came is not
// changed; where nothing is to be edited it is passed on as it is.
func edited(r *http.Request, e *gate.Edits) *http.Request {
	dropsCookie := e.DropCookie && r.Header["Cookie"] != nil
	if !dropsCookie && !e.Unwrapped() && !e.AuthorizationEdited && !e.RefererEdited {
		return r
	}
	out := r.Clone(r.Context())
	if e.Envelope != nil {
		takeOut(out, e.Envelope)
	}
	if e.DropCookie {
		out.Header.Del("Cookie")
	}
	if e.Unwrapped() {
		gate.DropAmbient(out.Header)
		out.TLS = withoutClientCertificate(r.TLS)
	}
	if e.QueryEdited {
		out.URL.RawQuery = e.Query
		out.RequestURI = out.URL.RequestURI()
		out.Form = nil // whoever parsed it before has the token in it; it is made anew
	}
	if e.ContentType != "" {
		out.Header.Set("Content-Type", e.ContentType)
	}
	setOrRemove(out.Header, "Authorization", e.Authorization, e.AuthorizationEdited)
	setOrRemove(out.Header, "Referer", e.Referer, e.RefererEdited)
	if len(out.Header["Referer"]) > 1 {
		out.Header.Del("Referer") // only one was looked at, and no browser sends two
	}
	if e.Grant != nil || e.Envelope != nil {
		dropOverrides(out.Header)
	}
	if e.Grant != nil {
		out = out.WithContext(withGrant(r.Context(), e.Grant))
	}
	return out
}

func setOrRemove(h http.Header, name, value string, edit bool) {
	switch {
	case !edit:
	case value == "":
		h.Del(name)
	default:
		h.Set(name, value)
	}
}

// writeCORS puts the CORS fields of a response that the handler goes on with into
// its header. All values lie in one block: one allocation, and a handler that
// appends to a field cannot reach into the next.
func writeCORS(h http.Header, origin, expose string) {
	block := &[3]string{origin, "Origin", expose}
	putVary(h, block[1:2:2])
	if origin == "" {
		return
	}
	h["Access-Control-Allow-Origin"] = block[0:1:1]
	if expose != "" {
		h["Access-Control-Expose-Headers"] = block[2:3:3]
	}
}

// putVary puts Vary: Origin, given as the field's value, beside what stands there.
func putVary(h http.Header, origin []string) {
	if h["Vary"] == nil {
		h["Vary"] = origin
		return
	}
	gate.AddVary(h, "Origin")
}

func writeCredentials(h http.Header, r gate.ResponseEdits) {
	if r.Credentials {
		h["Access-Control-Allow-Credentials"] = []string{"true"}
	}
}

const preflightVary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"

// writePreflight puts the answer to a preflight into a header, in one block.
func writePreflight(h http.Header, origin string, p *gate.Preflight) {
	block := &[5]string{preflightVary, origin, p.AllowMethods, p.AllowHeaders, p.MaxAge}
	h["Vary"] = block[0:1:1]
	if origin == "" { // a page of the API's own: there is nothing to grant
		return
	}
	h["Access-Control-Allow-Origin"] = block[1:2:2]
	h["Access-Control-Allow-Methods"] = block[2:3:3]
	if p.AllowHeaders != "" {
		h["Access-Control-Allow-Headers"] = block[3:4:4]
	}
	h["Access-Control-Max-Age"] = block[4:5:5]
}

// refuse answers a problem; a trusted page can read it. The problem's values lie
// in one block, too.
func refuse(w http.ResponseWriter, r gate.ResponseEdits, p *gate.Problem) {
	block := &[9]string{
		"application/problem+json", p.Length(), "no-store", "nosniff", string(p.Code), p.Challenge(), r.AllowOrigin, r.Expose, "Origin",
	}
	h := w.Header()
	h["Content-Type"] = block[0:1:1]
	h["Content-Length"] = block[1:2:2]
	h["Cache-Control"] = block[2:3:3]
	h["X-Content-Type-Options"] = block[3:4:4]
	h["Crossgate-Reason"] = block[4:5:5]
	if block[5] != "" {
		h["Www-Authenticate"] = block[5:6:6]
	}
	if r.AllowOrigin != "" {
		h["Access-Control-Allow-Origin"] = block[6:7:7]
		h["Access-Control-Expose-Headers"] = block[7:8:8]
		writeCredentials(h, r)
	}
	putVary(h, block[8:9:9])
	w.WriteHeader(p.Status)
	_, _ = w.Write(p.JSON()) // the page is gone, and there is nobody to tell
}

// observe tells Config.Observe what was decided of a request with an Origin.
func (g *Gate) observe(r *http.Request, f *gate.Facts, v gate.Verdict, p *gate.Problem) {
	if g.cfg.Observe != nil && f.Origins > 0 {
		g.cfg.Observe(r, decisionOf(v, p))
	}
}

func decisionOf(v gate.Verdict, p *gate.Problem) Decision {
	d := Decision{Allowed: p == nil, Reason: string(v.Reason)}
	if p != nil {
		d.Reason = string(p.Code)
	}
	if v.Entry != nil {
		d.Domain = v.Entry.Domain.String()
	}
	return d
}

// overrideFields change a request's method or address in some frameworks, after
// the access token was judged.
var overrideFields = []string{
	"X-Http-Method", "X-Http-Method-Override", "X-Method-Override", "X-Original-Url", "X-Rewrite-Url",
}

func dropOverrides(h http.Header) {
	for _, name := range overrideFields {
		delete(h, name)
	}
}
