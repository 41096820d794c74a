package snapshot

import (
	"fmt"
	"strings"

	"github.com/crossgate/crossgate/trust"
)

// Limits of a path prefix.
const (
	MaxPrefixSegments = 8
	MaxPrefixBytes    = 200
)

// An Address is where browsers find a site: an origin, and there the paths at and
// below a prefix. It is an immutable, comparable value.
type Address struct {
	Origin trust.Origin
	Prefix string // "/v2": "/v2" and what is below it, by whole segments; "": every path
}

// ParseAddress parses an address, for example https://api.example.com/v2. The origin is
// one of http or https as a browser writes it, see [trust.ParseOrigin]. The prefix has
// at most MaxPrefixSegments segments of letters, digits and "-._~": those can be
// written in one way only. A slash at the end means nothing.
func ParseAddress(text string) (Address, error) {
	scheme, rest, found := strings.Cut(text, "://")
	if !found || (scheme != "http" && scheme != "https") {
		return Address{}, fmt.Errorf("%q is no address of a site: it looks like https://api.example.com or https://api.example.com/v2", text)
	}
	authority, prefix := rest, ""
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		authority, prefix = rest[:i], strings.TrimSuffix(rest[i:], "/")
	}
	o, err := trust.ParseOrigin(scheme + "://" + authority)
	if err != nil {
		return Address{}, err
	}
	if err := checkPrefix(prefix); err != nil {
		return Address{}, err
	}
	return Address{Origin: o, Prefix: prefix}, nil
}

func checkPrefix(prefix string) error {
	if prefix == "" {
		return nil
	}
	if len(prefix) > MaxPrefixBytes || strings.Count(prefix, "/") > MaxPrefixSegments {
		return fmt.Errorf("the path of an address has at most %d bytes and %d segments; %q is longer", MaxPrefixBytes, MaxPrefixSegments, prefix)
	}
	for segment := range strings.SplitSeq(prefix[1:], "/") {
		switch {
		case segment == "", segment == ".", segment == "..", strings.Trim(segment, unreserved) != "":
			return fmt.Errorf("the path of an address is made of letters, digits and -._~ between slashes; %q is not", prefix)
		case strings.EqualFold(segment, ".crossgate"):
			return fmt.Errorf("%q: what is below .crossgate is Crossgate's own; choose another path", prefix)
		}
	}
	return nil
}

// unreserved are the characters that need no percent code anywhere in a URL (RFC 3986,
// section 2.3).
const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

// String returns the address as ParseAddress takes it.
func (a Address) String() string { return a.Origin.String() + a.Prefix }
