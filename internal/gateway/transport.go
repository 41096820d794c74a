package gateway

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// newTransport returns the client of the upstream: it takes no proxy from the
// environment and unpacks nothing. It repeats a request only where nothing of it
// was written, or where it is safe and an idle connection turned out to be closed.
func newTransport(timeout time.Duration) *http.Transport {
	if timeout <= 0 {
		timeout = DefaultUpstreamTimeout
	}
	dialer := &net.Dialer{Timeout: UpstreamDialTimeout, KeepAlive: 30 * time.Second}
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &upstreamConn{Conn: c, since: time.Now()}, nil
		},
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    UpstreamDialTimeout,
		DisableCompression:     true,
		MaxIdleConnsPerHost:    UpstreamIdleConns,
		IdleConnTimeout:        UpstreamIdle,
		ResponseHeaderTimeout:  timeout,
		ExpectContinueTimeout:  ContinueTimeout,
		MaxResponseHeaderBytes: MaxResponseHeadBytes,
	}
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
