package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/preflight"
)

// lines returns the values of a header's lines, in order, without the blanks around them.
func (r *Response) lines(name string) []string {
	var all []string
	for _, h := range r.Header {
		if strings.EqualFold(h[0], name) {
			all = append(all, strings.Trim(h[1], "\t\n\r "))
		}
	}
	return all
}

// get returns the combined value of a header (Fetch standard, "get" of a header list),
// and false where there is none.
func (r *Response) get(name string) (value string, ok bool) {
	all := r.lines(name)
	return strings.Join(all, ", "), len(all) > 0
}

func (r *Response) has(name string) bool { return len(r.lines(name)) > 0 }

// names returns the names of all headers, in lower case, sorted, each once. What is no
// name is left out: a recording may have anything in its place.
func (r *Response) names() []string {
	all := []string{}
	for _, h := range r.Header {
		if preflight.IsToken(h[0]) {
			all = append(all, strings.ToLower(h[0]))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// line is a header line as evidence. It is for headers of CORS and for others that hold
// no secrets.
func (r *Response) line(name string) string {
	all := r.lines(name)
	switch len(all) {
	case 0:
		return "no " + name
	case 1:
		return name + ": " + shownValue(all[0])
	}
	var shown []string
	for _, value := range all[:min(len(all), 3)] {
		shown = append(shown, name+": "+shownValue(value))
	}
	if more := len(all) - len(shown); more > 0 {
		shown = append(shown, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(shown, "; ")
}

// shownValue is a header's value as it may be printed: short, printable, and without
// anything that looks like one of our secrets.
func shownValue(value string) string {
	const longest = 120
	if hasToken(value) {
		return hidden
	}
	cut := ""
	if len(value) > longest {
		value, cut = value[:longest], hidden
	}
	return printable(value) + cut
}

// printable is a text without what could command a terminal: the controls of ASCII, and
// those behind it (ECMA-48, "C1 set"), which terminals take in UTF-8 as well.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == '\uFFFD' {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
}

// elements extracts a list of tokens (Fetch standard, "extracting header list values";
// RFC 9110, section 5.6.1: empty elements do not count). It is not ok where an element is
// no token.
func (r *Response) elements(name string) (list []string, ok bool) {
	value, _ := r.get(name)
	for element := range strings.SplitSeq(value, ",") {
		element = strings.Trim(element, "\t ")
		switch {
		case element == "":
		case !preflight.IsToken(element):
			return nil, false
		default:
			list = append(list, element)
		}
	}
	return list, true
}
