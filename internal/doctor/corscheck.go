package doctor

import (
	"slices"
	"strings"

	"github.com/crossgate/crossgate/internal/explain"
)

// lets reports whether a response lets an origin in by its own name.
func lets(r explain.Response, origin string) bool {
	return slices.Equal(fieldsOf(r.Header, "access-control-allow-origin"), []string{origin})
}

// isOpen reports whether a response lets every origin in.
func isOpen(r explain.Response) bool { return lets(r, "*") }

// allowsCredentials reports whether it lets cookies take part.
func allowsCredentials(r explain.Response) bool {
	return slices.Equal(fieldsOf(r.Header, "access-control-allow-credentials"), []string{"true"})
}

// isReadable is the CORS check (Fetch standard, section 4.9).
func isReadable(r explain.Response, origin string, credentials bool) bool {
	if r.Failure != "" {
		return false
	}
	if !credentials && isOpen(r) {
		return true
	}
	return lets(r, origin) && (!credentials || allowsCredentials(r))
}

// allowOrigin is what a response says of origins, as one text to compare and to show.
func allowOrigin(r explain.Response) string {
	return strings.Join(fieldsOf(r.Header, "access-control-allow-origin"), ", ")
}

// varies reports whether a cache knows that a response is for one Origin alone.
func varies(r explain.Response) bool {
	return listed(r, "vary", "origin") || listed(r, "vary", "*")
}

// isStored reports whether a cache may keep a response that says nothing of it: not an
// error, and not a redirect for the moment (RFC 9110, section 15.1; RFC 9111, section
// 5.2.2.5).
func isStored(r explain.Response) bool {
	switch r.Status {
	case 200, 203, 204, 206, 300, 301, 308:
		return !listed(r, "cache-control", "no-store")
	}
	return false
}

// listed reports whether a field that is a list has an element, in any case.
func listed(r explain.Response, name, element string) bool {
	for _, value := range fieldsOf(r.Header, name) {
		for item := range strings.SplitSeq(value, ",") {
			if equalFold(strings.TrimSpace(item), element) {
				return true
			}
		}
	}
	return false
}
