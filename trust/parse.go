package trust

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxEntryLength is the longest entry, in bytes, that is looked at: more than any
// name in Unicode can need.
const maxEntryLength = 2048

// ParseDomain parses and normalises one entry of the Trusted Domains list:
// surrounding space, upper case, "https://", the scheme's default port, one
// trailing "/" and Unicode (UTS 46, non-transitional) are taken care of. All else
// is refused with a [*DomainError] that says what to do instead.
//
// What ParseDomain accepts may still need a person's word: see
// [Domain.Confirmations].
func ParseDomain(entry string) (Domain, error) {
	p := parser{entry: entry}
	d, err := p.parse(strings.TrimSpace(entry))
	if err != nil {
		return Domain{}, err
	}
	if len(d.scheme())+len("://")+len(d.Host())+len(":65535") > MaxOriginLength {
		return Domain{}, p.refuse(DomainTooLong, "it is longer than a browser's Origin header can be (%d bytes)", MaxOriginLength)
	}
	return d, nil
}

// A parser parses one entry. Each step takes a part of the text and either
// passes the rest on or refuses.
type parser struct{ entry string }

func (p parser) parse(s string) (Domain, error) {
	if err := p.checkText(s); err != nil {
		return Domain{}, err
	}
	scheme, rest, err := p.cutScheme(s)
	if err != nil {
		return Domain{}, err
	}
	authority, err := p.cutAuthority(scheme, rest)
	if err != nil {
		return Domain{}, err
	}
	return p.parseAuthority(scheme, authority)
}

// checkText refuses what can be no entry as a whole.
func (p parser) checkText(s string) error {
	switch {
	case s == "":
		return p.refuse(DomainEmpty, "type a domain, for example app.example.com")
	case len(s) > maxEntryLength:
		return p.refuse(DomainTooLong, "an entry has at most %d bytes; put each domain on a line of its own", maxEntryLength)
	case !utf8.ValidString(s):
		return p.refuse(DomainBadCharacter, "it is not text in UTF-8; type the domain again")
	case s == "*":
		return p.refuse(DomainAny, "* would trust every page of the web; name the domains that you trust")
	case strings.EqualFold(s, "null"):
		return p.refuse(DomainNull, "null is the origin of sandboxed frames and local files, so any page can have it; serve the page from a domain and trust that")
	case looksLikeRegexp(s):
		return p.refuse(DomainRegexp, "regular expressions are not understood; write *.example.com for all names below example.com")
	}
	return nil
}

// looksLikeRegexp knows a regular expression by what no domain has. It decides
// only which sentence is shown: these characters are refused in any case.
func looksLikeRegexp(s string) bool {
	return strings.HasPrefix(s, "^") || strings.HasSuffix(s, "$") ||
		strings.HasPrefix(s, ".*") || strings.Contains(s, `\.`) ||
		strings.Contains(s, ".+") || strings.ContainsAny(s, "()|{}")
}

// cutScheme takes "scheme://" away; scheme is "" where none was typed.
func (p parser) cutScheme(s string) (scheme, rest string, err error) {
	before, after, found := strings.Cut(s, "://")
	if !found {
		if name, _, colon := strings.Cut(s, ":"); colon && refusedScheme(strings.ToLower(name)) {
			return "", "", p.refuseScheme(name)
		}
		if after, relative := strings.CutPrefix(s, "//"); relative {
			return "", after, nil
		}
		return "", s, nil
	}
	if before == "*" {
		return "", "", p.suggest(DomainBadWildcard, after, "the scheme cannot be left open; leave it out to trust https")
	}
	scheme = strings.ToLower(before)
	if !validScheme(scheme) || refusedScheme(scheme) {
		return "", "", p.refuseScheme(before)
	}
	return scheme, after, nil
}

func (p parser) refuseScheme(scheme string) error {
	return p.refuse(DomainBadScheme, "no page that could be trusted has an origin that begins with %q; type the domain that the page is served from", shown(scheme)+":")
}

// cutAuthority takes away one trailing slash, and refuses what stands behind or
// before host and port.
func (p parser) cutAuthority(scheme, rest string) (string, error) {
	authority := strings.TrimSuffix(rest, "/")
	if i := strings.IndexAny(authority, "/?#"); i >= 0 {
		reason, part := DomainPath, "path"
		switch authority[i] {
		case '?':
			reason, part = DomainQuery, "query"
		case '#':
			reason, part = DomainFragment, "fragment"
		}
		return "", p.suggest(reason, withScheme(scheme, authority[:i]), "an entry has no %s: whole origins are trusted, not single pages", part)
	}
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		return "", p.suggest(DomainUserinfo, withScheme(scheme, authority[i+1:]), "an entry has no user name or password; leave out everything up to the @")
	}
	return authority, nil
}

func withScheme(scheme, rest string) string {
	if scheme == "" {
		return rest
	}
	return scheme + "://" + rest
}

// parseAuthority parses what is left: [ "*." ] host [ ":" port ].
func (p parser) parseAuthority(scheme, authority string) (Domain, error) {
	hostport, wildcard := strings.CutPrefix(authority, "*.")
	if err := p.checkWildcard(scheme, hostport, wildcard); err != nil {
		return Domain{}, err
	}
	host, port, err := p.cutPort(scheme, hostport, wildcard)
	if err != nil {
		return Domain{}, err
	}
	host, err = p.parseHost(scheme, host)
	if err != nil {
		return Domain{}, err
	}
	if wildcard && isIPHost(host) {
		return Domain{}, p.refuse(DomainBadWildcard, "an IP address has no names below it; type the address alone")
	}
	if scheme == "" && !isLoopbackHost(host) {
		scheme = "https"
	}
	if port == defaultPort(scheme) {
		port = ""
	}
	return newDomain(scheme, host, port, wildcard), nil
}

// checkWildcard refuses a star anywhere but as the whole first label of a name.
func (p parser) checkWildcard(scheme, hostport string, wildcard bool) error {
	host, _, _ := strings.Cut(hostport, ":")
	switch {
	case host == "*" && !wildcard:
		return p.refuse(DomainAny, "* would trust every page of the web; name the domains that you trust")
	case strings.Contains(hostport, "*") && !strings.Contains(host, "*"):
		if isLoopbackHost(strings.ToLower(host)) {
			scheme = "" // which leaves scheme and port open
		}
		return p.suggest(DomainBadPort, withScheme(scheme, host), "a port cannot be left open, but for localhost, where it is left out")
	case strings.Contains(hostport, "*"):
		return p.suggest(DomainBadWildcard, withScheme(scheme, "*."+wildcardHost(host)),
			"a * stands only for whole names before the first dot, as in *.example.com")
	case wildcard && scheme != "" && scheme != "http" && scheme != "https":
		return p.refuse(DomainBadWildcard, "an app or extension is trusted by its exact origin; leave out the *")
	}
	return nil
}

// wildcardHost is the host below which somebody who wrote a star elsewhere probably
// means all names: what follows a star at the beginning, or the label of the last one.
func wildcardHost(host string) string {
	rest := strings.TrimLeft(host, "*.")
	if i := strings.LastIndexByte(rest, '*'); i >= 0 {
		_, rest, _ = strings.Cut(rest[i:], ".")
	}
	return rest
}

// cutPort splits host and port, and refuses what is no port.
func (p parser) cutPort(scheme, hostport string, wildcard bool) (host, port string, err error) {
	if strings.Count(hostport, ":") > 1 && !strings.HasPrefix(hostport, "[") {
		return "", "", p.bareIPv6(scheme, hostport)
	}
	host, port, ok := splitPort(hostport)
	if !ok || (port != "" && !validPort(port)) {
		bare := host
		if wildcard {
			bare = "*." + bare
		}
		return "", "", p.suggest(DomainBadPort, withScheme(scheme, bare), "a port is a number from 1 to 65535 without leading zeros")
	}
	return host, port, nil
}

// bareIPv6 refuses what has several colons and no brackets.
func (p parser) bareIPv6(scheme, s string) error {
	ip, err := netip.ParseAddr(s)
	if err != nil {
		return p.refuse(DomainBadPort, "there is more than one colon; an entry is a host and at most one port")
	}
	return p.suggest(DomainBadIPv6, withScheme(scheme, string(appendIPv6(nil, ip.WithZone("")))), "an IPv6 address is written in brackets")
}

// parseHost normalises a host to the form that browsers send.
func (p parser) parseHost(scheme, host string) (string, error) {
	if strings.HasPrefix(host, "[") {
		return p.parseIPv6(scheme, host)
	}
	name, err := p.toASCII(scheme, host)
	if err != nil {
		return "", err
	}
	if err := p.checkName(scheme, name); err != nil {
		return "", err
	}
	if endsInNumber(name) && !validIPv4(name) {
		return "", p.refuse(DomainBadNumber, "a browser takes this for an IPv4 address; write it as four numbers from 0 to 255, without leading zeros")
	}
	return name, nil
}

func (p parser) parseIPv6(scheme, host string) (string, error) {
	inside := strings.TrimSuffix(host[1:], "]")
	if address, _, zone := strings.Cut(inside, "%"); zone {
		return "", p.suggest(DomainZone, withScheme(scheme, "["+address+"]"), "browsers send no zone with an IPv6 address; leave out the %% and what follows")
	}
	ip, err := netip.ParseAddr(inside)
	if err != nil || !ip.Is6() || !strings.HasSuffix(host, "]") {
		return "", p.refuse(DomainBadIPv6, "this is not an IPv6 address in brackets, as in [2001:db8::1]")
	}
	return string(appendIPv6(nil, ip)), nil
}

// browserIDNA is UTS 46 as browsers use it (URL standard, "domain to ASCII"):
// non-transitional, hyphens and underscores anywhere. Lengths are checked apart.
var browserIDNA = idna.New(
	idna.MapForLookup(),
	idna.Transitional(false),
	idna.StrictDomainName(false),
	idna.CheckHyphens(false),
	idna.BidiRule(),
	idna.VerifyDNSLength(false),
)

// toASCII lower-cases a name and turns Unicode into Punycode. The names of apps
// and extensions are opaque to browsers and have no Unicode form.
func (p parser) toASCII(scheme, host string) (string, error) {
	if isPlainASCII(host) {
		return strings.ToLower(host), nil
	}
	if strings.ContainsFunc(host, forbiddenInName) || (scheme != "" && defaultPort(scheme) == "") {
		return "", p.refuseCharacter(host)
	}
	name, err := browserIDNA.ToASCII(host)
	if err != nil {
		return "", p.refuse(DomainBadName, "%s is not a name that browsers can look up (%v); copy it from the address bar", quoted(host), err)
	}
	return name, nil
}

// isPlainASCII reports whether IDNA has nothing to do with a name.
func isPlainASCII(host string) bool {
	for i := range len(host) {
		if host[i] >= utf8.RuneSelf {
			return false
		}
	}
	return !strings.Contains(strings.ToLower(host), "xn--")
}

// forbiddenInName reports characters that IDNA would let pass or take away
// without a word, and that no one means to type into a domain.
func forbiddenInName(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r != '.' && r != '-' && r != '_' && !isLower(byte(r|0x20)) && !isDigit(byte(r))
	default:
		return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r)
	}
}

// checkName says which rule of names a name breaks that validName refuses.
func (p parser) checkName(scheme, name string) error {
	if validName(name) {
		return nil
	}
	if name == "" {
		return p.refuse(DomainBadName, "the name is missing; type a domain, for example app.example.com")
	}
	for _, r := range name {
		if forbiddenInName(r) {
			return p.refuseCharacter(name)
		}
	}
	if len(name) > maxNameLength {
		return p.refuse(DomainTooLong, "a name has at most %d characters", maxNameLength)
	}
	if trimmed := strings.Trim(name, "."); trimmed != name && validName(trimmed) {
		return p.suggest(DomainBadName, withScheme(scheme, trimmed), "a name neither begins nor ends with a dot: browsers take it for another host")
	}
	if strings.Contains(name, "..") || strings.Trim(name, ".") == "" {
		return p.refuse(DomainBadName, "there is nothing between two dots; type the whole name")
	}
	return p.refuse(DomainTooLong, "each part of a name has at most %d characters", maxLabelLength)
}

func (p parser) refuseCharacter(name string) error {
	for _, r := range name {
		if forbiddenInName(r) || r >= utf8.RuneSelf {
			return p.refuse(DomainBadCharacter, "%q does not belong into a domain; browsers send letters, digits, hyphens, underscores and dots", r)
		}
	}
	return p.refuse(DomainBadCharacter, "browsers send only letters, digits, hyphens, underscores and dots in a domain")
}

// refuse makes the error of an entry that has no near-by entry to suggest.
func (p parser) refuse(reason DomainReason, format string, args ...any) *DomainError {
	return &DomainError{Entry: shown(p.entry), Reason: reason, Detail: fmt.Sprintf(format, args...)}
}

// suggest makes the error of an entry with the one that was probably meant, where
// that one would be accepted.
func (p parser) suggest(reason DomainReason, meant, format string, args ...any) error {
	e := p.refuse(reason, format, args...)
	if d, err := ParseDomain(meant); err == nil && !d.coversPublicSuffix() {
		e.Suggest = d.String()
	}
	return e
}
