package server

import "time"

// The limits that every connection stands under.
const (
	// HeaderTimeout is how long a client may take for a TLS handshake, and then
	// for the head of a request.
	HeaderTimeout = 10 * time.Second
	// IdleTimeout is how long a connection may wait for its next request.
	IdleTimeout = 90 * time.Second
	// WriteStall is how long one write to a client may take, or half as long: whoever
	// reads nothing meanwhile is gone. It does not limit downloads that make progress,
	// nor event streams that have nothing to say.
	WriteStall = 60 * time.Second
	// MaxHeadBytes is what net/http reads of a request's head before it answers
	// 431 by itself. It is above the gateway's own limit, whose answer explains.
	MaxHeadBytes = 64 << 10
	// MaxStreams is how many requests one HTTP/2 connection may have under way.
	MaxStreams = 128
	// PingAfter and PingTimeout find HTTP/2 clients that vanished.
	PingAfter   = 45 * time.Second
	PingTimeout = 15 * time.Second
)

// The defaults of Limits.
const (
	DefaultConnections           = 20_000
	DefaultConnectionsPerAddress = 1_000
)

// Limits are the limits on the number of connections, for each service.
type Limits struct {
	Connections           int // in all; more wait to be accepted
	ConnectionsPerAddress int // from one IPv4 address or IPv6 /64; more are closed
}

func (l Limits) orDefault() Limits {
	if l.Connections <= 0 {
		l.Connections = DefaultConnections
	}
	if l.ConnectionsPerAddress <= 0 {
		l.ConnectionsPerAddress = DefaultConnectionsPerAddress
	}
	return l
}
