package gate

import (
	"slices"
	"strings"
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
		return isToken(name)
	}
	for _, h := range s.policy.Headers {
		if len(h) == len(name) && strings.EqualFold(h, name) {
			return true
		}
	}
	return false
}

// isToken reports whether s is a token (RFC 9110, section 5.6.2), as names of
// fields and methods are.
func isToken(s string) bool {
	for i := range len(s) {
		if !tokenChar[s[i]] {
			return false
		}
	}
	return s != ""
}

var tokenChar = func() (is [256]bool) {
	for c := '0'; c <= '9'; c++ {
		is[c] = true
	}
	for c := 'a'; c <= 'z'; c++ {
		is[c], is[c-'a'+'A'] = true, true
	}
	for _, c := range "!#$%&'*+-.^_`|~" {
		is[c] = true
	}
	return is
}()
