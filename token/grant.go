package token

import (
	"slices"
	"strings"
	"time"

	"github.com/crossgate/crossgate/trust"
)

// A Grant is what an access token allows. The zero values of its fields limit
// nothing, but for Servers, which is only looked at where Domains is set.
type Grant struct {
	ID         string         // its public name, "tok_…"; sent upstream as Crossgate-Token
	Subject    string         // the name that its owner gave it; sent upstream as Crossgate-Subject
	Expires    time.Time      // of no use from then on; zero: never expires
	Revoked    bool           // of no use any more
	Servers    bool           // of use without an Origin even though Domains is set
	Methods    []string       // nil: every method
	PathPrefix string         // "": every path; matches whole segments
	Domains    []trust.Domain // nil: pages of every trusted origin, and servers
	// QueryCarrier says which requests may carry it in their query; "": every one
	// that the site's policy lets.
	QueryCarrier QueryCarrier
}

// A Use is a request for which a token was shown, as the upstream will see it:
// after unwrapping.
type Use struct {
	Method   string
	Path     string       // as it came, percent codes and all
	RawQuery string       // as it goes upstream
	InQuery  bool         // the token came in the query
	Origin   trust.Origin // zero: the request has no Origin
	Now      time.Time
}

// A Denial says why a grant does not allow a use. The values are the stable codes
// of the refusals, and the empty one denies nothing.
type Denial string

// The denials, in the order in which they are found.
const (
	Allowed      Denial = ""
	Revoked      Denial = "token-revoked"
	Expired      Denial = "token-expired"
	NotForOrigin Denial = "token-not-for-origin" // bound to other Trusted Domains
	OutOfScope   Denial = "token-scope"          // another method or path, or not in a query
)

// Judge says whether the grant allows a use.
func (g *Grant) Judge(u Use) Denial {
	switch {
	case g.Revoked:
		return Revoked
	case !g.Expires.IsZero() && !u.Now.Before(g.Expires):
		return Expired
	case !g.coversOrigin(u.Origin):
		return NotForOrigin
	case !g.coversMethod(u.Method, u.RawQuery) || !InScope(u.Path, g.PathPrefix) || !g.coversCarrier(u):
		return OutOfScope
	}
	return Allowed
}

// JudgeHolder says whether the grant is of use to whom a use comes from at all,
// whatever its method and path: what is asked before a ticket is made of it.
func (g *Grant) JudgeHolder(u Use) Denial {
	everything := *g
	everything.Methods, everything.PathPrefix, everything.QueryCarrier = nil, "", ""
	return everything.Judge(u)
}

func (g *Grant) coversOrigin(o trust.Origin) bool {
	if g.Domains == nil {
		return true
	}
	if o.IsZero() {
		return g.Servers
	}
	return slices.ContainsFunc(g.Domains, func(d trust.Domain) bool { return d.Trusts(o) })
}

// coversMethod also refuses a query that some frameworks take for another method:
// a token that may only GET must not DELETE by way of ?_method=DELETE.
func (g *Grant) coversMethod(method, query string) bool {
	if g.Methods == nil {
		return true
	}
	return slices.Contains(g.Methods, method) && !mentionsMethodOverride(query)
}

func (g *Grant) coversCarrier(u Use) bool {
	return !u.InQuery || g.QueryCarrier == "" || g.QueryCarrier.Takes(u.Method)
}

// mentionsMethodOverride looks for "_method" in any spelling: neither case nor
// percent codes hide it, nor the characters that PHP turns into an underscore. It
// errs on the side of seeing it.
func mentionsMethodOverride(query string) bool {
	if query == "" {
		return false
	}
	plain := underscored.Replace(strings.ToLower(percentDecoded(query)))
	return strings.Contains(plain, "_method")
}

var underscored = strings.NewReplacer(".", "_", " ", "_", "+", "_", "[", "_")

// InScope reports whether a request's path, as it came, lies at or below a
// prefix, by whole segments: "/a/b" is below "/a" and "/a/", and "/ab" is not. An
// empty prefix is above everything. A path that servers could read in more than
// one way (see [IsPlainPath]) is below no prefix but the empty one.
func InScope(path, prefix string) bool {
	if prefix == "" {
		return true
	}
	if !IsPlainPath(path) {
		return false
	}
	rest, ok := strings.CutPrefix(path, strings.TrimSuffix(prefix, "/"))
	return ok && (rest == "" || rest[0] == '/')
}

// IsPlainPath reports whether every server reads the path the same way: it begins
// with one slash and has no dot segments, empty segments, backslashes,
// semicolons, control characters, nor percent codes for any of these, for a
// slash or for a percent sign (which a second decoding would turn into them).
func IsPlainPath(path string) bool {
	if !strings.HasPrefix(path, "/") || strings.Contains(path, "//") {
		return false
	}
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." || !isPlainSegment(segment) {
			return false
		}
	}
	return true
}

func isPlainSegment(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' {
			var ok bool
			if c, ok = percentCode(s[i:]); !ok || c == '.' || c == '/' || c == '%' {
				return false
			}
			i += 2
		}
		if c < ' ' || c == 0x7f || c == '\\' || c == ';' {
			return false
		}
	}
	return true
}

// percentCode decodes the "%XX" that s begins with.
func percentCode(s string) (byte, bool) {
	if len(s) < 3 {
		return 0, false
	}
	hi, ok1 := hexDigit(s[1])
	lo, ok2 := hexDigit(s[2])
	return hi<<4 | lo, ok1 && ok2
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// percentDecoded decodes what can be decoded and leaves the rest.
func percentDecoded(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if c, ok := percentCode(s[i:]); s[i] == '%' && ok {
			b = append(b, c)
			i += 2
			continue
		}
		b = append(b, s[i])
	}
	return string(b)
}
