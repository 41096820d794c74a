package inspect

import (
	"strings"

	"github.com/crossgate/crossgate/internal/observe"
)

// telltale marks the bytes of which every shape of a token has one: see
// [observe.Redact]. Most texts have none and need not be looked at again.
var telltale = func() (is [256]uint8) {
	for _, c := range []byte("_%=+ \t\r\n\v\f") {
		is[c] = 1
	}
	return is
}()

// hasTelltale looks at four bytes at a time: it is asked of most texts of each request.
func hasTelltale(s string) bool {
	for ; len(s) >= 4; s = s[4:] {
		if telltale[s[0]]|telltale[s[1]]|telltale[s[2]]|telltale[s[3]] != 0 {
			return true
		}
	}
	for i := range len(s) {
		if telltale[s[i]] != 0 {
			return true
		}
	}
	return false
}

// clean returns a text without what looks like a token.
func clean(s string) string {
	if !hasTelltale(s) {
		return s
	}
	return observe.Redact(s)
}

// limited cuts a text that is far too long before it is looked through. It leaves a
// byte more than is kept, so that the cut is seen.
func limited(s string, most int) string { return s[:min(len(s), most+1)] }

// shorten cuts a text to so many bytes, the Ellipsis included.
func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most-len(Ellipsis)], "") + Ellipsis
}
