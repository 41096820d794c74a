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
	guard    *guard
	from     netip.Addr
	explicit atomic.Bool // somebody above has set a write deadline of their own
	gone     sync.Once
}

func (c *conn) Write(b []byte) (int, error) {
	if !c.explicit.Load() {
		if err := c.Conn.SetWriteDeadline(time.Now().Add(WriteStall)); err != nil {
			return 0, err
		}
	}
	return c.Conn.Write(b)
}

func (c *conn) SetWriteDeadline(t time.Time) error {
	c.explicit.Store(!t.IsZero())
	return c.Conn.SetWriteDeadline(t)
}

func (c *conn) SetDeadline(t time.Time) error {
	c.explicit.Store(!t.IsZero())
	return c.Conn.SetDeadline(t)
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
