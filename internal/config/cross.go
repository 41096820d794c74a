package config

import (
	"fmt"
	"net"
)

// maxUpstreams is how many a site may have, as with those that are kept in the database.
const maxUpstreams = 20

// cross checks the settings against each other.
func (c *Config) cross() []Mistake {
	var mistakes []Mistake
	add := func(flag, problem string) {
		mistakes = append(mistakes, Mistake{Setting: flag, From: c.from(flag), Problem: problem})
	}
	switch {
	case c.TLSCert != "" && c.TLSKey == "":
		add("tls-cert", "a certificate needs its key: give --tls-key, too")
	case c.TLSKey != "" && c.TLSCert == "":
		add("tls-key", "a key needs its certificate: give --tls-cert, too")
	}
	if len(c.Upstreams) > maxUpstreams {
		add("upstream", fmt.Sprintf("give %d at most, or a load balancer's address", maxUpstreams))
	}
	if problem := c.dashboardProblem(); problem != "" {
		add("dashboard", problem)
	}
	return mistakes
}

// dashboardProblem says why people could not sign in safely: a password must not
// cross a network in the clear, and the dashboard must know its own name to
// refuse requests that were meant for another.
func (c *Config) dashboardProblem() string {
	switch {
	case isLoopbackAddress(c.Dashboard) || c.DashboardURL.Scheme() == "https":
		return ""
	case !c.DashboardURL.IsZero() && !c.DashboardTLS():
		return "passwords would cross the network in the clear: give an https --dashboard-url (of the proxy before it), or --tls-cert and --tls-key, or listen on 127.0.0.1"
	case !c.DashboardURL.IsZero():
		return "the dashboard speaks TLS here: give a --dashboard-url that begins with https://"
	case !c.DashboardTLS():
		return "off loopback the dashboard needs an https --dashboard-url, or --tls-cert and --tls-key, or listen on 127.0.0.1"
	case isAnyAddress(c.Dashboard):
		return "the dashboard must know its own name here: give --dashboard-url, as in https://crossgate.example.com"
	}
	return ""
}

// isAnyAddress reports whether a HOST:PORT names no host that a browser could use.
func isAnyAddress(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	ip := net.ParseIP(host)
	return err == nil && (host == "" || (ip != nil && ip.IsUnspecified()))
}
