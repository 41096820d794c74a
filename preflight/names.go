package preflight

import (
	"slices"
	"strings"
)

// Limits of the CORS-safelist, in bytes (Fetch standard, section 2.2.2).
const (
	MaxSafelistedValue  = 128  // of one value
	MaxSafelistedValues = 1024 // of all safelisted values together
)

// safelist are the names that a CORS-safelisted request-header can have (Fetch
// standard, section 2.2.2), in the order of their rules.
var safelist = [...]string{"accept", "accept-language", "content-language", "content-type", "range"}

// The places in the safelist.
const (
	accept = iota
	acceptLanguage
	contentLanguage
	contentType
	byteRange
	unlisted = -1
)

// safelistPlace returns the place of a name in the safelist, in any case, or unlisted.
func safelistPlace(name string) int {
	for i, listed := range safelist {
		if equalFold(name, listed) {
			return i
		}
	}
	return unlisted
}

// UnsafeNames returns the CORS-unsafe request-header names of a list of headers (Fetch
// standard, section 2.2.2), each once, sorted and in lower case: what
// Access-Control-Request-Headers holds, with a comma between them.
//
// Names are taken to be tokens, and values are the bytes on the wire, without the blanks
// around them. Each header is judged by itself, also where its name is given twice.
// Forbidden request-headers do not get into such a list: see [IsForbiddenHeader].
func UnsafeNames(headers []Header) []string {
	names, size := make([]string, 0, len(headers)), 0
	for _, h := range headers {
		if why := (*rules)(nil).unsafe(h.Name, normalized(h.Value)); why != "" {
			names = append(names, lowerASCII(h.Name))
		} else {
			size += len(normalized(h.Value))
		}
	}
	if size > MaxSafelistedValues {
		for _, h := range headers {
			if safelistPlace(h.Name) != unlisted {
				names = append(names, lowerASCII(h.Name))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// normalized is a value without the HTTP whitespace around it (Fetch standard, section
// 2.2.2, "normalize").
func normalized(value string) string { return strings.Trim(value, httpWhitespace) }

// httpWhitespace is HTTP whitespace (Fetch standard, section 2.2).
const httpWhitespace = "\t\n\r "
