package doctor

import (
	"slices"
	"strings"

	"github.com/crossgate/crossgate/preflight"
)

// browsersOwn are headers that scripts may set, and that browsers add by themselves.
var browsersOwn = []string{
	"accept-language", "cache-control", "if-modified-since", "if-none-match", "pragma", "priority",
	"upgrade-insecure-requests", "user-agent", "x-client-data",
}

// request is the request as the script has made it, as far as that can be known from what
// was sent: the preflight, where it is recorded, names the headers that were the script's.
func (c *recorded) request() preflight.Request {
	r := preflight.Request{Method: c.Request.Method, Body: preflight.BodyNone, Mode: preflight.ModeCORS}
	if c.Kind == "xhr" {
		r.API = preflight.XHR
	}
	if c.Request.Post != nil && r.Method != "GET" && r.Method != "HEAD" {
		r.Body = preflight.BodyBuffer
	}
	asked := c.preflight.names()
	for _, h := range c.Request.Headers {
		if c.isScripts(h[0], h[1], asked) {
			r.Headers = append(r.Headers, preflight.Header{Name: h[0], Value: h[1]})
		}
	}
	if p, err := preflight.Predict(r); c.preflight != nil && err == nil && !p.Preflight {
		r.API, r.UploadListener = preflight.XHR, true // nothing else that is left could be the cause
	}
	return r
}

// isScripts reports whether a script has set a header. Where there was a preflight, asked
// are the names that it asked for.
func (c *recorded) isScripts(name, value string, asked map[string]bool) bool {
	lower := strings.ToLower(name)
	switch {
	case strings.HasPrefix(name, ":"), preflight.IsForbiddenHeader(name, value):
		return false
	case c.preflight != nil && len(preflight.UnsafeNames([]preflight.Header{{Name: name, Value: value}})) > 0:
		return asked[lower]
	}
	return !slices.Contains(browsersOwn, lower)
}

// names are those that a preflight asks for; without one, none.
func (p *recorded) names() map[string]bool {
	all := map[string]bool{}
	if p == nil {
		return all
	}
	for name := range strings.SplitSeq(p.asks("access-control-request-headers"), ",") {
		all[strings.ToLower(strings.TrimSpace(name))] = true
	}
	return all
}

// hasCredentials reports whether cookies took part, or could have. Recordings often leave
// the cookies out; Chromium then still says that it looked for them.
func (c *recorded) hasCredentials() bool {
	return c.asks("cookie") != "" || c.asks("sec-fetch-storage-access") != ""
}
