// Package preflight holds the Fetch standard's rules on CORS preflights: would a
// browser send one for a request, with what, and why?
//
// Values in, values out: the package does no network input or output.
package preflight

import (
	"slices"
	"strings"
)

// A Header is a request header that a script sets.
type Header struct{ Name, Value string }

// UnsafeNames returns the CORS-unsafe request-header names of a list (Fetch standard,
// section 2.2.2), sorted and in lower case: what Access-Control-Request-Headers holds.
func UnsafeNames(headers []Header) []string {
	var names []string
	for _, h := range headers {
		names = append(names, strings.ToLower(h.Name))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// IsForbiddenHeader reports whether scripts cannot set a request header (Fetch
// standard, section 2.2.2, "forbidden request-header").
func IsForbiddenHeader(name, value string) bool {
	lower := strings.ToLower(name)
	return strings.HasPrefix(lower, "sec-") || strings.HasPrefix(lower, "proxy-")
}
