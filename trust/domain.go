package trust

import (
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// A Domain is one Trusted Domain: the pattern of the origins that it trusts,
// normalised from what a person typed. It is an immutable, comparable value; the
// zero Domain trusts nothing.
//
//	app.example.com          https://app.example.com
//	*.example.com            https, any name below example.com, not example.com itself
//	example.com:8443         https://example.com:8443
//	http://old.example.com   http://old.example.com, once confirmed as insecure
//	localhost                http and https, any port
//	localhost:3000           http and https, that port
//	http://localhost:3000    exactly that
//	capacitor://localhost    exactly that, once confirmed as insecure
type Domain struct {
	// text is the normalised entry, as the examples above: its scheme where that is not
	// https, or not both of a loopback host's; "*." of a wildcard; host; port.
	text string
}

// newDomain puts an entry together from its parts; no scheme is https, or for a
// loopback host both http and https on any port, or on the one given.
func newDomain(scheme, host, port string, wildcard bool) Domain {
	written := scheme != "" && (scheme != "https" || isLoopbackHost(host))
	if !written && !wildcard && port == "" {
		return Domain{host} // as most are: nothing is copied
	}
	var b strings.Builder
	if written {
		b.WriteString(scheme + "://")
	}
	if wildcard {
		b.WriteString("*.")
	}
	b.WriteString(host)
	if port != "" {
		b.WriteString(":" + port)
	}
	return Domain{b.String()}
}

// cut takes the text apart: written is the scheme that it names, "" where it has none.
func (d Domain) cut() (written, host, port string, wildcard bool) {
	rest := d.text
	if scheme, after, ok := strings.Cut(d.text, "://"); ok {
		written, rest = scheme, after
	}
	rest, wildcard = strings.CutPrefix(rest, "*.")
	host, port, _ = splitPort(rest)
	return written, host, port, wildcard
}

// scheme returns the scheme, or "" for loopback hosts that are trusted over http and
// https.
func (d Domain) scheme() string {
	written, host, _, _ := d.cut()
	if written != "" || d.text == "" || isLoopbackHost(host) {
		return written
	}
	return "https"
}

// port returns the port; "" is the scheme's default one, or without a scheme any.
func (d Domain) port() string {
	_, _, port, _ := d.cut()
	return port
}

// String returns the normalised entry, which [ParseDomain] parses to the same
// Domain; "" for the zero Domain.
func (d Domain) String() string { return d.text }

// Unicode returns the entry with an internationalised name in its readable form,
// for example "bücher.example"; otherwise the same as String.
func (d Domain) Unicode() string {
	if !strings.Contains(d.text, "xn--") {
		return d.text
	}
	written, host, port, wildcard := d.cut()
	return newDomain(written, unicodeHost(host), port, wildcard).text
}

// IsZero reports whether d is the zero Domain, which trusts nothing.
func (d Domain) IsZero() bool { return d.text == "" }

// Host returns the host, without the "*." of a wildcard.
func (d Domain) Host() string {
	_, host, _, _ := d.cut()
	return host
}

// IsWildcard reports whether the entry trusts the names below its host.
func (d Domain) IsWildcard() bool {
	_, _, _, wildcard := d.cut()
	return wildcard
}

// IsLoopback reports whether the entry trusts pages of the visitor's own machine,
// which every program there may serve.
func (d Domain) IsLoopback() bool { return isLoopbackHost(d.Host()) && !d.IsApp() }

// IsApp reports whether the entry trusts an app or a browser extension.
func (d Domain) IsApp() bool {
	scheme := d.scheme()
	return scheme != "" && scheme != "https" && scheme != "http"
}

// IsInsecure reports whether others than the domain's owner can serve pages there:
// anyone on the network (http), or another app that claims the scheme.
func (d Domain) IsInsecure() bool {
	return d.IsApp() || (d.scheme() == "http" && !d.IsLoopback())
}

// Trusts reports whether the domain trusts an origin. It is the definition that
// [Set] is held against.
func (d Domain) Trusts(o Origin) bool {
	return !d.IsZero() && !o.IsZero() && d.trustsScheme(o) && d.trustsHost(o) && d.trustsPort(o)
}

func (d Domain) trustsScheme(o Origin) bool {
	scheme := d.scheme()
	if scheme == "" {
		return o.Scheme() == "http" || o.Scheme() == "https"
	}
	return scheme == o.Scheme()
}

func (d Domain) trustsHost(o Origin) bool {
	_, host, _, wildcard := d.cut()
	if wildcard {
		below, ok := strings.CutSuffix(o.Host(), host)
		return ok && len(below) > 1 && strings.HasSuffix(below, ".")
	}
	return host == o.Host()
}

func (d Domain) trustsPort(o Origin) bool {
	port := d.port()
	if d.scheme() == "" {
		return port == "" || port == o.effectivePort()
	}
	return port == o.Port()
}

// A Confirmation is something that a person has to confirm before an entry is saved.
type Confirmation string

// The confirmations, one for each way in which an entry can be more than it seems.
const (
	ConfirmInsecure     Confirmation = "insecure"      // http:// or an app's scheme: others can serve pages there
	ConfirmPublicSuffix Confirmation = "public-suffix" // a wildcard below which strangers register names
	ConfirmLookAlike    Confirmation = "look-alike"    // easily taken for an entry that is trusted already
)

// Confirmations returns what has to be confirmed about the entry by itself,
// whatever else is on the list: [ConfirmInsecure], [ConfirmPublicSuffix], and
// [ConfirmLookAlike] where the name mixes scripts. Likeness to another entry is
// found by [Set.LookAlikes].
func (d Domain) Confirmations() []Confirmation {
	var needed []Confirmation
	if d.IsInsecure() {
		needed = append(needed, ConfirmInsecure)
	}
	if d.coversPublicSuffix() {
		needed = append(needed, ConfirmPublicSuffix)
	}
	if d.MixesScripts() {
		needed = append(needed, ConfirmLookAlike)
	}
	return needed
}

//go:generate go run ../internal/testkit/suffixparents

// coversPublicSuffix reports whether strangers can register names that the
// wildcard trusts: its host is a public suffix, of either section of the list, or
// has one below it, as amazonaws.com has s3.amazonaws.com.
func (d Domain) coversPublicSuffix() bool {
	if !d.IsWildcard() || d.IsLoopback() {
		return false
	}
	_, above := slices.BinarySearch(suffixParents[:], d.Host())
	return above || isPublicSuffix(d.Host())
}

func isPublicSuffix(name string) bool {
	suffix, _ := publicsuffix.PublicSuffix(name)
	return suffix == name
}

// registrable returns the registrable domain of a host (the public suffix and one
// label more), or the host itself where it has none.
func registrable(host string) string {
	if isIPHost(host) {
		return host
	}
	name, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return name
}

// unicodeHost returns a host in its readable form, or as it is where there is none.
func unicodeHost(host string) string {
	if !strings.Contains(host, "xn--") {
		return host
	}
	text, err := idna.Punycode.ToUnicode(host)
	if err != nil {
		return host
	}
	return text
}

// MarshalText returns the normalised entry.
func (d Domain) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText parses as [ParseDomain] does; empty text is the zero Domain.
func (d *Domain) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Domain{}
		return nil
	}
	*d, err = ParseDomain(string(b))
	return err
}
