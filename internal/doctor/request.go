package doctor

import (
	"net/url"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/preflight"
)

// A request is one that a script makes, and what a redirect makes of it.
type request struct {
	preflight.Request
	method      string
	headers     [][2]string // those of the script that are sent, without Content-Type
	contentType string      // "": none
	body        []byte
	mode        preflight.Mode
	credentials bool // cookies may take part
	rewritten   bool // a redirect has made a GET of it: then Chromium writes Origin anew, further down
}

// requestFor works out what is sent for a script's request.
func requestFor(r preflight.Request, p preflight.Prediction, body []byte) request {
	made := request{Request: r, method: p.Method, contentType: p.ContentType, mode: r.Mode}
	if r.API == preflight.XHR {
		made.mode = preflight.ModeCORS
	}
	for _, h := range r.Headers {
		lower := strings.ToLower(h.Name)
		if lower == "content-type" || isDropped(p, lower) {
			continue
		}
		made.add(h.Name, strings.Trim(h.Value, " \t\r\n"))
	}
	if p.Method != "GET" && p.Method != "HEAD" && r.Body != "" && r.Body != preflight.BodyNone {
		made.body = body
		if made.body == nil {
			made.body = []byte{}
		}
	}
	return made
}

// add adds a header. Values of one name go out as one (Fetch standard, section 2.2.2,
// "combine").
func (r *request) add(name, value string) {
	for i := range r.headers {
		if equalFold(r.headers[i][0], name) {
			r.headers[i][1] += ", " + value
			return
		}
	}
	r.headers = append(r.headers, [2]string{name, value})
}

// has reports whether the script has set a header.
func (r request) has(name string) bool {
	return slices.ContainsFunc(r.headers, func(h [2]string) bool { return equalFold(h[0], name) })
}

// isDropped reports whether a browser leaves a header out in silence.
func isDropped(p preflight.Prediction, name string) bool {
	return slices.ContainsFunc(p.Dropped, func(c preflight.Cause) bool { return c.Header == name })
}

// bodyHeaders are those that a redirect takes away together with the body (Fetch
// standard, section 2.2.2, "request-body-header").
var bodyHeaders = []string{"content-encoding", "content-language", "content-location", "content-type"}

// redirected is the request that a redirect makes a browser send (Fetch standard,
// section 4.4).
func (r request) redirected(status int, from, to *url.URL) request {
	if status == 303 && r.method != "GET" && r.method != "HEAD" || (status == 301 || status == 302) && r.method == "POST" {
		r = r.without(bodyHeaders...)
		r.method, r.Request.Method, r.rewritten = "GET", "GET", true
		r.body, r.Body, r.contentType = nil, preflight.BodyNone, ""
	}
	if originOf(from) != originOf(to) {
		r = r.without("authorization")
	}
	return r
}

// without leaves headers out.
func (r request) without(names ...string) request {
	r.headers = slices.DeleteFunc(slices.Clone(r.headers), func(h [2]string) bool {
		return slices.Contains(names, strings.ToLower(h[0]))
	})
	r.Headers = slices.DeleteFunc(slices.Clone(r.Headers), func(h preflight.Header) bool {
		return slices.Contains(names, strings.ToLower(h.Name))
	})
	return r
}

// predict says whether it needs a preflight, and which.
func (r request) predict() preflight.Prediction {
	p, err := preflight.Predict(r.Request)
	if err != nil {
		return preflight.Prediction{} // it was predicted before, of the same kinds
	}
	return p
}
