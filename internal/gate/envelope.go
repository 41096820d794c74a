package gate

import (
	"fmt"
	"strings"

	"github.com/crossgate/crossgate/internal/envelope"
	"github.com/crossgate/crossgate/preflight"
)

// unwrapEnvelope is unwrap for a request whose body is an envelope.
func (e *Edits) unwrapEnvelope(s *Site, f *Facts, v Verdict, c *envelope.Controls) (secret string, code Code) {
	if v.Kind == Exempt || v.Kind == Observed {
		return "", v.Reason // unwrapping stays enforced
	}
	e.Carrier, e.Envelope = carrierOf(c.Kind), c
	if code := e.checkCarried(f, v, c); code != "" {
		return "", code
	}
	if !c.HasToken {
		secret = credential(f.Authorization)
	} else {
		secret = withoutBearer(c.Token)
		if !isTokenText(secret) {
			return "", TokenMalformed
		}
		e.Authorization, e.AuthorizationEdited = "Bearer "+secret, true
	}
	return secret, e.checkControls(s, c, secret)
}

func carrierOf(k envelope.Kind) Carrier {
	if k == envelope.Multipart {
		return Multipart
	}
	return Form
}

// checkCarried checks how an envelope came (rules 1, 3 and 6), and that it can be read.
func (e *Edits) checkCarried(f *Facts, v Verdict, c *envelope.Controls) Code {
	inQuery := cutToken(f.RawQuery)
	switch {
	case hasOverride(f.RawQuery), f.Method != "POST":
		return OverrideOnGet
	case c.Fault != nil && c.Fault.TokenTwice,
		c.HasToken && (f.Authorizations > 0 || inQuery.found || inQuery.bad):
		return TokenTwice
	case inQuery.found || inQuery.bad:
		e.detail = "The access token of an envelope belongs into its body, as the field access_token after $httpMethod, and not into the query."
		return ControlMalformed
	case !f.isScripted(), v.Kind == NoOrigin && f.fromBrowser():
		return Navigation
	case c.Fault != nil:
		e.detail = c.Fault.Detail
		return ControlMalformed
	}
	return ""
}

// checkControls checks what an envelope wants to become (rules 1 and 5).
func (e *Edits) checkControls(s *Site, c *envelope.Controls, secret string) Code {
	reads := c.Method == "GET" || c.Method == "HEAD"
	switch {
	case secret == "" && !s.policy.OpenEnvelopes && (!reads || len(c.Fields) > 0):
		return TokenMissing
	case !preflight.IsToken(c.Method):
		e.detail = "$httpMethod must be a method, for example PATCH, in capital letters."
		return ControlMalformed
	case reads && c.HasBody:
		e.detail = fmt.Sprintf("A %s has no body: leave $body out.", c.Method)
		return ControlMalformed
	}
	for _, field := range c.Fields {
		if why := refusedField(field.Name, field.Value); why != "" {
			e.detail = fmt.Sprintf("$httpHeaders may not set %s: %s.", repeatable(field.Name), why)
			return ControlMalformed
		}
	}
	return ""
}

// checkEnveloped is the virtual preflight of an envelope: what a browser would have
// asked for, had the page sent the request in it (Fetch standard, section 4.8).
func (e *Edits) checkEnveloped(s *Site) Code {
	c := e.Envelope
	if !s.grantsMethod(c.Method) {
		e.detail = fmt.Sprintf("This request stands for a %s, and the API's policy does not grant that method to pages.", repeatable(c.Method))
		return VirtualPreflight
	}
	for _, name := range e.unsafeNames() {
		if !s.grantsHeader(name) {
			e.detail = fmt.Sprintf("This request stands for one with the header %s, which the API's policy does not grant to pages.", repeatable(name))
			return VirtualPreflight
		}
	}
	return ""
}

// unsafeNames are the header names that the preflight would have asked for.
func (e *Edits) unsafeNames() []string {
	c := e.Envelope
	headers := make([]preflight.Header, 0, len(c.Fields)+2)
	for _, f := range c.Fields {
		headers = append(headers, preflight.Header{Name: f.Name, Value: f.Value})
	}
	if c.ContentType != "" {
		headers = append(headers, preflight.Header{Name: "content-type", Value: c.ContentType})
	}
	if e.AuthorizationEdited {
		headers = append(headers, preflight.Header{Name: "authorization", Value: e.Authorization})
	}
	return preflight.UnsafeNames(headers)
}

// refusedField says why an envelope may not set a header field (rule 5), or "".
func refusedField(name, value string) string {
	lower := strings.ToLower(name)
	switch {
	case lower == "content-type":
		return "use $ct, or the type of the part $body"
	case lower == "authorization":
		return "use access_token"
	case preflight.IsForbiddenHeader(name, value):
		return "scripts cannot set it on any request"
	case strings.ContainsAny(name, "_."):
		return "names with an underscore or a dot pass for others on some servers"
	case hopByHop[lower], framing[lower]:
		return "it belongs to the connection or to the framing of the message"
	case identifies(lower):
		return "it says who the caller is or where the request came from, which is not the page's to say"
	case strings.HasPrefix(lower, "x-http-method"), lower == "x-method-override", lower == "x-original-url", lower == "x-rewrite-url":
		return "it would change the request after it was judged"
	}
	return ""
}

// hopByHop are the fields of a connection (RFC 9110, section 7.6.1) that scripts are not
// forbidden to set already.
var hopByHop = map[string]bool{
	"connection": true, "keep-alive": true, "te": true, "trailer": true, "transfer-encoding": true,
	"upgrade": true, "proxy-connection": true, "http2-settings": true, "expect": true, "proxy": true,
}

// framing are those that say how long the message is, or to whom it goes.
var framing = map[string]bool{"host": true, "content-length": true, "origin": true, "cookie": true, "cookie2": true, "referer": true}

// identifies reports whether a field tells an upstream who asks, from where.
func identifies(lower string) bool {
	return lower == "forwarded" || lower == "x-real-ip" || lower == "via" ||
		strings.HasPrefix(lower, "x-forwarded") || strings.HasPrefix(lower, "crossgate-") ||
		strings.HasPrefix(lower, "access-control-request-") || IsAmbient(canonical(lower))
}

// canonical writes a lower-case name as net/http does, which IsAmbient asks for.
func canonical(lower string) string {
	b, start := []byte(lower), true
	for i, c := range b {
		if start && 'a' <= c && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
		start = c == '-'
	}
	return string(b)
}

// repeatable is what an error repeats of a name in an envelope: not what could be a token
// that was put into the wrong field, since those are long or have digits.
func repeatable(name string) string {
	const most = 40 // bytes
	if len(name) > most || strings.ContainsAny(name, "0123456789") {
		return "…"
	}
	return name
}
