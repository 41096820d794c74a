package trust

import "strings"

// MaxOriginLength is the longest Origin header, in bytes, that is looked at.
// Longer ones are malformed: scheme, a name of 253 bytes and a port fit easily.
const MaxOriginLength = 300

// An Origin is a tuple origin: scheme, host and port (RFC 6454, section 4), in
// the serialization that browsers send (RFC 6454, section 6.1). It is an
// immutable, comparable value; two origins are the same origin exactly when
// they are ==. The zero Origin is no origin and is trusted by nothing.
type Origin struct {
	text   string // "https://app.example.com:8443"
	scheme uint16 // length of the scheme
	host   uint16 // offset of the end of the host
}

// ParseOrigin parses the value of an Origin header, strictly: lower-case scheme
// and host, the port only where it is not the scheme's own and then without
// leading zeros, no path, no userinfo, no trailing dot, at most
// [MaxOriginLength] bytes. What a browser would have written differently is an
// error, not something to repair. The error is an [*OriginError].
//
// ParseOrigin does not allocate when it succeeds.
func ParseOrigin(s string) (Origin, error) {
	o, reason := parseOrigin(s)
	if reason != "" {
		return Origin{}, newOriginError(s, reason)
	}
	return o, nil
}

// parseOrigin is ParseOrigin with the bare reason, which costs nothing on the
// path of requests; the reason is empty where the origin is well formed.
func parseOrigin(s string) (Origin, OriginReason) {
	switch {
	case s == "":
		return Origin{}, OriginEmpty
	case s == "null":
		return Origin{}, OriginNull
	case len(s) > MaxOriginLength:
		return Origin{}, OriginTooLong
	}
	scheme, rest, found := strings.Cut(s, "://")
	if !found || !validScheme(scheme) || refusedScheme(scheme) {
		return Origin{}, OriginBadScheme
	}
	host, port, ok := splitPort(rest)
	if !ok || (port != "" && (!validPort(port) || port == defaultPort(scheme))) {
		return Origin{}, OriginBadPort
	}
	if !validHost(host) {
		return Origin{}, OriginBadHost
	}
	return Origin{
		text:   s,
		scheme: uint16(len(scheme)),
		host:   uint16(len(scheme) + len("://") + len(host)),
	}, ""
}

// String returns the origin as a browser sends it, for example
// "https://app.example.com:8443", or "" for the zero Origin.
func (o Origin) String() string { return o.text }

// IsZero reports whether o is the zero Origin, which is no origin.
func (o Origin) IsZero() bool { return o.text == "" }

// Scheme returns the scheme in lower case, without "://".
func (o Origin) Scheme() string { return o.text[:o.scheme] }

// Host returns the host: a name, an IPv4 address, or an IPv6 address in brackets.
func (o Origin) Host() string {
	if o.text == "" {
		return ""
	}
	return o.text[int(o.scheme)+len("://") : o.host]
}

// Port returns the port as text, or "" where it is the scheme's default one.
func (o Origin) Port() string {
	if int(o.host) >= len(o.text) {
		return ""
	}
	return o.text[o.host+1:]
}

// Authority returns host and, where it is not the default, port: what a browser
// puts into the Host header of a request to this origin.
func (o Origin) Authority() string {
	if o.text == "" {
		return ""
	}
	return o.text[int(o.scheme)+len("://"):]
}

// IsLoopback reports whether the host is the visitor's own machine: localhost,
// a name below it, 127.0.0.0/8 or [::1].
func (o Origin) IsLoopback() bool { return isLoopbackHost(o.Host()) }

// IsIP reports whether the host is an IP address.
func (o Origin) IsIP() bool { return isIPHost(o.Host()) }

// IsSecure reports whether credentials may ever be shared with the origin: it
// was delivered over TLS (https) and is not a name that every program on the
// visitor's machine may serve.
func (o Origin) IsSecure() bool { return o.Scheme() == "https" && !o.IsLoopback() }

// effectivePort is the port as a number in text, the scheme's own where none is
// written.
func (o Origin) effectivePort() string {
	if p := o.Port(); p != "" {
		return p
	}
	return defaultPort(o.Scheme())
}

// defaultPort returns the default port of a scheme (URL standard, "special
// scheme"), or "".
func defaultPort(scheme string) string {
	switch scheme {
	case "https":
		return "443"
	case "http":
		return "80"
	}
	return ""
}

// splitPort splits "host:port" at the colon after the host, with regard to
// IPv6 brackets. It is not ok where a colon stands without a port behind it.
func splitPort(hostport string) (host, port string, ok bool) {
	from := 0
	if strings.HasPrefix(hostport, "[") {
		if from = strings.IndexByte(hostport, ']') + 1; from == 0 {
			return hostport, "", true // an unclosed bracket: the host will not do
		}
	}
	i := strings.IndexByte(hostport[from:], ':')
	if i < 0 {
		return hostport, "", true
	}
	i += from
	return hostport[:i], hostport[i+1:], i+1 < len(hostport)
}

// validPort reports whether p is a canonical decimal port from 1 to 65535.
func validPort(p string) bool {
	if p == "" || len(p) > 5 || p[0] == '0' {
		return false
	}
	n := 0
	for i := range len(p) {
		if p[i] < '0' || p[i] > '9' {
			return false
		}
		n = n*10 + int(p[i]-'0')
	}
	return n <= 65535
}

// validScheme reports whether s is a scheme in lower case (RFC 3986, section 3.1).
func validScheme(s string) bool {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !isLower(c) && !isDigit(c) && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

// refusedScheme reports whether pages of a scheme never have an origin worth
// trusting: the ones whose origin is opaque, that name no page, or that are not
// schemes of pages at all.
func refusedScheme(s string) bool {
	switch s {
	case "about", "blob", "content", "data", "file", "filesystem", "ftp", "intent",
		"javascript", "mailto", "null", "resource", "tel", "urn", "vbscript",
		"view-source", "ws", "wss":
		return true
	}
	return false
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
