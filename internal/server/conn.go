package server

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// conn is a connection that its guard counts, and whose writes may not stall.
// Go's own WriteTimeout limits a whole response, which long downloads and event
// streams must survive; this limits each write.
type conn struct {
	net.Conn
	guard *guard
	from  netip.Addr
	gone  sync.Once

	since    time.Time    // when the connection was accepted
	armed    atomic.Int64 // nanoseconds from then to when a write last got its deadline; 0: never
	explicit atomic.Bool  // somebody above has set a write deadline of their own
}

func (c *conn) Write(b []byte) (int, error) {
	if err := c.arm(); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

// arm gives a write between half and the whole of WriteStall: to move the deadline
// for each would cost more than many a write.
func (c *conn) arm() error {
	now := time.Since(c.since)
	last := time.Duration(c.armed.Load())
	if c.explicit.Load() || last != 0 && now-last < WriteStall/2 {
		return nil
	}
	c.armed.Store(int64(now))
	return c.Conn.SetWriteDeadline(c.since.Add(now + WriteStall))
}

// SetWriteDeadline sets a deadline that stands until it is taken back. To take
// back what was not set, which net/http does after every response, costs nothing.
func (c *conn) SetWriteDeadline(t time.Time) error {
	if t.IsZero() && !c.explicit.Load() {
		return nil
	}
	c.explicit.Store(!t.IsZero())
	c.armed.Store(0)
	return c.Conn.SetWriteDeadline(t)
}

// SetDeadline is both deadlines.
func (c *conn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

// CloseWrite half-closes the connection, which net/http does before it gives up
// on a request's body, so that the client can read the answer first.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return c.Conn.Close()
}

func (c *conn) Close() error {
	err := c.Conn.Close()
	c.gone.Do(func() { c.guard.forget(c) })
	return err
}
