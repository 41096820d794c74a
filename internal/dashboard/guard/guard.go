package guard

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// A Guard knows where the dashboard lives and judges requests by it.
type Guard struct {
	authority string // the only Host that is answered; "": loopback names
	secure    bool   // browsers reach the dashboard by https, whatever this socket speaks
	cross     *http.CrossOriginProtection
}

// New makes the guard of a dashboard at u, or of one that is reached by loopback
// names alone where u is nil. A URL must be https, or http on loopback, and
// nothing but scheme, host and port.
func New(u *url.URL) (*Guard, error) {
	g := &Guard{cross: http.NewCrossOriginProtection()}
	if u == nil {
		return g, nil
	}
	if u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return nil, fmt.Errorf("dashboard URL %q: give scheme, host and port only, as in https://crossgate.example.com", u)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return nil, fmt.Errorf("dashboard URL %q: it must begin with https:// unless it is on localhost, because people sign in there", u)
	}
	g.authority, g.secure = canonical(u.Scheme, u.Host), u.Scheme == "https"
	return g, nil
}

// Secure reports whether the browser that sent the request reached the dashboard
// by https.
func (g *Guard) Secure(r *http.Request) bool { return g.secure || r.TLS != nil }

// scheme is the scheme in which the browser knows the dashboard.
func (g *Guard) scheme(r *http.Request) string {
	if g.Secure(r) {
		return "https"
	}
	return "http"
}

// canonical returns a Host in lower case and without the scheme's own port.
func canonical(scheme, host string) string {
	host = strings.ToLower(host)
	if scheme == "https" {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}

// isLoopback reports whether a name without port is this machine's own. Names
// below localhost are not: not every resolver keeps them on the machine.
func isLoopback(name string) bool {
	if strings.EqualFold(name, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.IsLoopback() && ip.Zone() == ""
}
