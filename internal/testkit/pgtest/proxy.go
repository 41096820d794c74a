//go:build unix

package pgtest

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// A Proxy stands between a node and a server, and can part them. Its methods are for
// any goroutine.
type Proxy struct {
	listener net.Listener
	target   string

	lock  sync.Mutex
	state state
	moved chan struct{} // closed at each change of state
	open  map[net.Conn]bool
	tasks sync.WaitGroup
}

// A state is what a proxy does with bytes and with new connections.
type state int

const (
	healed  state = iota // carries them
	stalled              // holds them: nobody learns of anything
	cut                  // refuses them
	ended
)

// NewProxy starts a proxy in front of an address (host and port). It ends with the
// test.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: l, target: target, moved: make(chan struct{}), open: map[net.Conn]bool{}}
	p.tasks.Go(p.accept)
	t.Cleanup(p.end)
	return p
}

// Address returns host and port of the proxy.
func (p *Proxy) Address() string { return p.listener.Addr().String() }

// Through returns a database's address with the proxy in the server's place.
func (p *Proxy) Through(t testing.TB, database string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = p.Address()
	return u.String()
}

// Cut ends all connections and refuses new ones: a server that is gone.
func (p *Proxy) Cut() { p.become(cut) }

// Stall holds all bytes back and ends nothing: a network that drops packets. What
// was held goes on where the proxy is healed.
func (p *Proxy) Stall() { p.become(stalled) }

// Heal carries bytes again.
func (p *Proxy) Heal() { p.become(healed) }

func (p *Proxy) become(s state) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.state == ended {
		return
	}
	p.state = s
	close(p.moved)
	p.moved = make(chan struct{})
	if s == cut || s == ended {
		for c := range p.open {
			c.Close()
		}
	}
}

func (p *Proxy) end() {
	p.listener.Close()
	p.become(ended)
	p.tasks.Wait()
}

// accept takes connections until the end.
func (p *Proxy) accept() {
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return
		}
		if !p.hold(c) {
			c.Close()
			continue
		}
		p.tasks.Go(func() { p.carry(c) })
	}
}

// hold remembers a connection, where there may be one.
func (p *Proxy) hold(c net.Conn) bool {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.state == cut || p.state == ended {
		return false
	}
	p.open[c] = true
	return true
}

func (p *Proxy) drop(c net.Conn) {
	c.Close()
	p.lock.Lock()
	defer p.lock.Unlock()
	delete(p.open, c)
}

// carry connects one client with the server until one of them is gone.
func (p *Proxy) carry(client net.Conn) {
	defer p.drop(client)
	if !p.pass() {
		return
	}
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer p.drop(server)
	if !p.hold(server) {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.copy(server, client)
		server.Close()
		client.Close()
	}()
	p.copy(client, server)
	server.Close()
	client.Close()
	<-done
}

// copy copies until an end is gone; what it has read waits while bytes are held.
func (p *Proxy) copy(to io.Writer, from io.Reader) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if !p.pass() {
				return
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			p.pass() // an end is not told while bytes are held, either
			return
		}
	}
}

// pass waits while bytes are held, and reports whether they may go on.
func (p *Proxy) pass() bool {
	for {
		p.lock.Lock()
		now, moved := p.state, p.moved
		p.lock.Unlock()
		if now != stalled {
			return now == healed
		}
		<-moved
	}
}
