package doctor

import (
	"net"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// A site says how far a page and what it calls are apart (Fetch Metadata, section 2.5).
type site string

const (
	sameOrigin site = "same-origin"
	sameSite   site = "same-site"
	crossSite  site = "cross-site"
)

// siteOf compares an origin with an address.
func siteOf(origin string, target *url.URL) site {
	from, err := url.Parse(origin)
	if err != nil || from.Host == "" {
		return crossSite // null, for one
	}
	switch {
	case originOf(from) == originOf(target):
		return sameOrigin
	case from.Scheme == target.Scheme && registrable(from.Hostname()) == registrable(target.Hostname()):
		return sameSite
	}
	return crossSite
}

// farther is the site of a request that has been redirected: the farthest of all.
func farther(a, b site) site {
	switch {
	case a == crossSite || b == crossSite:
		return crossSite
	case a == sameSite || b == sameSite:
		return sameSite
	}
	return sameOrigin
}

// registrable is the registrable domain of a host, or the host itself where it has none
// (HTML standard, "obtain a site").
func registrable(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if net.ParseIP(host) != nil {
		return host
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return domain
}

// originOf is the origin of an address as browsers write it (HTML standard,
// "serialization of an origin").
func originOf(u *url.URL) string {
	return strings.ToLower(u.Scheme) + "://" + strings.ToLower(hostOf(u))
}

// asBrowsersRead is an address as a browser reads it: scheme and host in lower case, the
// host in ASCII (URL standard, section 3.3, "domain to ASCII").
func asBrowsersRead(u *url.URL) *url.URL {
	read := *u
	read.Scheme = strings.ToLower(u.Scheme)
	host, err := idna.Lookup.ToASCII(u.Hostname())
	if err != nil || strings.Contains(host, ":") {
		return &read // what cannot be looked up is found out there
	}
	read.Host = join("", host, u.Port())[len("://"):]
	return &read
}
