package preflight

import "strings"

// IsForbiddenHeader reports whether scripts cannot set a request header (Fetch
// standard, section 2.2.2, "forbidden request-header"): browsers drop it in silence.
func IsForbiddenHeader(name, value string) bool {
	for _, forbidden := range forbiddenNames {
		if equalFold(name, forbidden) {
			return true
		}
	}
	for _, override := range overrideNames {
		if equalFold(name, override) {
			return overridesForbidden(value)
		}
	}
	return hasPrefixFold(name, "proxy-") || hasPrefixFold(name, "sec-")
}

var forbiddenNames = [...]string{
	"accept-charset", "accept-encoding", "access-control-request-headers", "access-control-request-method",
	"connection", "content-length", "cookie", "cookie2", "date", "dnt", "expect", "host", "keep-alive",
	"origin", "referer", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "via",
}

// overrideNames are the headers that override a method, which are forbidden only where
// they name a forbidden one.
var overrideNames = [...]string{"x-http-method", "x-http-method-override", "x-method-override"}

// overridesForbidden reports whether a value, read as a list, has a forbidden method.
func overridesForbidden(value string) bool {
	for method := range splitList(value) {
		if isForbiddenMethod(method) {
			return true
		}
	}
	return false
}

// isForbiddenMethod: Fetch standard, section 2.2.1, "forbidden method".
func isForbiddenMethod(method string) bool {
	return equalFold(method, "CONNECT") || equalFold(method, "TRACE") || equalFold(method, "TRACK")
}

// splitList yields the elements of a header value: split at commas, but for those in
// quoted strings, without the blanks around them (Fetch standard, section 2.2.2,
// "get, decode, and split").
func splitList(value string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for start, i := 0, 0; ; i++ {
			switch {
			case i >= len(value) || value[i] == ',':
				if !yield(strings.Trim(value[start:min(i, len(value))], " \t")) || i >= len(value) {
					return
				}
				start = i + 1
			case value[i] == '"':
				i = endOfQuoted(value, i)
			}
		}
	}
}

// endOfQuoted returns the place of the quote that ends the quoted string which begins at
// i, or the end of the value where none does.
func endOfQuoted(value string, i int) int {
	for i++; i < len(value) && value[i] != '"'; i++ {
		if value[i] == '\\' {
			i++
		}
	}
	return i
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && equalFold(s[:len(prefix)], prefix)
}
