package explain

import (
	"net/netip"
	"net/url"
	"strings"
)

// spaceOf returns the address space of a host where the host itself tells: of IP
// addresses, and of the names that are never public. "" is not known.
func spaceOf(host string) AddressSpace {
	if isLoopbackName(host) {
		return SpaceLoopback
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	switch {
	case err != nil && strings.HasSuffix(strings.ToLower(host), ".local"):
		return SpaceLocal
	case err != nil:
		return ""
	}
	ip = ip.Unmap()
	switch {
	case ip.IsUnspecified():
		return SpaceLoopback
	case ip.IsPrivate(), ip.IsLinkLocalUnicast(), isShared(ip):
		return SpaceLocal
	}
	return SpacePublic
}

// isShared: 100.64.0.0/10, which providers share among their customers (RFC 6598).
func isShared(ip netip.Addr) bool {
	return netip.MustParsePrefix("100.64.0.0/10").Contains(ip)
}

// isLoopbackName reports whether a host is the visitor's own machine (Secure Contexts,
// "is origin potentially trustworthy?").
func isLoopbackName(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// isCloser reports whether a target is nearer to the visitor than the page is. A page
// whose place is not known is taken for a public one.
func isCloser(target, page AddressSpace) bool {
	nearness := map[AddressSpace]int{SpaceLocal: 1, SpaceLoopback: 2}
	return nearness[target] > nearness[page]
}

// hostOfOrigin returns the host of an origin without its port.
func hostOfOrigin(origin string) string {
	u, err := url.Parse(origin)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
