package inspect

import (
	"iter"
	"slices"
	"strings"
)

// writeRequested writes what a preflight asks for, as it came: it is taken apart when
// somebody looks.
func (o *Observation) writeRequested(s *slot) {
	if !o.Preflight {
		return
	}
	for i, field := range o.RequestHeaders {
		if i > 0 {
			s.add(",", maxNames)
		}
		s.add(clean(limited(field, maxNames)), maxNames)
	}
}

// requestedNames yields the names in what writeRequested wrote, in lower case. One that
// was cut is left away.
func requestedNames(text string) iter.Seq[string] {
	if strings.HasSuffix(text, Ellipsis) {
		text = text[:strings.LastIndexByte(text, ',')+1]
	}
	return names(strings.ToLower(text))
}

// names yields the names of a list, without blanks and empty elements.
func names(list string) iter.Seq[string] {
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
func trimmed[T string | []byte](s T) T {
	for len(s) > 0 && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for len(s) > 0 && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
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

// maxNoted is how many are noted: Content-Type and Range may turn out to be safelisted.
const maxNoted = maxUnsafe + 2

// NoteName appends the name of a request's field, in its canonical form, to an
// [Observation]'s Names, unless it belongs to none of them or there are enough.
func NoteName(names []string, name string) []string {
	if usual[usualAt(name)] == name || isBrowsers(name) || len(names) >= maxNoted {
		return names
	}
	return append(names, name)
}

// writeHeaders writes the names of the fields that a script has set and that are not
// safelisted, for a request that came from a page as it is.
func (o *Observation) writeHeaders(s *slot) {
	if len(o.Names) == 0 || o.Origin == "" || o.Preflight || o.Carrier == Form || o.Carrier == Multipart {
		return
	}
	var space [maxUnsafe]string
	found := space[:0]
	for _, name := range o.Names {
		if o.isUnsafe(name) && len(found) < maxUnsafe {
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

// usual are names of isBrowsers that nearly every request has, each where usualAt says. To
// find one there takes a single comparison.
var usual = func() (at [256]string) {
	for _, name := range [...]string{
		"Accept", "Accept-Encoding", "Accept-Language", "Connection", "Content-Length", "Cookie", "Origin", "Priority", "Referer", "User-Agent",
		"Access-Control-Request-Headers", "Access-Control-Request-Method", "Sec-Ch-Ua", "Sec-Ch-Ua-Mobile", "Sec-Ch-Ua-Platform",
		"Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
	} {
		at[usualAt(name)] = name
	}
	return at
}()

// usualAt is a number that no two usual names have in common.
func usualAt(name string) uint8 {
	if len(name) < 2 {
		return 0
	}
	return name[0] + 5*name[len(name)-2] + uint8(len(name))
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

func (o *Observation) isUnsafe(name string) bool {
	switch name {
	case "Content-Type":
		return o.Carrier == Ordinary && !isSimpleType(o.Header[name])
	case "Range":
		values := o.Header[name]
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
