package inspect

import (
	"strings"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/preflight"
)

// write puts the observation's texts into a slot, in the order of their constants.
func (o *Observation) write(s *slot) {
	s.put(o.Site, maxSite)
	s.put(clean(limited(o.Method, maxName)), maxName)
	s.put(o.otherMethod(), maxName)
	s.put(string(o.Reason), maxName)
	s.put(o.Token, maxName)
	s.put(clean(limited(o.RequestMethod, maxName)), maxName)
	o.writeRequested(s)
	s.end()
	s.put(clean(limited(o.Host, maxHost)), maxHost)
	s.put(o.keptOrigin(), maxOriginText)
	s.put(clean(limited(o.Path, maxPath)), maxPath)
	s.put(essence(o.ContentType), maxType)
	o.writeHeaders(s)
	s.end()
	o.writeAnswer(s)
	s.end()
}

// otherMethod is the effective method, or "" where it is the method.
func (o *Observation) otherMethod() string {
	if o.Effective == o.Method {
		return ""
	}
	return clean(limited(o.Effective, maxName))
}

// keptOrigin is the origin as it is kept. One that is trusted is an origin and nothing
// else; any other text may stand in the field, too.
func (o *Observation) keptOrigin() string {
	if o.Judged && (o.Verdict == gate.Trusted || o.Verdict == gate.Own) {
		return o.Origin
	}
	return clean(limited(o.Origin, maxOriginText))
}

// essence is a content type without its parameters, in the letters that it came in, or
// "" where it is none (MIME Sniffing standard, section 4.4).
func essence(contentType string) string {
	if contentType == "" {
		return ""
	}
	text, _, _ := strings.Cut(limited(contentType, maxType), ";")
	text = trimmed(text)
	slashes := 0
	for i := range len(text) {
		switch c := text[i]; {
		case c == '/':
			slashes++
		case !preflight.IsTokenByte(c):
			return ""
		}
	}
	if slashes != 1 {
		return ""
	}
	return clean(text)
}
