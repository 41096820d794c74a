package main

import (
	"context"
	"net"
	"time"
)

// upstreamDialTimeout is how long the upstream may take to accept a connection
// before the start says that it does not.
const upstreamDialTimeout = 3 * time.Second

// tryUpstream warns where the API does not answer: it may come up later.
func (n *node) tryUpstream(ctx context.Context) {
	address := n.settings.Upstream.Host
	if n.settings.Upstream.Port() == "" {
		address = net.JoinHostPort(n.settings.Upstream.Hostname(), defaultPort(n.settings.Upstream.Scheme))
	}
	dialer := net.Dialer{Timeout: upstreamDialTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	switch {
	case err == nil:
		conn.Close()
	case ctx.Err() == nil:
		n.log.Warn("the upstream does not answer; requests get 502 until it does", "upstream", n.settings.Upstream.Host, "error", err)
	}
}

func defaultPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}
