package gate

import (
	"slices"
	"strings"

	"github.com/crossgate/crossgate/preflight"
)

// Limits of what a preflight may ask for.
const (
	maxRequestHeaderBytes = 8 << 10 // of Access-Control-Request-Headers in all
	maxRequestHeaderNames = 128
)

// A Preflight is the answer to a CORS-preflight request that is granted.
type Preflight struct {
	AllowMethods string // Access-Control-Allow-Methods
	AllowHeaders string // Access-Control-Allow-Headers; "" where none was asked for
	MaxAge       string // Access-Control-Max-Age, in seconds
}

// preflight answers by the policy. Preflights carry no token and need none.
func (s *Site) preflight(f *Facts) (Preflight, Code) {
	if !slices.Contains(s.policy.Methods, f.RequestMethod) {
		return Preflight{}, MethodNotAllowed
	}
	asked, ok := joinFields(f.RequestHeaders)
	if !ok || !s.grantsHeaders(asked) {
		return Preflight{}, HeaderNotAllowed
	}
	return Preflight{AllowMethods: s.allowMethods, AllowHeaders: asked, MaxAge: s.maxAge}, ""
}

// joinFields makes one list of several fields, which proxies may have split, and
// refuses one that is too long to look at.
func joinFields(fields []string) (string, bool) {
	total := 0
	for _, v := range fields {
		total += len(v) + len(",")
	}
	switch {
	case total > maxRequestHeaderBytes:
		return "", false
	case len(fields) == 0:
		return "", true
	case len(fields) == 1:
		return fields[0], true
	}
	return strings.Join(fields, ","), true
}

// grantsHeaders reports whether every name of a list of request headers is
// granted. It reads the list once and allocates nothing.
func (s *Site) grantsHeaders(list string) bool {
	for names := 1; list != ""; names++ {
		name, end := list, strings.IndexByte(list, ',')
		if end >= 0 {
			name = list[:end]
		}
		if names > maxRequestHeaderNames || !s.grantsHeader(withoutBlanks(name)) {
			return false
		}
		if end < 0 {
			break
		}
		list = list[end+1:]
	}
	return true
}

// withoutBlanks trims a list element; browsers send none that needs it.
func withoutBlanks(s string) string {
	if s == "" || (s[0] > ' ' && s[len(s)-1] > ' ') {
		return s
	}
	return strings.Trim(s, " \t")
}

func (s *Site) grantsHeader(name string) bool {
	if name == "" { // empty list elements are legal (RFC 9110, section 5.6.1)
		return true
	}
	if s.policy.AnyHeader {
		return preflight.IsToken(name)
	}
	for _, h := range s.policy.Headers {
		if len(h) == len(name) && strings.EqualFold(h, name) {
			return true
		}
	}
	return false
}
