package gateway

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// newTransport returns the client of the upstreams: it takes no proxy from the
// environment and unpacks nothing. It repeats a request only where nothing of it
// was written, or where it is safe and an idle connection turned out to be closed.
func newTransport(timeout time.Duration) *http.Transport {
	if timeout <= 0 {
		timeout = DefaultUpstreamTimeout
	}
	t := &http.Transport{
		DialContext:            connect,
		TLSClientConfig:        &tls.Config{NextProtos: []string{"h2", "http/1.1"}},
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		MaxIdleConnsPerHost:    UpstreamIdleConns,
		IdleConnTimeout:        UpstreamIdle,
		ResponseHeaderTimeout:  timeout,
		ExpectContinueTimeout:  ContinueTimeout,
		MaxResponseHeaderBytes: MaxResponseHeadBytes,
	}
	t.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		return connectTLS(ctx, network, address, t.TLSClientConfig)
	}
	return t
}

// unconnected is why there is no connection to an upstream. Whoever gets this error has
// sent nothing of what it wanted to send there.
type unconnected struct{ error }

func (u unconnected) Unwrap() error { return u.error }

// connect opens a connection to an upstream. Its error is unconnected.
func connect(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: dialTimeout(ctx), KeepAlive: 30 * time.Second}
	c, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, unconnected{err}
	}
	return &upstreamConn{Conn: c, since: time.Now()}, nil
}

// dialTimeout is how long the connection may take that a request is waiting for: one that
// can go elsewhere does not wait for long.
func dialTimeout(ctx context.Context) time.Duration {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok && x.pool != nil {
		return UpstreamDialAmong
	}
	return UpstreamDialTimeout
}

// connectTLS is connect with TLS. The transport would do the same, but its errors do not
// tell that nothing was sent.
func connectTLS(ctx context.Context, network, address string, config *tls.Config) (net.Conn, error) {
	plain, err := connect(ctx, network, address)
	if err != nil {
		return nil, err
	}
	config = config.Clone()
	if config.ServerName, _, err = net.SplitHostPort(address); err != nil {
		_ = plain.Close()
		return nil, unconnected{err}
	}
	ctx, cancel := context.WithTimeout(ctx, dialTimeout(ctx))
	defer cancel()
	c := tls.Client(plain, config)
	if err := c.HandshakeContext(ctx); err != nil {
		_ = plain.Close()
		return nil, unconnected{err}
	}
	return c, nil
}

// upstreamConn is a connection whose writes may not stall.
type upstreamConn struct {
	net.Conn
	since time.Time    // when the connection was made
	armed atomic.Int64 // nanoseconds from then to when a write last got its deadline; 0: never
}

// Write gives each write between half and the whole of UpstreamWriteStall: to move
// the deadline for each would cost more than many a write.
func (c *upstreamConn) Write(b []byte) (int, error) {
	now, last := time.Since(c.since), time.Duration(c.armed.Load())
	if last == 0 || now-last >= UpstreamWriteStall/2 {
		c.armed.Store(int64(now))
		if err := c.SetWriteDeadline(c.since.Add(now + UpstreamWriteStall)); err != nil {
			return 0, err
		}
	}
	return c.Conn.Write(b)
}

// buffers are what bodies are copied through.
type buffers struct{ pool sync.Pool }

func newBuffers() *buffers {
	return &buffers{sync.Pool{New: func() any { return new([CopyBufferBytes]byte) }}}
}

func (b *buffers) Get() []byte { return b.pool.Get().(*[CopyBufferBytes]byte)[:] }

func (b *buffers) Put(used []byte) { b.pool.Put((*[CopyBufferBytes]byte)(used)) }
