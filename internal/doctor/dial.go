package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/url"
)

// A dialer opens connections as a browser does.
type dialer struct {
	roots *x509.CertPool // nil: those of the system
}

// dial connects to the server of an address, with TLS where it is https, and with HTTP/2
// where the server has it. Each request gets a connection of its own, so that their times
// can be compared.
func (d dialer) dial(ctx context.Context, u *url.URL) (net.Conn, error) {
	address := net.JoinHostPort(u.Hostname(), portOf(u))
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil || u.Scheme != "https" {
		return raw, err
	}
	conn := tls.Client(raw, &tls.Config{
		ServerName: u.Hostname(),
		RootCAs:    d.roots,
		NextProtos: []string{"h2", "http/1.1"},
		MinVersion: tls.VersionTLS12, // browsers have no less
	})
	if err := conn.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, err
	}
	return conn, nil
}

// speaksHTTP2 reports whether HTTP/2 was agreed upon.
func speaksHTTP2(conn net.Conn) bool {
	secure, ok := conn.(*tls.Conn)
	return ok && secure.ConnectionState().NegotiatedProtocol == "h2"
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}
