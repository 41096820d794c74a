package explain

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/preflight"
)

// MaxRedirects is how many redirects a browser follows (Fetch standard, "HTTP-redirect
// fetch").
const MaxRedirects = 20

// isRedirect reports whether an answer leads elsewhere (Fetch standard, "redirect status"
// and "location URL").
func isRedirect(r *Response) bool {
	switch r.Status {
	case 301, 302, 303, 307, 308:
		return r.has("Location")
	}
	return false
}

// redirected judges a redirect, and returns where it leads; it is not ok where the answer
// is none or is not followed (Fetch standard, "HTTP-redirect fetch").
func (w *walker) redirected(r *Response) (next *url.URL, ok bool) {
	if r == nil || r.Failure != "" || !isRedirect(r) {
		return nil, false
	}
	evidence := statusLine(r) + "; " + w.locationLine(r)
	switch w.call.Redirect {
	case RedirectError:
		w.find(RedirectRefused, evidence)
		return nil, false
	case RedirectManual:
		w.find(RedirectOpaque, evidence)
		return nil, false
	}
	next, err := w.location(r)
	switch {
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

// leave changes the request as a redirect to another address does.
func (w *walker) leave(next *url.URL, r *Response, evidence string) {
	crosses := w.target != nil && originOf(next) != originOf(w.target)
	if next.User != nil && (w.isCORS() || !w.isNoCORS() && !w.isSameOrigin(next)) {
		w.find(RedirectCredentials, evidence)
	}
	if r.Status != 303 && w.request.Body == preflight.BodyStream {
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

// location resolves where a redirect leads (Fetch standard, "location URL").
func (w *walker) location(r *Response) (*url.URL, error) {
	value, _ := r.get("Location")
	u, err := url.Parse(value)
	if err != nil {
		return nil, err
	}
	if w.target != nil {
		u = w.target.ResolveReference(u)
	}
	if u.Host == "" && (u.Scheme == "" || u.Scheme == "http" || u.Scheme == "https") {
		return nil, fmt.Errorf("no host in the location")
	}
	return u, nil
}

// locationLine shows where a redirect leads, without the values of its query.
func (w *walker) locationLine(r *Response) string {
	u, err := w.location(r)
	if err != nil {
		return "Location: cannot be read as an address"
	}
	return "Location: " + shownValue(ShownURL(u))
}
