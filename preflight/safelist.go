package preflight

import "strings"

// unsafe says why a header is not a CORS-safelisted request-header (Fetch standard,
// section 2.2.2): with the code of the cause, or "" where it is one. Its value is
// normalized. No rules are those of the standard.
func (u *rules) unsafe(name, value string) Code {
	place := safelistPlace(name)
	switch {
	case place == unlisted && u.takesHint(name, value):
		return ""
	case place == unlisted:
		return HeaderName
	case len(value) > MaxSafelistedValue:
		return HeaderValueLong
	}
	switch place {
	case accept:
		if indexUnsafe(value) >= 0 || u.refusesBytes(value) {
			return HeaderValueByte
		}
	case acceptLanguage, contentLanguage:
		if indexNotLanguage(value) >= 0 {
			return HeaderValueByte
		}
	case contentType:
		switch {
		case indexUnsafe(value) >= 0, u.refusesBytes(value):
			return HeaderValueByte
		case !isSimpleType(value), u.refusesType(value):
			return HeaderType
		}
	case byteRange:
		if !isSimpleRange(value) || u.refusesRange(value) {
			return HeaderRange
		}
	}
	return ""
}

// indexUnsafe returns the place of the first CORS-unsafe request-header byte (Fetch
// standard, section 2.2.2), or -1.
func indexUnsafe(value string) int {
	for i := range len(value) {
		if unsafeByte[value[i]] {
			return i
		}
	}
	return -1
}

var unsafeByte = func() (is [256]bool) {
	for c := range 0x20 {
		is[c] = c != '\t'
	}
	for _, c := range "\"():<>?@[\\]{}\x7f" {
		is[c] = true
	}
	return is
}()

// indexNotLanguage returns the place of the first byte that a list of languages may not
// have (Fetch standard, section 2.2.2, `accept-language`), or -1.
func indexNotLanguage(value string) int {
	for i := range len(value) {
		if !languageByte[value[i]] {
			return i
		}
	}
	return -1
}

var languageByte = func() (is [256]bool) {
	for c := '0'; c <= '9'; c++ {
		is[c] = true
	}
	for c := 'a'; c <= 'z'; c++ {
		is[c], is[c-'a'+'A'] = true, true
	}
	for _, c := range " *,-.;=" {
		is[c] = true
	}
	return is
}()

// simpleTypes are the essences of content types that an HTML form can send.
var simpleTypes = [...]string{"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}

// isSimpleType reports whether the essence of a content type is one of three. Parameters
// never make the parsing of a MIME type fail (MIME Sniffing standard, section 4.4), and
// a type that is one of the three is made of the right characters.
func isSimpleType(value string) bool {
	essence, _, _ := strings.Cut(normalized(value), ";")
	essence = strings.TrimRight(essence, httpWhitespace)
	for _, simple := range simpleTypes {
		if equalFold(essence, simple) {
			return true
		}
	}
	return false
}

// isSimpleRange reports whether a value is a single range header value with a first byte
// (Fetch standard, section 2.2.2, "parse a single range header value", without blanks).
func isSimpleRange(value string) bool {
	ranges, ok := strings.CutPrefix(value, "bytes=")
	first, last, dash := strings.Cut(ranges, "-")
	return ok && dash && first != "" && isDigits(first) && isDigits(last) && (last == "" || !isMore(first, last))
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// isMore compares two decimal numbers of any length.
func isMore(a, b string) bool {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if len(a) != len(b) {
		return len(a) > len(b)
	}
	return a > b
}
