package server

import (
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// Connections above the limit of an address are closed; those of proxies that are
// trusted, and of this machine, are not limited.
func TestConnectionsPerAddress(t *testing.T) {
	g := newGuard(Service{Name: "test"}, Config{
		Log:            start(t, hello, nil).cfg.Log,
		Limits:         Limits{Connections: 100, ConnectionsPerAddress: 2},
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
	})
	for _, tt := range []struct {
		from  string
		admit []bool
	}{
		{"198.51.100.1", []bool{true, true, false, false}},
		{"198.51.100.2", []bool{true, true, false}},
		{"2001:db8::1", []bool{true}},
		{"2001:db8::ffff", []bool{true, false}},
		{"2001:db8:0:1::1", []bool{true}},
		{"192.0.2.1", []bool{true, true, true}},
		{"127.0.0.1", []bool{true, true, true}},
		{"::1", []bool{true, true, true}},
	} {
		for i, want := range tt.admit {
			if want {
				g.slots <- struct{}{}
			}
			c := g.admit(stub{from: tt.from})
			if got := c != nil; got != want {
				t.Errorf("connection %d from %s: %v, want %v", i+1, tt.from, got, want)
			}
		}
	}
}

// A closed connection frees its place, once.
func TestClosingFreesThePlace(t *testing.T) {
	g := newGuard(Service{Name: "test"}, Config{
		Log: start(t, hello, nil).cfg.Log, Limits: Limits{Connections: 10, ConnectionsPerAddress: 1},
	})
	for range 3 {
		g.slots <- struct{}{}
		c := g.admit(stub{from: "198.51.100.1"})
		if c == nil {
			t.Fatal("not admitted")
		}
		_ = c.Close()
		_ = c.Close()
	}
	g.wait()
	if len(g.slots) != 0 || len(g.open) != 0 || len(g.perAddr) != 0 {
		t.Errorf("%d slots, %d open, %v", len(g.slots), len(g.open), g.perAddr)
	}
}

// Connections above the limit in all wait until one is closed.
func TestConnectionsInAll(t *testing.T) {
	r := start(t, hello, func(c *Config) { c.Limits.Connections = 1 })
	one, two := r.mustDial(), r.mustDial()
	if _, err := one.get(); err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, 1)
	go func() {
		_, err := two.get()
		answered <- err
	}()
	select {
	case err := <-answered:
		t.Fatalf("the second was served beside the first: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	_ = one.Close()
	if err := <-answered; err != nil {
		t.Errorf("the second was not served: %v", err)
	}
}

// A port that is taken is one clear line.
func TestListenErrors(t *testing.T) {
	taken := start(t, hello, nil).address
	for _, tt := range []struct{ name, address, says string }{
		{"taken", taken, "cannot listen at " + taken + ": the port is in use by another program"},
		{"no port", "localhost", "cannot listen at localhost: missing port in address; write it as host:port"},
		{"not ours", "192.0.2.1:0", "cannot listen at 192.0.2.1:0: this machine has no such address"},
		{"no such name", "nothing.invalid:0", "cannot be resolved"},
		{"bad port", "127.0.0.1:99999", "write it as host:port"},
	} {
		l, err := Listen(t.Context(), tt.address)
		if err == nil {
			_ = l.Close()
			t.Errorf("%s: no error", tt.name)
			continue
		}
		if !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %q does not say %q", tt.name, err, tt.says)
		}
	}
}

// stub is a connection that is from somewhere.
type stub struct {
	net.Conn
	from string
}

func (s stub) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.ParseIP(s.from), Port: 1} }
func (stub) Close() error           { return nil }
