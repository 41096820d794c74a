package gateway

import (
	"cmp"
	"strings"

	"github.com/crossgate/crossgate/internal/gate"
)

// edge refuses or repairs what servers could read in more than one way, before
// anything else looks at the request.
func (x *exchange) edge() *gate.Problem {
	if p := checkMethod(x.r.Method); p != nil {
		return p
	}
	if !isHost(x.r.Host) {
		return malformed("The Host field must be one host name or IP address, with or without a port.")
	}
	if p := x.checkTarget(); p != nil {
		return p
	}
	if p := x.screenFields(); p != nil {
		return p
	}
	if p := x.checkConnection(); p != nil {
		return p
	}
	return x.checkUpgrade()
}

// checkMethod lets pass what looks like a method: standard ones, WebDAV's, an
// API's own in capitals. CONNECT and TRACE are for proxies and for debugging.
func checkMethod(method string) *gate.Problem {
	switch method {
	case "GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS":
		return nil
	case "CONNECT", "TRACE", "TRACK":
		return problemMethod
	}
	if method == "" || len(method) > MaxMethodBytes {
		return malformed("The method is too long.")
	}
	for i := range len(method) {
		if c := method[i]; (c < 'A' || c > 'Z') && c != '-' {
			return malformed("Methods are written in capital letters, for example PATCH.")
		}
	}
	return nil
}

// checkTarget finds the path as it came. Both forms that a server must take are
// taken (RFC 9112, section 3.2): "/path" and "http://host/path".
func (x *exchange) checkTarget() *gate.Problem {
	u, target := x.r.URL, x.r.RequestURI
	for i := range len(target) {
		if c := target[i]; c <= ' ' || c == 0x7f || c == '#' {
			return malformed("The request target must be a path without spaces, control characters or #.")
		}
	}
	switch {
	case strings.HasPrefix(target, "/"):
		x.path, _, _ = strings.Cut(target, "?")
	case u.Opaque == "" && u.User == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https"):
		x.path = cmp.Or(u.EscapedPath(), "/")
	default:
		return malformed("The request target must be a path that begins with a slash.")
	}
	// Such a path can only be sent up byte for byte in a form that begins with the
	// authority, and would then be taken for one.
	if strings.HasPrefix(x.path, "//") && u.EscapedPath() != x.path {
		return malformed("The path begins with two slashes and has characters that must be percent-encoded.")
	}
	return nil
}

// checkConnection refuses to let a client take fields away that we are about to
// set (RFC 9110, section 7.6.1): only the usual options may be named.
func (x *exchange) checkConnection() *gate.Problem {
	for _, line := range x.r.Header["Connection"] {
		for option := range strings.SplitSeq(line, ",") {
			if !isUsualOption(strings.Trim(option, " \t")) {
				return malformed("The Connection field may name close, keep-alive, upgrade, te and http2-settings alone.")
			}
		}
	}
	return nil
}

func isUsualOption(option string) bool {
	for _, usual := range [...]string{"keep-alive", "close", "upgrade", "te", "http2-settings", ""} {
		if strings.EqualFold(option, usual) {
			return true
		}
	}
	return false
}
