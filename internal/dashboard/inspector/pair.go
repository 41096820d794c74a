package inspector

import (
	"net/url"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/preflight"
)

// A pair is a preflight and the request behind it. One of the two may be missing.
type pair struct {
	Preflight *inspect.Exchange
	Request   *inspect.Exchange
}

// pairOf finds the other half of an exchange, if it is still remembered.
func (p *Page) pairOf(e inspect.Exchange) pair {
	var other *inspect.Exchange
	if e.Joined != 0 {
		if found, ok := p.recorder.Get(e.Joined); ok {
			other = &found
		}
	}
	if e.Preflight {
		return pair{Preflight: &e, Request: other}
	}
	return pair{Preflight: other, Request: &e}
}

// main is what the page is about: the request, or a preflight that stayed alone.
func (p pair) main() *inspect.Exchange {
	if p.Request != nil {
		return p.Request
	}
	return p.Preflight
}

// fromPage reports whether a page of another origin sent it by fetch or XMLHttpRequest:
// then there is something to explain.
func (p pair) fromPage() bool {
	e := p.main()
	switch e.Verdict {
	case inspect.VerdictTrusted, inspect.VerdictExempt, inspect.VerdictObserved, inspect.VerdictRefused:
		return e.Origin != "" && (e.FetchMode == "" || e.FetchMode == "cors" || e.FetchMode == "no-cors")
	case inspect.VerdictNone, inspect.VerdictNoOrigin, inspect.VerdictOwn:
	}
	return false
}

// method is that of the request which the page wanted to send.
func (p pair) method() string {
	if p.Preflight != nil {
		return effective(p.Preflight)
	}
	return effective(p.Request)
}

// headers are the names of its headers that are not safelisted, in lower case.
func (p pair) headers() []string {
	names := p.main().Headers
	if p.Preflight != nil {
		names = p.Preflight.Requested.Headers
	}
	lower := make([]string, 0, len(names))
	for _, name := range names {
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
			lower = append(lower, name)
		}
	}
	slices.Sort(lower)
	return slices.Compact(lower)
}

// contentType is that of the request, or "" where it is not known.
func (p pair) contentType() string {
	if p.Request == nil {
		return ""
	}
	return p.Request.ContentType
}

// target is the address, without the query: nobody kept that.
func (p pair) target() *url.URL {
	e := p.main()
	u := &url.URL{Scheme: e.Scheme, Host: e.Host}
	path, err := url.PathUnescape(e.Path)
	if err != nil {
		u.Opaque = "//" + e.Host + e.Path
		return u
	}
	u.Path, u.RawPath = path, e.Path
	return u
}

// request is the request as a script would write it. Values are stand-ins of the same
// kind: only their names are kept, and whatever made the browser ask about them.
func (p pair) request() preflight.Request {
	r := preflight.Request{Method: p.method(), Mode: preflight.ModeCORS}
	if p.main().FetchMode == "no-cors" {
		r.Mode = preflight.ModeNoCORS
	}
	if r.Method != "GET" && r.Method != "HEAD" && slices.Contains(p.headers(), "content-type") {
		r.Body = preflight.BodyString // a type is there, so there is a body that it describes
	}
	for _, name := range p.headers() {
		r.Headers = append(r.Headers, preflight.Header{Name: name, Value: p.standIn(name)})
	}
	return r
}

// unsafe are values of safelisted names that are not safelisted.
var unsafe = map[string]string{
	"accept": `"`, "accept-language": `"`, "content-language": `"`, "range": "bytes=-1",
}

func (p pair) standIn(name string) string {
	switch value, safelisted := unsafe[name]; {
	case name == "content-type":
		return orJSON(p.contentType())
	case safelisted:
		return value
	}
	return "x"
}

// orJSON is a content type, or the one that makes most browsers ask.
func orJSON(contentType string) string {
	if contentType == "" {
		return "application/json"
	}
	return contentType
}

// call is the pair as one call of a script, for the engine that judges it.
func (p pair) call() explain.Call {
	c := explain.Call{Request: p.request(), Origin: p.main().Origin, Target: p.target()}
	if p.Preflight != nil {
		c.Preflight = answerOf(p.Preflight)
	}
	if p.Request != nil {
		c.Response = answerOf(p.Request)
		c.Credentials = p.Request.Cookie
		if p.Request.Carrier != inspect.Ordinary {
			// What was sent is a simple POST or GET, which the gateway has opened.
			c.Request = preflight.Request{Method: p.Request.Method, Mode: preflight.ModeCORS}
		}
	}
	return c
}

// answerOf is the answer of an exchange, as far as CORS goes.
func answerOf(e *inspect.Exchange) *explain.Response {
	if e.Status == 0 {
		return &explain.Response{Failure: "the connection ended without an answer"}
	}
	answer := &explain.Response{Status: e.Status}
	for _, f := range e.Answer {
		answer.Header = append(answer.Header, [2]string{f.Name, f.Value})
	}
	return answer
}
