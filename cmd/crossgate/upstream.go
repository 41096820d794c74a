package main

import (
	"context"
	"net"
	"time"
)

// upstreamDialTimeout is how long the upstream may take to accept a connection
// before the start says that it does not.
const upstreamDialTimeout = 3 * time.Second

// tryUpstreams warns where the API does not answer: it may come up later.
func (n *node) tryUpstreams(ctx context.Context) {
	for _, u := range n.settings.Upstreams {
		address := u.Host
		if u.Port() == "" {
			address = net.JoinHostPort(u.Hostname(), defaultPort(u.Scheme))
		}
		dialer := net.Dialer{Timeout: upstreamDialTimeout}
		conn, err := dialer.DialContext(ctx, "tcp", address)
		switch {
		case err == nil:
			conn.Close()
		case ctx.Err() == nil:
			n.log.Warn("the upstream does not answer; requests that only it could take get 502 until it does", "upstream", u.Host, "error", err)
		}
	}
}

func defaultPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}
