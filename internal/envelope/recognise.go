package envelope

import (
	"bytes"

	"github.com/crossgate/crossgate/preflight"
)

// A recognition is what the beginning of a body tells. Once it is sure, no further byte
// changes it: it does not depend on how the bytes come.
type recognition uint8

const (
	unsure recognition = iota // more bytes are needed
	yes
	no
)

// recogniseForm tells whether the first key of a form is $httpMethod.
func recogniseForm(start []byte, ended bool) recognition {
	for i := range len(methodName) {
		n, r := matchByte(start, methodName[i])
		if r != yes {
			return r
		}
		start = start[n:]
	}
	switch {
	case len(start) > 0 && start[0] != '=' && start[0] != '&':
		return no
	case len(start) == 0 && !ended:
		return unsure
	}
	return yes
}

// matchByte matches the beginning of b with one byte, as it is or in a percent code.
func matchByte(b []byte, want byte) (n int, r recognition) {
	switch {
	case len(b) == 0:
		return 0, unsure
	case b[0] == want:
		return 1, yes
	case b[0] != '%':
		return 0, no
	case len(b) > 1 && unhex(b[1]) != want>>4, len(b) > 2 && unhex(b[2]) != want&0xf:
		return 0, no
	case len(b) < 3:
		return 0, unsure
	}
	return 3, yes
}

// recogniseMultipart tells whether the first part is named $httpMethod. Fields of the
// part before its Content-Disposition are passed over here, for the fault to tell of.
func recogniseMultipart(start []byte, d delimiter) recognition {
	start, r := match(start, d[len(crlf):], false)
	if r == yes {
		start, r = match(start, crlf, false)
	}
	for r == yes {
		line := start
		start, r = match(line, "content-disposition : ", true)
		if r == yes {
			return recogniseDisposition(start)
		}
		if r == unsure {
			return unsure
		}
		end := bytes.Index(line, []byte(crlf))
		switch end {
		case -1:
			return unsure
		case 0:
			return no
		}
		start, r = line[end+2:], yes
	}
	return r
}

// recogniseDisposition tells whether a Content-Disposition names $httpMethod, with or
// without quotes.
func recogniseDisposition(value []byte) recognition {
	value, r := match(value, "form-data ; name = ", true)
	if r != yes {
		return r
	}
	if _, r := match(value, `"`+methodName+`"`, false); r != no {
		return r
	}
	rest, r := match(value, methodName, false)
	switch {
	case r != yes:
		return r
	case len(rest) == 0:
		return unsure
	case preflight.IsTokenByte(rest[0]):
		return no
	}
	return yes
}

// match takes a pattern off the beginning of b. Where it is loose, a blank stands for
// any number of them, and letters, which it has in lower case, for both cases.
func match[T ~string | ~[]byte](b []byte, pattern T, loose bool) (rest []byte, r recognition) {
	for i := range len(pattern) {
		want := pattern[i]
		if loose && want == ' ' {
			b = bytes.TrimLeft(b, " \t")
			continue
		}
		if len(b) == 0 {
			return nil, unsure
		}
		if c := b[0]; c != want && (!loose || lowered(c) != want) {
			return nil, no
		}
		b = b[1:]
	}
	return b, yes
}
