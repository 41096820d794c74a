package preflight

import "strings"

// bytesOf encodes text as a ByteString does: each code point is one byte (Web IDL,
// section 3.2.12; Infra standard, "isomorphic encode"). It is not ok where one is over
// U+00FF, for which Web IDL throws a TypeError.
func bytesOf(text string) (bytes string, ok bool) {
	if isASCII(text) {
		return text, true
	}
	b := make([]byte, 0, len(text))
	for _, r := range text { // what is not UTF-8 is U+FFFD here
		if r > 0xff {
			return "", false
		}
		b = append(b, byte(r))
	}
	return string(b), true
}

// textOf is the opposite of bytesOf.
func textOf(bytes string) string {
	if isASCII(bytes) {
		return bytes
	}
	var b strings.Builder
	for i := range len(bytes) {
		b.WriteRune(rune(bytes[i]))
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// IsToken reports whether s is a token (RFC 9110, section 5.6.2), as names of methods
// and header fields are.
func IsToken(s string) bool {
	for i := range len(s) {
		if !tokenByte[s[i]] {
			return false
		}
	}
	return s != ""
}

// IsTokenByte reports whether a token may have c in it (RFC 9110, section 5.6.2, "tchar").
func IsTokenByte(c byte) bool { return tokenByte[c] }

var tokenByte = func() (is [256]bool) {
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

// isValue reports whether a normalized value can be a header's (Fetch standard, section
// 2.2.2, "header value").
func isValue(s string) bool { return !strings.ContainsAny(s, "\x00\r\n") }

// lowerASCII is byte-lowercase (Infra standard).
func lowerASCII(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c - 'A' + 'a'
		}
	}
	return string(b)
}

// equalFold compares with an ASCII text, without regard to the case of ASCII letters.
// Letters beyond ASCII that fold to ASCII ones are longer than these.
func equalFold(s, ascii string) bool { return len(s) == len(ascii) && strings.EqualFold(s, ascii) }
