package server

import (
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// guard is a listener that knows its open connections and limits them. The
// connections that were hijacked (WebSockets) are known here, too, which
// net/http has forgotten about.
type guard struct {
	net.Listener
	log    *slog.Logger
	limits Limits
	exempt []netip.Prefix
	slots  chan struct{} // one for each open connection
	closed chan struct{}
	stop   sync.Once
	warn   rate.Sometimes
	count  func(change int) // of open connections

	mu      sync.Mutex
	open    map[*conn]struct{}
	perAddr map[netip.Addr]int
	none    *sync.Cond // signalled where open becomes empty
}

func newGuard(one Service, cfg Config) *guard {
	g := &guard{
		Listener: one.Listener,
		log:      cfg.Log.With("service", one.Name),
		limits:   cfg.Limits,
		exempt:   cfg.TrustedProxies,
		slots:    make(chan struct{}, cfg.Limits.Connections),
		closed:   make(chan struct{}),
		warn:     rate.Sometimes{Interval: time.Minute},
		count:    counting(cfg.Connected, one.Name),
		open:     make(map[*conn]struct{}),
		perAddr:  make(map[netip.Addr]int),
	}
	g.none = sync.NewCond(&g.mu)
	return g
}

// counting tells somebody, if there is anybody, of a service's connections.
func counting(told func(service string, change int), service string) func(change int) {
	if told == nil {
		return func(int) {}
	}
	return func(change int) { told(service, change) }
}

// Accept waits for a free slot, then for a connection that may take it.
func (g *guard) Accept() (net.Conn, error) {
	select {
	case g.slots <- struct{}{}:
	case <-g.closed:
		return nil, net.ErrClosed
	}
	for {
		raw, err := g.Listener.Accept()
		if err != nil {
			<-g.slots
			return nil, err
		}
		if c := g.admit(raw); c != nil {
			return c, nil
		}
		_ = raw.Close() // it is refused; there is nobody to tell
	}
}

// admit registers a connection, or returns nil where its address has too many.
func (g *guard) admit(raw net.Conn) *conn {
	c := &conn{Conn: raw, guard: g, from: addressGroup(raw.RemoteAddr()), since: time.Now()}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.perAddr[c.from] >= g.limits.ConnectionsPerAddress && !g.isExempt(c.from) {
		g.warn.Do(func() { g.log.Warn("too many connections from one address", "address", c.from.String()) })
		return nil
	}
	g.perAddr[c.from]++
	g.open[c] = struct{}{}
	g.count(1)
	return c
}

// forget is admit's counterpart, called once for each connection.
func (g *guard) forget(c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.open, c)
	g.count(-1)
	if g.perAddr[c.from]--; g.perAddr[c.from] == 0 {
		delete(g.perAddr, c.from)
	}
	if len(g.open) == 0 {
		g.none.Broadcast()
	}
	<-g.slots
}

// isExempt reports whether many clients stand behind the address: a proxy that is
// trusted, or a program on this machine.
func (g *guard) isExempt(a netip.Addr) bool {
	if a.IsLoopback() || !a.IsValid() {
		return true
	}
	for _, p := range g.exempt {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// Close stops accepting. Open connections stay.
func (g *guard) Close() error {
	g.stop.Do(func() { close(g.closed) })
	return g.Listener.Close()
}

// cut closes every connection that is still open and returns how many there were.
func (g *guard) cut() int {
	g.mu.Lock()
	cut := make([]*conn, 0, len(g.open))
	for c := range g.open {
		cut = append(cut, c)
	}
	g.mu.Unlock()
	for _, c := range cut {
		_ = c.Close() // the deadline has passed: whatever it says, it is closed
	}
	return len(cut)
}

// wait returns when no connection is open.
func (g *guard) wait() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for len(g.open) > 0 {
		g.none.Wait()
	}
}

// addressGroup is what counts as one client: an IPv4 address, or the /64 that an
// IPv6 client can choose freely from. Exemptions are looked up by it, too.
func addressGroup(a net.Addr) netip.Addr {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	ip := tcp.AddrPort().Addr().Unmap().WithZone("")
	if ip.Is4() || ip.IsLoopback() {
		return ip
	}
	p, err := ip.Prefix(64)
	if err != nil {
		return ip
	}
	return p.Addr()
}
