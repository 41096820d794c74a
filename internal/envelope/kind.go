package envelope

import (
	"strings"

	"github.com/crossgate/crossgate/preflight"
)

const (
	formType      = "application/x-www-form-urlencoded"
	multipartType = "multipart/form-data"

	maxBoundary = 70 // bytes (RFC 2046, section 5.1.1)
)

// KindOf says which carrier a Content-Type can stand for. Parameters that other
// servers could read in another way make it [None]: then the body is never looked into.
func KindOf(contentType string) Kind {
	kind, _ := readType(contentType)
	return kind
}

// readType is KindOf with the boundary of a multipart type.
func readType(contentType string) (kind Kind, boundary string) {
	media, parameters, more := strings.Cut(contentType, ";")
	media = trimBlanks(media)
	switch {
	case isFold(media, formType):
		if !more || isUTF8(parameters) {
			return Form, ""
		}
	case isFold(media, multipartType):
		if boundary = boundaryOf(parameters); boundary != "" {
			return Multipart, boundary
		}
	}
	return None, ""
}

func isUTF8(parameters string) bool {
	name, value := onlyParameter(parameters)
	return isFold(name, "charset") && isFold(value, "utf-8")
}

// boundaryOf returns the boundary, or "" where there is none that is good.
func boundaryOf(parameters string) string {
	name, value := onlyParameter(parameters)
	if !isFold(name, "boundary") || len(value) > maxBoundary || strings.HasSuffix(value, " ") {
		return ""
	}
	for i := range len(value) {
		if !isBoundaryByte(value[i]) {
			return ""
		}
	}
	return value
}

// onlyParameter reads a list of one parameter (RFC 9110, section 5.6.6). Both are ""
// where it holds anything else, or a quoted-pair, which some readers leave as it is.
func onlyParameter(parameters string) (name, value string) {
	name, value, _ = strings.Cut(trimBlanks(parameters), "=")
	if inner, ok := unquote(value); ok {
		return name, inner
	}
	if !preflight.IsToken(value) {
		return "", ""
	}
	return name, value
}

// unquote returns what is in a quoted-string without quoted-pairs.
func unquote(s string) (inner string, ok bool) {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return "", false
	}
	inner = s[1 : len(s)-1]
	return inner, !strings.ContainsAny(inner, `"\`)
}

func trimBlanks(s string) string { return strings.Trim(s, " \t") }

// isFold reports whether s is a text, which is given in lower case, in ASCII letters of any
// case. Letters of other alphabets that fold to ASCII ones are none.
func isFold[T string | []byte](s T, lower string) bool {
	if len(s) != len(lower) {
		return false
	}
	for i := range len(s) {
		if lowered(s[i]) != lower[i] {
			return false
		}
	}
	return true
}

func lowered(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// isBoundaryByte reports whether c is one of RFC 2046's bchars.
func isBoundaryByte(c byte) bool {
	return isAlphanumeric(c) || strings.IndexByte("'()+_,-./:=? ", c) >= 0
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
