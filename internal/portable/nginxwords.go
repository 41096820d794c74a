package portable

import "strings"

// maxWords is how many words of a directive are read; a map needs three.
const maxWords = 1000

// eachDirective visits the directives of nginx's configuration (nginx:
// ngx_conf_read_token): words between blanks, in quotes or not, with comments from # to
// the line's end.
func (l *list) eachDirective(text []byte, visit func(directive)) {
	s := nginxScanner{text: string(text), line: 1}
	d := directive{}
	for !l.full {
		word, end := s.next()
		switch {
		case word != nil && len(d.words) == maxWords:
			l.refuse(d.line, "the semicolon behind %s is missing", shown(strings.Join(d.words, " ")))
			return
		case word != nil:
			if len(d.words) == 0 {
				d.line = s.began
			}
			d.words = append(d.words, *word)
			continue
		case end == '"' || end == '\'':
			l.refuse(s.began, "the quote that begins here does not end")
			return
		}
		if d.end = end; len(d.words) == 0 {
			d.line = s.line
		}
		if end != 0 || len(d.words) > 0 {
			visit(d)
		}
		if end == 0 {
			return
		}
		d = directive{}
	}
}

// An nginxScanner reads words.
type nginxScanner struct {
	text  string
	at    int
	line  int
	began int // the line where the last word began
}

// next returns a word, or else what ends a directive: ; { } or 0 at the end of the
// text, or a quote that does not end.
func (s *nginxScanner) next() (word *string, end byte) {
	s.skip()
	s.began = s.line
	if s.at == len(s.text) {
		return nil, 0
	}
	switch c := s.text[s.at]; c {
	case ';', '{', '}':
		s.at++
		return nil, c
	case '"', '\'':
		return s.quoted(c)
	}
	from := s.at
	for s.at < len(s.text) && strings.IndexByte(" \t\r\n;", s.text[s.at]) < 0 && !s.opens(from) {
		if s.text[s.at] == '\\' && s.at+1 < len(s.text) {
			s.at++
		}
		s.at++
	}
	found := s.text[from:s.at]
	return &found, 0
}

// opens reports whether the block begins here. Within a regular expression a brace is
// its own.
func (s *nginxScanner) opens(from int) bool { return s.text[s.at] == '{' && s.text[from] != '~' }

// skip passes over blanks and comments.
func (s *nginxScanner) skip() {
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '\n':
			s.line++
		case c == '#':
			end := strings.IndexByte(s.text[s.at:], '\n')
			if end < 0 {
				end = len(s.text) - s.at
			}
			s.at += end - 1
		case c != ' ' && c != '\t' && c != '\r':
			return
		}
	}
}

// quoted reads a word in quotes, in which a backslash protects the quote and itself.
func (s *nginxScanner) quoted(quote byte) (word *string, end byte) {
	var b strings.Builder
	for s.at++; s.at < len(s.text); s.at++ {
		c := s.text[s.at]
		switch {
		case c == quote:
			s.at++
			found := b.String()
			return &found, 0
		case c == '\\' && s.at+1 < len(s.text) && (s.text[s.at+1] == quote || s.text[s.at+1] == '\\'):
			s.at++
			c = s.text[s.at]
		case c == '\n':
			s.line++
		}
		b.WriteByte(c)
	}
	return nil, quote
}
