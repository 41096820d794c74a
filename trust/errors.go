package trust

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// maxShown is how much of a wrong input, in bytes, an error repeats.
const maxShown = 120

// An OriginReason says why a string is not an origin that a browser would send.
// The values are stable.
type OriginReason string

// The reasons for which [ParseOrigin] refuses.
const (
	OriginEmpty     OriginReason = "empty"
	OriginNull      OriginReason = "null"     // the opaque origin (HTML standard, "ASCII serialization of an origin")
	OriginTooLong   OriginReason = "too-long" // over MaxOriginLength bytes
	OriginBadScheme OriginReason = "scheme"
	OriginBadHost   OriginReason = "host"
	OriginBadPort   OriginReason = "port"
)

// An OriginError is a string that is not an origin, and why.
type OriginError struct {
	Value  string // what was parsed, cut to a length that is fit to print
	Reason OriginReason
}

func newOriginError(value string, reason OriginReason) *OriginError {
	return &OriginError{Value: shown(value), Reason: reason}
}

func (e *OriginError) Error() string {
	q := strconv.Quote(e.Value)
	switch e.Reason {
	case OriginEmpty:
		return "an origin is missing; it looks like https://app.example.com"
	case OriginNull:
		return "null is the origin of sandboxed frames, local files and some redirects: any page can have it, so it is never trusted"
	case OriginTooLong:
		return fmt.Sprintf("the origin %s… is longer than %d bytes; no browser sends that", q, MaxOriginLength)
	case OriginBadScheme:
		return fmt.Sprintf("%s is not an origin: it must begin with a scheme in lower case, as in https://app.example.com", q)
	case OriginBadPort:
		return fmt.Sprintf("%s is not an origin: the port must be 1 to 65535 without leading zeros, and is left out where it is the scheme's own", q)
	}
	return fmt.Sprintf("%s is not an origin: the host must be as a browser writes it, in lower case and Punycode, with nothing behind it", q)
}

// shown cuts s to a length that is fit to print, at a character's boundary.
func shown(s string) string {
	if len(s) <= maxShown {
		return s
	}
	end := maxShown
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

// A DomainReason says why an entry cannot be a Trusted Domain. The values are
// stable; people and scripts rely on them.
type DomainReason string

// The reasons for which [ParseDomain] refuses.
const (
	DomainEmpty        DomainReason = "entry-empty"
	DomainTooLong      DomainReason = "entry-too-long"  // a name over 253 bytes, a label over 63, or an origin over MaxOriginLength
	DomainAny          DomainReason = "entry-any"       // * alone, or as a whole origin
	DomainNull         DomainReason = "entry-null"      // null
	DomainPath         DomainReason = "entry-path"      // a path behind the host
	DomainQuery        DomainReason = "entry-query"     // a query behind the host
	DomainFragment     DomainReason = "entry-fragment"  // a fragment behind the host
	DomainUserinfo     DomainReason = "entry-userinfo"  // name and password before the host
	DomainBadWildcard  DomainReason = "entry-wildcard"  // * anywhere but as the whole first label
	DomainRegexp       DomainReason = "entry-regexp"    // a regular expression
	DomainBadPort      DomainReason = "entry-port"      // no port from 1 to 65535
	DomainBadScheme    DomainReason = "entry-scheme"    // file:, data:, ws: and others that no page is served by
	DomainBadCharacter DomainReason = "entry-character" // what no browser sends in an origin
	DomainBadName      DomainReason = "entry-name"      // empty labels, leading or trailing dots, impossible IDNA
	DomainBadNumber    DomainReason = "entry-number"    // a number that is not canonical IPv4
	DomainBadIPv6      DomainReason = "entry-ipv6"      // not an IPv6 address in brackets
	DomainZone         DomainReason = "entry-zone"      // an IPv6 zone
)

// A DomainError is an entry that cannot be a Trusted Domain, why, and where
// there is one, the entry that was probably meant.
type DomainError struct {
	Entry   string // as typed, cut to a length that is fit to print
	Reason  DomainReason
	Detail  string // a sentence that says what to do instead
	Suggest string // an entry that would be accepted, or ""
}

func (e *DomainError) Error() string {
	text := quoted(e.Entry) + " cannot be trusted: " + e.Detail
	if e.Suggest != "" {
		text += "; did you mean " + e.Suggest + "?"
	}
	return text
}

// quoted is a cut and quoted input, for use inside a sentence.
func quoted(s string) string { return strconv.Quote(shown(s)) }
