package preflight

import (
	"slices"
	"strings"
)

// A Header is a request header that a script sets.
type Header struct{ Name, Value string }

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
		if len(name) == len(listed) && strings.EqualFold(name, listed) {
			return i
		}
	}
	return unlisted
}

// A safelisted is a value of a header whose name is on the safelist: one header, or
// several of the same name, combined.
type safelisted struct {
	given bool
	value string
}

// UnsafeNames returns the CORS-unsafe request-header names of a list of headers (Fetch
// standard, section 2.2.2), each once, sorted and in lower case: what
// Access-Control-Request-Headers holds, with a comma between them.
//
// Names are taken to be tokens. Values are the bytes on the wire, without their leading
// and trailing blanks; those of a name that is given twice are combined, as they are on
// the wire. Forbidden request-headers do not get into such a list: see
// [IsForbiddenHeader].
func UnsafeNames(headers []Header) []string {
	var listed [len(safelist)]safelisted
	names := make([]string, 0, len(headers))
	for _, h := range headers {
		i := safelistPlace(h.Name)
		switch {
		case i == unlisted:
			names = append(names, strings.ToLower(h.Name))
		case listed[i].given:
			listed[i].value += ", " + normalized(h.Value)
		default:
			listed[i] = safelisted{true, normalized(h.Value)}
		}
	}
	names = appendUnsafe(names, &listed)
	slices.Sort(names)
	return slices.Compact(names)
}

// appendUnsafe appends the names of the safelist whose values are not safelisted, or all
// of them where together they are too long.
func appendUnsafe(names []string, listed *[len(safelist)]safelisted) []string {
	size := 0
	for i, h := range listed {
		if h.given && unsafeValue(i, h.value) == "" {
			size += len(h.value)
		}
	}
	for i, h := range listed {
		if h.given && (size > MaxSafelistedValues || unsafeValue(i, h.value) != "") {
			names = append(names, safelist[i])
		}
	}
	return names
}

// normalized is a value without the HTTP whitespace around it (Fetch standard, section
// 2.2.2, "normalize").
func normalized(value string) string { return strings.Trim(value, httpWhitespace) }

// httpWhitespace is HTTP whitespace (Fetch standard, section 2.2).
const httpWhitespace = "\t\n\r "
