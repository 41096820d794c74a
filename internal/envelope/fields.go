package envelope

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/crossgate/crossgate/preflight"
)

// readFields reads $httpHeaders: lines, CRLF between them, and one after the last if
// the client likes.
func readFields(text []byte) ([]Field, error) {
	if len(text) > MaxFieldBytes {
		return nil, faultFieldBytes()
	}
	lines, ok := latin1(text)
	if !ok {
		return nil, faultCodePoints()
	}
	lines = strings.TrimSuffix(lines, "\r\n")
	if lines == "" && len(text) == 0 {
		return nil, nil
	}
	count := strings.Count(lines, "\r\n") + 1
	if count > MaxFields {
		return nil, faultFieldCount()
	}
	fields := make([]Field, 0, count)
	for line := range strings.SplitSeq(lines, "\r\n") {
		field, err := readField(line, len(fields)+1)
		if err != nil {
			return nil, err
		}
		for i := range fields {
			if strings.EqualFold(fields[i].Name, field.Name) {
				return nil, faultFieldTwice(len(fields)+1, i+1)
			}
		}
		fields = append(fields, field)
	}
	return fields, nil
}

// readField reads the line of that number.
func readField(line string, number int) (Field, error) {
	name, value, found := strings.Cut(line, ":")
	switch {
	case line == "":
		return Field{}, faultEmptyLine(number)
	case strings.ContainsAny(line, "\r\n"):
		return Field{}, faultBareLine(number)
	case line[0] == ' ' || line[0] == '\t':
		return Field{}, faultFolded(number)
	case !found:
		return Field{}, faultNoColon(number)
	case !preflight.IsToken(name):
		return Field{}, faultFieldName(number)
	}
	value = trimBlanks(value)
	if !isFieldValue(value) {
		return Field{}, faultFieldValue(number)
	}
	return Field{name, value}, nil
}

// isFieldValue reports whether s, without blanks around it, is a field value (RFC
// 9110, section 5.5): no control character but the tab.
func isFieldValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// latin1 turns each code point of valid UTF-8 into one byte (isomorphic encoding,
// Infra standard). It is not ok where one is above U+00FF.
func latin1(text []byte) (s string, ok bool) {
	if isASCII(text) {
		return string(text), true
	}
	b := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r > 0xff {
			return "", false
		}
		b, text = append(b, byte(r)), text[size:]
	}
	return string(b), true
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// readContentType reads a content type, of which the fault says where it is: visible
// ASCII, and blanks within.
func readContentType(value []byte, where string) (string, error) {
	bad := func(c rune) bool { return c < ' ' || c > '~' }
	switch {
	case len(value) == 0:
		return "", faultNoType(where)
	case value[0] == ' ', value[len(value)-1] == ' ', bytes.ContainsFunc(value, bad):
		return "", faultType(where)
	}
	return string(value), nil
}
