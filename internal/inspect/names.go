package inspect

import (
	"slices"
	"strings"
)

// writeRequested writes the names that a preflight asks for, as they came.
func (o *Observation) writeRequested(s *slot) {
	defer s.end()
	if !o.Preflight {
		return
	}
	first := true
	for _, field := range o.RequestHeaders {
		field = limited(field, maxNames)
		if hasTelltale(field) {
			field = clean(field)
		}
		for name := range names(field) {
			s.addLine(first, name, maxNames)
			first = false
		}
	}
}

// names yields the names of a list, without blanks and empty elements.
func names(list string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for list != "" {
			name := list
			if end := strings.IndexByte(list, ','); end >= 0 {
				name, list = list[:end], list[end+1:]
			} else {
				list = ""
			}
			if name = trimmed(name); name != "" && !yield(name) {
				return
			}
		}
	}
}

// trimmed is a text without the blanks around it; browsers send none.
func trimmed(s string) string {
	if s == "" || s[0] > ' ' && s[len(s)-1] > ' ' {
		return s
	}
	return strings.Trim(s, " \t")
}

// addLine adds a line to the text that is being written, in lower case, or leaves it
// away where there is no room for all of it.
func (s *slot) addLine(first bool, line string, most int) {
	if len(line)+1 > s.room(most) {
		return
	}
	if !first {
		s.text[s.used] = '\n'
		s.used++
	}
	for i := range len(line) {
		c := line[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		s.text[int(s.used)+i] = c
	}
	s.used += uint16(len(line))
}

// maxUnsafe is how many names of a request's fields are kept.
const maxUnsafe = 16

// writeHeaders writes the names of the fields that a script has set and that are not
// safelisted, for a request that came from a page as it is.
func (o *Observation) writeHeaders(s *slot) {
	defer s.end()
	if o.Origin == "" || o.Preflight || o.Carrier == Form || o.Carrier == Multipart {
		return
	}
	var space [maxUnsafe]string
	found := space[:0]
	for name, values := range o.Header {
		if !isBrowsers(name) && o.isUnsafe(name, values) && len(found) < maxUnsafe {
			found = append(found, name)
		}
	}
	if len(found) > 1 {
		slices.Sort(found)
	}
	for i, name := range found {
		s.addLine(i == 0, clean(name), maxNames)
	}
}

// isBrowsers reports whether a field is one that browsers and proxies set by
// themselves, or one that is safelisted with nearly every value. No script made it.
func isBrowsers(name string) bool {
	switch name {
	case "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Access-Control-Request-Headers",
		"Access-Control-Request-Method", "Connection", "Content-Language", "Content-Length", "Cookie", "Date", "Dnt", "Expect",
		"Forwarded", "Host", "Keep-Alive", "Origin", "Pragma", "Priority", "Referer", "Save-Data", "Te", "Trailer",
		"Transfer-Encoding", "Upgrade", "Upgrade-Insecure-Requests", "User-Agent", "Via", "X-Request-Id", "X-Real-Ip",
		"Device-Memory", "Downlink", "Dpr", "Ect", "Rtt", "Viewport-Width", "Width":
		return true
	}
	return strings.HasPrefix(name, "Sec-") || strings.HasPrefix(name, "X-Forwarded-")
}

func (o *Observation) isUnsafe(name string, values []string) bool {
	switch name {
	case "Content-Type":
		return o.Carrier == Ordinary && !isSimpleType(values)
	case "Range":
		return len(values) != 1 || !strings.HasPrefix(values[0], "bytes=") || strings.Contains(values[0], ",")
	}
	return true
}

// simpleTypes are the content types that need no preflight (Fetch standard, section 2.2.2).
var simpleTypes = [...]string{"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}

func isSimpleType(values []string) bool {
	if len(values) != 1 {
		return false
	}
	text, _, _ := strings.Cut(values[0], ";")
	text = strings.Trim(text, " \t")
	for _, simple := range simpleTypes {
		if strings.EqualFold(text, simple) {
			return true
		}
	}
	return false
}
