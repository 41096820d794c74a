package trust

import (
	"net/netip"
	"strconv"
	"strings"
)

// Limits of DNS names (RFC 1035, section 2.3.4), in bytes.
const (
	maxNameLength  = 253
	maxLabelLength = 63
)

// validHost reports whether h is a host exactly as a browser serializes it in an
// origin (URL standard, "host serializer"): a lower-case name, a canonical IPv4
// address or a canonical IPv6 address in brackets.
func validHost(h string) bool {
	if strings.HasPrefix(h, "[") {
		return validIPv6(h)
	}
	return validName(h) && (!endsInNumber(h) || validIPv4(h))
}

// validName reports whether h is made of labels that browsers send in an origin.
// Browsers allow more than DNS hosts do (underscores, hyphens anywhere), and
// Chromium sends characters such as { and ` that no certificate would carry;
// the latter are refused.
func validName(h string) bool {
	if len(h) == 0 || len(h) > maxNameLength {
		return false
	}
	label := 0
	for i := range len(h) {
		c := h[i]
		switch {
		case c == '.':
			if label == 0 {
				return false
			}
			label = 0
		case isLower(c) || isDigit(c) || c == '-' || c == '_':
			label++
			if label > maxLabelLength {
				return false
			}
		default:
			return false
		}
	}
	return label > 0 // no trailing dot: "example.com." is another host than "example.com"
}

// endsInNumber reports whether a browser would take h for an IPv4 address (URL
// standard, "ends in a number checker"). Such a host is either canonical IPv4
// or was never sent by a browser.
func endsInNumber(h string) bool {
	last := h[strings.LastIndexByte(h, '.')+1:]
	if last == "" {
		return false
	}
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(last, "0123456789") == ""
}

// validIPv4 reports whether h is an IPv4 address in its one canonical form.
// netip refuses leading zeros and missing parts, so what it parses is canonical.
func validIPv4(h string) bool {
	ip, err := netip.ParseAddr(h)
	return err == nil && ip.Is4()
}

// validIPv6 reports whether h is a bracketed IPv6 address in the one form that
// browsers write.
func validIPv6(h string) bool {
	if !strings.HasSuffix(h, "]") || strings.IndexByte(h, '%') >= 0 {
		return false
	}
	ip, err := netip.ParseAddr(h[1 : len(h)-1])
	if err != nil || !ip.Is6() {
		return false
	}
	var buf [64]byte
	return string(appendIPv6(buf[:0], ip)) == h
}

// appendIPv6 appends the address in brackets as the URL standard's IPv6
// serializer writes it. That is RFC 5952 without its mixed notation: an
// IPv4-mapped address is written in hexadecimal.
func appendIPv6(b []byte, ip netip.Addr) []byte {
	b = append(b, '[')
	if ip.Is4In6() {
		a := ip.As16()
		b = append(b, "::ffff:"...)
		b = strconv.AppendUint(b, uint64(a[12])<<8|uint64(a[13]), 16)
		b = append(b, ':')
		b = strconv.AppendUint(b, uint64(a[14])<<8|uint64(a[15]), 16)
	} else {
		b = ip.AppendTo(b)
	}
	return append(b, ']')
}

// isIPHost reports whether a valid host is an address, not a name.
func isIPHost(h string) bool {
	return strings.HasPrefix(h, "[") || (h != "" && endsInNumber(h))
}

// isLoopbackHost reports whether a valid host is the visitor's own machine
// (RFC 6761, section 6.3, and RFC 1122, section 3.2.1.3).
func isLoopbackHost(h string) bool {
	return h == "localhost" || strings.HasSuffix(h, ".localhost") || h == "[::1]" ||
		(strings.HasPrefix(h, "127.") && isIPHost(h))
}
