package gate

import (
	"strings"

	"github.com/crossgate/crossgate/trust"
)

const (
	tokenKey    = "access_token" // RFC 6750, section 2.3
	overrideKey = "$httpMethod"
)

// A queryToken is what a query says about the access token.
type queryToken struct {
	value string // decoded
	rest  string // the query without it: its other bytes and their order stay
	found bool
	bad   bool // not readable, there twice, or spelled so that servers may differ on it
}

// cutToken takes the access_token pair out of a query. The query is edited as
// text. The key counts in every spelling that decodes to it; what some server could
// take for the key although it does not, makes the query bad.
func cutToken(query string) queryToken {
	t := queryToken{rest: query}
	for start := 0; start <= len(query); {
		end := start + strings.IndexByte(query[start:], '&')
		if end < start {
			end = len(query)
		}
		pair := query[start:end]
		switch readTokenKey(pair) {
		case keyExact:
			t.take(pair, start, end, query)
		case keyAmbiguous:
			t.bad = true
		}
		start = end + 1
	}
	return t
}

// take notes the pair query[start:end] as the token's.
func (t *queryToken) take(pair string, start, end int, query string) {
	if t.found {
		t.bad = true
		return
	}
	_, raw, _ := strings.Cut(pair, "=")
	value, ok := formDecode(raw)
	t.found, t.value, t.bad = true, withoutBearer(value), t.bad || !ok
	switch {
	case end < len(query):
		t.rest = query[:start] + query[end+1:]
	case start > 0:
		t.rest = query[:start-1]
	default:
		t.rest = ""
	}
}

// withoutBearer forgives a "Bearer " before the token.
func withoutBearer(value string) string {
	const scheme = "bearer "
	if len(value) >= len(scheme) && strings.EqualFold(value[:len(scheme)], scheme) {
		return strings.TrimLeft(value[len(scheme):], " ")
	}
	return value
}

type keyReading uint8

const (
	keyOther     keyReading = iota
	keyExact                // access_token, in any percent-encoding
	keyAmbiguous            // some server could read it as access_token
)

// readTokenKey says how servers read the key of a pair. A pair is what stands
// between two &; some servers also split at a semicolon.
func readTokenKey(pair string) keyReading {
	if len(pair) < len(tokenKey) {
		return keyOther
	}
	parts, reading := pair, keyOther
	for first := true; ; first = false {
		part, rest, more := strings.Cut(parts, ";")
		switch r := readKey(part); {
		case r == keyExact && first:
			reading = keyExact
		case r != keyOther:
			return keyAmbiguous
		}
		if !more {
			return reading
		}
		parts = rest
	}
}

func readKey(pair string) keyReading {
	raw, _, _ := strings.Cut(pair, "=")
	if len(raw) < len(tokenKey) {
		return keyOther
	}
	if raw == tokenKey {
		return keyExact
	}
	key, _ := formDecode(raw) // a broken code stays as text, as lenient servers leave it
	switch {
	case key == tokenKey:
		return keyExact
	case couldBe(key):
		return keyAmbiguous
	}
	return keyOther
}

// couldBe reports whether some server reads a decoded key as access_token: those
// that ignore case, leading blanks, leading brackets (Rack, Node's qs) or a leading
// question mark (URLSearchParams, of a query that begins with a second one), that turn
// blanks, dots and brackets into underscores (PHP), that take what follows a
// bracket for an index (PHP, Rack, qs), that stop at a NUL, or that know %uXXXX
// (IIS, CGI.pm).
func couldBe(key string) bool {
	key = withoutUnicodeEscapes(key)
	key = strings.TrimLeft(key, "?[] \t\r\n\v\f\x00")
	if i := strings.IndexByte(key, 0); i >= 0 {
		key = key[:i]
	}
	if len(key) > len(tokenKey) {
		if c := key[len(tokenKey)]; c == '[' || c == ']' {
			key = key[:len(tokenKey)]
		}
	}
	key = strings.TrimRight(key, " \t\r\n\v\f")
	return strings.EqualFold(strings.Map(asPHP, key), tokenKey)
}

// withoutUnicodeEscapes decodes %uXXXX, which no standard knows.
func withoutUnicodeEscapes(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if r, ok := unicodeEscape(s[i:]); ok {
			b.WriteRune(r)
			i += len("%uXXXX")
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// unicodeEscape decodes the %uXXXX that s begins with.
func unicodeEscape(s string) (r rune, ok bool) {
	if len(s) < len("%uXXXX") || s[0] != '%' || (s[1] != 'u' && s[1] != 'U') {
		return 0, false
	}
	for _, c := range []byte(s[2:6]) {
		digit := unhex(c)
		if digit > 0xf {
			return 0, false
		}
		r = r<<4 | rune(digit)
	}
	return r, true
}

func asPHP(r rune) rune {
	switch r {
	case ' ', '.', '[', '+':
		return '_'
	}
	return r
}

// formDecode decodes a key or value of a query (URL standard, "application/
// x-www-form-urlencoded parsing"). It is not ok where a percent code is broken;
// such a code stays as text.
func formDecode(s string) (text string, ok bool) {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s, true
	}
	b, ok := make([]byte, 0, len(s)), true
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '+':
			b = append(b, ' ')
		case s[i] != '%':
			b = append(b, s[i])
		case i+2 < len(s) && unhex(s[i+1]) < 16 && unhex(s[i+2]) < 16:
			b = append(b, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			b, ok = append(b, '%'), false
		}
	}
	return string(b), ok
}

// unhex returns the value of a hexadecimal digit, or 16.
func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 16
}

// hasOverride reports whether a query has the key $httpMethod, however encoded.
func hasOverride(query string) bool {
	if len(query) < len(overrideKey) {
		return false
	}
	for pair := range strings.SplitSeq(query, "&") {
		raw, _, _ := strings.Cut(pair, "=")
		if len(raw) < len(overrideKey) {
			continue
		}
		if key, _ := formDecode(raw); strings.EqualFold(key, overrideKey) {
			return true
		}
	}
	return false
}

// scrubReferer takes the access token out of a Referer's query. Where that cannot
// be done with certainty nothing but the origin of the Referer is left.
func scrubReferer(referer string) (scrubbed string, edited bool) {
	address, _, fragment := strings.Cut(referer, "#") // browsers leave it out
	before, query, found := strings.Cut(address, "?")
	if !found {
		return address, fragment
	}
	t := cutToken(query)
	switch {
	case t.bad:
		return refererOrigin(before), true
	case !t.found:
		return address, fragment
	case t.rest == "":
		return before, true
	}
	return before + "?" + t.rest, true
}

// refererOrigin is the origin of a URL with a slash, as browsers write it, or ""
// where it has none.
func refererOrigin(url string) string {
	scheme, rest, _ := strings.Cut(url, "://")
	authority, _, _ := strings.Cut(rest, "/")
	o, err := trust.ParseOrigin(scheme + "://" + authority)
	if err != nil {
		return ""
	}
	return o.String() + "/"
}
