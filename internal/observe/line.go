package observe

import (
	"encoding/json"
	"strconv"
	"time"
)

// line is one line of the access log, in the form that slog's handlers write.
type line struct {
	format Format
	b      []byte
}

const lineTime = "2006-01-02T15:04:05.000Z07:00"

func (l *line) begin(at time.Time) {
	if l.format == JSON {
		l.b = append(l.b[:0], `{"time":"`...)
		l.b = at.AppendFormat(l.b, lineTime)
		l.b = append(l.b, `","level":"INFO","msg":"request"`...)
		return
	}
	l.b = append(l.b[:0], "time="...)
	l.b = at.AppendFormat(l.b, lineTime)
	l.b = append(l.b, " level=INFO msg=request"...)
}

func (l *line) key(name string) {
	if l.format == JSON {
		l.b = append(l.b, ',', '"')
		l.b = append(l.b, name...)
		l.b = append(l.b, '"', ':')
		return
	}
	l.b = append(l.b, ' ')
	l.b = append(l.b, name...)
	l.b = append(l.b, '=')
}

func (l *line) number(name string, n int64) {
	l.key(name)
	l.b = strconv.AppendInt(l.b, n, 10)
}

// text adds a value that a client may have chosen: cut to a bearable length, free of
// tokens, and quoted so that it cannot pass for another line or another key.
func (l *line) text(name, value string) {
	l.key(name)
	if len(value) > MaxLoggedText {
		value = value[:MaxLoggedText]
	}
	value = Redact(value)
	plain := isPlain(value)
	switch {
	case l.format == JSON && plain:
		l.b = append(append(append(l.b, '"'), value...), '"')
	case l.format == JSON:
		quoted, err := json.Marshal(value)
		if err != nil {
			quoted = []byte(`""`) // a string always marshals
		}
		l.b = append(l.b, quoted...)
	case plain && value != "":
		l.b = append(l.b, value...)
	default:
		l.b = strconv.AppendQuote(l.b, value)
	}
}

// isPlain reports whether a value means the same with quotation marks and without.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '=' {
			return false
		}
	}
	return true
}

func (l *line) end() []byte {
	if l.format == JSON {
		l.b = append(l.b, '}')
	}
	l.b = append(l.b, '\n')
	return l.b
}
