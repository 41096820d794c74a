package gateway

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/crossgate/crossgate/trust"
)

// maxHostBytes is a name of 253 bytes, a colon and a port.
const maxHostBytes = 253 + 1 + 5

// isHost reports whether s is a host name or IP address, with or without a port
// (RFC 9110, section 7.2), in characters that mean nothing else anywhere.
func isHost(s string) bool {
	if s == "" || len(s) > maxHostBytes {
		return false
	}
	name, port, found := s, "", false
	if i := strings.LastIndexByte(s, ':'); i > strings.LastIndexByte(s, ']') {
		name, port, found = s[:i], s[i+1:], true
	}
	return (!found || isPort(port)) && (isName(name) || isBracketed(name))
}

func isPort(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != "" && len(s) <= 5
}

func isName(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '.', c == '-', c == '_':
		default:
			return false
		}
	}
	return s != "" && s[0] != '.' && !strings.Contains(s, "..")
}

// isBracketed reports whether s is an IPv6 address in brackets, without a zone.
func isBracketed(s string) bool {
	if len(s) < 4 || s[0] != '[' || s[len(s)-1] != ']' {
		return false
	}
	a, err := netip.ParseAddr(s[1 : len(s)-1])
	return err == nil && a.Is6() && a.Zone() == ""
}

// socketOrigin is the origin that the request was sent to, where it is certain that
// no name was involved that somebody else controls: the Host is the accepted
// socket's own address, or localhost, nothing says that the request was forwarded,
// and for loopback the peer is on this machine.
func (x *exchange) socketOrigin() trust.Origin {
	if x.forwarded || x.proxied || !endsWith(first(x.r.Header["Origin"]), x.r.Host) {
		return trust.Origin{}
	}
	o, err := trust.ParseOrigin(socketScheme(x.r) + "://" + strings.ToLower(x.r.Host))
	if err != nil {
		return trust.Origin{}
	}
	local, ok := localAddress(x.r)
	if !ok || originPort(o) != local.Port() || !names(o, local.Addr()) {
		return trust.Origin{}
	}
	if local.Addr().IsLoopback() && !x.peer.IsLoopback() {
		return trust.Origin{}
	}
	return o
}

// endsWith reports whether an origin can be that of a host: only then it is worth
// finding out.
func endsWith(origin, host string) bool {
	return len(origin) > len(host) && strings.EqualFold(origin[len(origin)-len(host):], host)
}

// names reports whether an origin's host is an address, be it as localhost.
func names(o trust.Origin, a netip.Addr) bool {
	if o.Host() == "localhost" {
		return a.IsLoopback()
	}
	host, err := netip.ParseAddr(strings.Trim(o.Host(), "[]"))
	return err == nil && host == a
}

func localAddress(r *http.Request) (netip.AddrPort, bool) {
	tcp, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}, false
	}
	a := tcp.AddrPort()
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port()), true
}

// originPort is the port of an http or https origin as a number.
func originPort(o trust.Origin) uint16 {
	switch {
	case o.Port() == "" && o.Scheme() == "https":
		return 443
	case o.Port() == "":
		return 80
	}
	var n uint16
	for _, c := range []byte(o.Port()) { // five digits, below 65536: ParseOrigin saw to it
		n = n*10 + uint16(c-'0')
	}
	return n
}
