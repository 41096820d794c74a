package explain

import (
	"net/url"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/preflight"
)

// MaxRedirects is how many redirects a browser follows (Fetch standard, "HTTP-redirect
// fetch").
const MaxRedirects = 20

// isRedirectStatus: Fetch standard, "redirect status".
func isRedirectStatus(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// isRedirect reports whether an answer leads elsewhere.
func isRedirect(r *Response) bool { return isRedirectStatus(r.Status) && r.has("Location") }

// redirected judges a redirect, and returns where it leads; it is not ok where the answer
// is none or is not followed (Fetch standard, "HTTP-redirect fetch").
func (w *walker) redirected(r *Response) (next *url.URL, ok bool) {
	if r == nil || r.Failure != "" || !isRedirectStatus(r.Status) || w.keeps(r) || !r.has("Location") {
		return nil, false
	}
	evidence := statusLine(r) + "; " + w.locationLine(r)
	next, err := w.location(r)
	switch {
	case err == nil && w.request.Mode == preflight.ModeSameOrigin && !w.isSameOrigin(next):
		w.find(RedirectRefused, evidence, `mode: "same-origin"`)
		return nil, false
	case err != nil:
		w.find(RedirectLocation, evidence)
		return nil, false
	case next.Scheme != "http" && next.Scheme != "https":
		w.find(RedirectScheme, evidence, next.Scheme)
		return nil, false
	case w.hop >= MaxRedirects:
		w.find(RedirectTooMany, evidence)
		return nil, false
	}
	w.leave(next, r, evidence)
	return next, true
}

// keeps reports whether the script has a redirect not followed. Chromium then looks for
// where it leads, and takes what leads nowhere for an ordinary answer to redirect: "error".
func (w *walker) keeps(r *Response) bool {
	evidence := statusLine(r) + "; " + w.locationLine(r)
	switch w.call.Redirect {
	case RedirectError:
		if w.engine != preflight.Chromium || r.has("Location") {
			w.find(RedirectRefused, evidence, `redirect: "error"`)
		}
		return true
	case RedirectManual:
		w.find(RedirectOpaque, evidence)
		return true
	}
	return false
}

// leave changes the request as a redirect to another address does.
func (w *walker) leave(next *url.URL, r *Response, evidence string) {
	crosses := w.target != nil && originOf(next) != originOf(w.target)
	if hasUserInfo(next) && w.refusesUserInfo(next) {
		w.find(RedirectCredentials, evidence)
	}
	if r.Status != 303 && w.request.Body == preflight.BodyStream && w.engine != preflight.Firefox { // which has made a text of it
		w.find(RedirectStream, evidence)
	}
	w.changeMethod(r.Status, evidence)
	if crosses {
		w.dropAuthorization(evidence)
		w.tainted = w.tainted || !w.isSameOrigin(w.target)
	}
	if w.target != nil && w.target.Scheme == "http" && next.Scheme == "https" && next.Hostname() == w.target.Hostname() {
		w.find(RedirectUpgrade, evidence)
	}
}

// refusesUserInfo: credentials in an address are refused to requests by CORS, and by
// fetch of Chromium always.
func (w *walker) refusesUserInfo(next *url.URL) bool {
	if w.engine == preflight.Chromium && w.request.API != preflight.XHR {
		return true
	}
	return w.isCORS() || !w.isNoCORS() && !w.isSameOrigin(next)
}

// changeMethod makes a GET of what some redirects make one of.
func (w *walker) changeMethod(status int, evidence string) {
	p, err := w.predict()
	if err != nil || p.Throws != "" {
		return
	}
	post := (status == 301 || status == 302) && p.Method == "POST"
	other := status == 303 && p.Method != "GET" && p.Method != "HEAD"
	if !post && !other {
		return
	}
	w.find(RedirectMethod, evidence, status, shownValue(p.Method))
	w.request.Method, w.request.Body = "GET", preflight.BodyNone
	w.dropHeaders("content-encoding", "content-language", "content-location", "content-type")
}

// dropAuthorization: it does not go along to another origin.
func (w *walker) dropAuthorization(evidence string) {
	if w.dropHeaders("authorization") {
		w.find(RedirectAuthorization, evidence)
	}
}

// dropHeaders takes headers out of the request, and reports whether it had one of them.
func (w *walker) dropHeaders(names ...string) bool {
	before := len(w.request.Headers)
	w.request.Headers = slices.DeleteFunc(slices.Clone(w.request.Headers), func(h preflight.Header) bool {
		return slices.Contains(names, strings.ToLower(h.Name))
	})
	return len(w.request.Headers) < before
}
