package explain

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Errors of what is not one plain command.
var (
	errQuote    = errors.New("a quote is opened and not closed: put the whole command in one kind of quotes, and use the other kind inside")
	errOperator = errors.New("there is more than one command: leave out what follows the first | ; < or >")
)

// words splits a command line as a shell does (POSIX, XCU section 2.2, and $'…' of
// Bash): quotes, backslashes, lines that go on. Variables stay as they are.
func words(text string) ([]string, error) {
	s := splitter{rest: text}
	for s.rest != "" {
		if err := s.next(); err != nil {
			return nil, err
		}
	}
	s.end()
	return s.words, nil
}

type splitter struct {
	rest   string
	word   strings.Builder
	inWord bool
	words  []string
}

func (s *splitter) end() {
	if s.inWord {
		s.words = append(s.words, s.word.String())
	}
	s.word.Reset()
	s.inWord = false
}

// next takes what is next: blanks, a quoted part, or one byte of a word.
func (s *splitter) next() error {
	c := s.rest[0]
	switch {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		s.end()
		s.rest = s.rest[1:]
	case c == '\\':
		s.escape()
	case c == '\'':
		return s.quoted(1, '\'', nil)
	case c == '"':
		return s.quoted(1, '"', escapeInDouble)
	case strings.HasPrefix(s.rest, "$'"):
		return s.quoted(2, '\'', escapeInDollar)
	case c == '|' || c == ';' || c == '<' || c == '>':
		return errOperator
	default:
		s.put(c)
		s.rest = s.rest[1:]
	}
	return nil
}

func (s *splitter) put(c byte) {
	s.inWord = true
	s.word.WriteByte(c)
}

// escape is a backslash outside of quotes.
func (s *splitter) escape() {
	switch {
	case strings.HasPrefix(s.rest, "\\\r\n"):
		s.rest = s.rest[3:]
	case strings.HasPrefix(s.rest, "\\\n"), s.rest == "\\":
		s.rest = s.rest[min(2, len(s.rest)):]
	default:
		s.put(s.rest[1])
		s.rest = s.rest[2:]
	}
}

// quoted takes a part in quotes; unescape reads what follows a backslash in it, or is nil
// where backslashes are like all else.
func (s *splitter) quoted(open int, quote byte, unescape func(string) (text string, n int)) error {
	s.inWord = true
	rest := s.rest[open:]
	for rest != "" {
		switch {
		case rest[0] == quote:
			s.rest = rest[1:]
			return nil
		case rest[0] == '\\' && unescape != nil && len(rest) > 1:
			text, n := unescape(rest[1:])
			s.word.WriteString(text)
			rest = rest[1+n:]
		default:
			s.word.WriteByte(rest[0])
			rest = rest[1:]
		}
	}
	return errQuote
}

// escapeInDouble: POSIX, XCU section 2.2.3.
func escapeInDouble(rest string) (string, int) {
	switch rest[0] {
	case '$', '`', '"', '\\':
		return rest[:1], 1
	case '\n':
		return "", 1
	}
	return `\` + rest[:1], 1
}

// escapeInDollar: POSIX.1-2024, XCU section 2.2.4, and \u and \U of Bash.
func escapeInDollar(rest string) (string, int) {
	if i := strings.IndexByte(`abefnrtv\'"?`, rest[0]); i >= 0 {
		return string("\a\b\x1b\f\n\r\t\v\\'\"?"[i]), 1
	}
	switch rest[0] {
	case 'x':
		return coded(rest, 1, 2, 16, false)
	case 'u':
		return coded(rest, 1, 4, 16, true)
	case 'U':
		return coded(rest, 1, 8, 16, true)
	case '0', '1', '2', '3', '4', '5', '6', '7':
		return coded(rest, 0, 3, 8, false)
	}
	return `\` + rest[:1], 1
}

// coded reads a number of some digits at most: a byte, or a code point.
func coded(rest string, from, digits, base int, point bool) (string, int) {
	n := from
	for n < len(rest) && n < from+digits {
		if _, err := strconv.ParseUint(rest[n:n+1], base, 8); err != nil {
			break
		}
		n++
	}
	value, err := strconv.ParseUint(rest[from:n], base, 32)
	switch {
	case err != nil:
		return `\` + rest[:1], 1
	case point && value <= utf8.MaxRune:
		return string(rune(value)), n
	}
	return string([]byte{byte(value)}), n
}
