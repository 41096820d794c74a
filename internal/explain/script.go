package explain

import (
	"slices"
	"strings"
)

const exposeHeaders = "Access-Control-Expose-Headers"

// safelistedNames are the response headers that every script sees (Fetch standard,
// "CORS-safelisted response-header name").
var safelistedNames = []string{
	"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma",
}

// forbiddenNames are those that no script sees (Fetch standard, "forbidden
// response-header name").
var forbiddenNames = []string{"set-cookie", "set-cookie2"}

// see says what the script sees of the answer, and notes what it may miss.
func (w *walker) see(r *Response) {
	w.sees = Sees{Type: w.tainting, Status: r.Status, Redirected: w.hop > 0, Headers: []string{}, Hidden: []string{}}
	exposed := w.exposed(r)
	for _, name := range r.names() {
		if exposed(name) && !slices.Contains(forbiddenNames, name) {
			w.sees.Headers = append(w.sees.Headers, name)
		} else {
			w.sees.Hidden = append(w.sees.Hidden, name)
		}
	}
	if !w.isCORS() {
		return
	}
	if missed := slices.DeleteFunc(slices.Clone(w.sees.Hidden), isOfNoUse); len(missed) > 0 {
		w.find(HeadersHidden, r.line(exposeHeaders), listedShortly(missed))
	}
	w.cookies(r)
	w.timing(r)
}

// exposed returns which names the script may see (Fetch standard, "main fetch", the steps
// on CORS-exposed header-name lists).
func (w *walker) exposed(r *Response) func(name string) bool {
	if !w.isCORS() {
		return func(string) bool { return true }
	}
	list, ok := r.elements(exposeHeaders)
	switch wildcard := slices.Contains(list, "*"); {
	case !ok:
		w.find(ExposeInvalid, r.line(exposeHeaders))
	case wildcard && !w.call.Credentials:
		return func(string) bool { return true }
	case wildcard:
		w.find(ExposeWildcard, r.line(exposeHeaders))
	}
	return func(name string) bool {
		same := func(s string) bool { return strings.EqualFold(s, name) }
		return slices.Contains(safelistedNames, name) || slices.ContainsFunc(list, same)
	}
}

// isOfNoUse reports whether a header says nothing that a script would ask for.
func isOfNoUse(name string) bool {
	return slices.Contains(uselessNames, name) || slices.Contains(forbiddenNames, name) ||
		strings.HasPrefix(name, "access-control-") || strings.HasPrefix(name, "cross-origin-") || strings.HasPrefix(name, "cf-")
}

var uselessNames = []string{
	"accept-ranges", "age", "alt-svc", "connection", "content-encoding", "content-security-policy", "date", "keep-alive", "nel",
	"permissions-policy", "referrer-policy", "report-to", "reporting-endpoints", "server", "strict-transport-security",
	"timing-allow-origin", "trailer", "transfer-encoding", "upgrade", "vary", "via", "x-cache", "x-content-type-options",
	"x-dns-prefetch-control", "x-download-options", "x-frame-options", "x-permitted-cross-domain-policies", "x-powered-by", "x-xss-protection",
	"origin-agent-cluster",
}

// timing: how long an answer took is known to pages that it says so for (Fetch standard,
// "TAO check").
func (w *walker) timing(r *Response) {
	for element := range strings.SplitSeq(strings.Join(r.lines("Timing-Allow-Origin"), ","), ",") {
		if element = strings.Trim(element, "\t "); element == "*" || element == w.origin() {
			return
		}
	}
	w.find(TimingHidden, r.line("Timing-Allow-Origin"))
}
