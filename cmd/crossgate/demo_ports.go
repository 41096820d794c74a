package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strconv"
	"syscall"

	"github.com/crossgate/crossgate/internal/demo"
	"github.com/crossgate/crossgate/internal/server"
	"github.com/crossgate/crossgate/trust"
)

// The ports that the demo takes where they are free.
const (
	demoGatewayPort   = 8080
	demoDashboardPort = 8081
	demoPagePort      = 8082
)

// portTries is how often a port that is free on both loopback addresses is looked for.
const portTries = 10

// demoPorts are the demo's listeners, all on loopback.
type demoPorts struct {
	gateway   []net.Listener // 127.0.0.1 and, where there is one, [::1]: localhost may be either
	pages     []net.Listener
	dashboard net.Listener
	upstream  net.Listener
}

// openDemoPorts opens all listeners or none.
func openDemoPorts(ctx context.Context, free bool) (_ *demoPorts, err error) {
	p := new(demoPorts)
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	wanted := func(port int) int {
		if free {
			return 0
		}
		return port
	}
	if p.gateway, err = listenLocalhost(ctx, wanted(demoGatewayPort)); err != nil {
		return nil, err
	}
	if p.pages, err = listenLocalhost(ctx, wanted(demoPagePort)); err != nil {
		return nil, err
	}
	if p.dashboard, err = listenPreferred(ctx, wanted(demoDashboardPort)); err != nil {
		return nil, err
	}
	p.upstream, err = listenPreferred(ctx, 0)
	return p, err
}

// close closes the listeners that are still open.
func (p *demoPorts) close() {
	for _, l := range slices.Concat(p.gateway, p.pages, []net.Listener{p.dashboard, p.upstream}) {
		if l != nil {
			_ = l.Close() // the server has closed it, or it was never used
		}
	}
}

// The addresses that people see.
func (p *demoPorts) api() string { return "http://localhost:" + port(p.gateway[0]) }

func (p *demoPorts) trustedPage() string { return "http://localhost:" + port(p.pages[0]) }

func (p *demoPorts) untrustedPage() string { return "http://" + p.pages[0].Addr().String() }

func (p *demoPorts) settingsPage() string {
	return "http://" + p.dashboard.Addr().String() + "/settings/security"
}

// page makes the sample page for these ports.
func (p *demoPorts) page(facts *demoFacts, gateway, upstream *demo.Wire) (http.Handler, error) {
	var origins [3]trust.Origin
	for i, text := range []string{p.api(), p.trustedPage(), p.untrustedPage()} {
		var err error
		if origins[i], err = trust.ParseOrigin(text); err != nil {
			return nil, err
		}
	}
	return demo.NewPage(demo.PageConfig{
		API:       origins[0],
		Dashboard: p.settingsPage(),
		Trusted:   origins[1],
		Untrusted: origins[2],
		Token:     facts.Token,
		APIToken:  facts.apiToken,
		Gateway:   gateway,
		Upstream:  upstream,
	})
}

// listenPreferred listens on 127.0.0.1, at a free port where the wanted one is taken.
func listenPreferred(ctx context.Context, wanted int) (net.Listener, error) {
	l, err := server.Listen(ctx, address("127.0.0.1", wanted))
	if wanted != 0 && errors.Is(err, syscall.EADDRINUSE) {
		l, err = server.Listen(ctx, address("127.0.0.1", 0))
	}
	return l, notListening(err)
}

// listenLocalhost listens at one port of 127.0.0.1 and of [::1]: which of them
// localhost is, browsers choose.
func listenLocalhost(ctx context.Context, wanted int) ([]net.Listener, error) {
	var err error
	for range portTries {
		var both []net.Listener
		if both, err = listenBoth(ctx, wanted); err == nil || !errors.Is(err, syscall.EADDRINUSE) {
			return both, notListening(err)
		}
		wanted = 0
	}
	return nil, notListening(err)
}

func listenBoth(ctx context.Context, wanted int) ([]net.Listener, error) {
	four, err := server.Listen(ctx, address("127.0.0.1", wanted))
	if err != nil {
		return nil, err
	}
	six, err := server.Listen(ctx, "[::1]:"+port(four))
	switch {
	case err == nil:
		return []net.Listener{four, six}, nil
	case errors.Is(err, syscall.EADDRINUSE):
		four.Close()
		return nil, err
	}
	return []net.Listener{four}, nil // a machine without IPv6
}

func notListening(err error) error {
	if err == nil {
		return nil
	}
	return &failure{exit: exitFailed, text: err.Error()}
}

func address(host string, port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }

func port(l net.Listener) string {
	_, port, _ := net.SplitHostPort(l.Addr().String()) // a TCP listener's address has one
	return port
}
