package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/demo"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/observe"
	"github.com/crossgate/crossgate/internal/server"
	"github.com/crossgate/crossgate/trust"
)

// demoDeadline is how long the demo takes to stop: its event streams never end by
// themselves.
const demoDeadline = time.Second

func demoCommand() command {
	return command{
		name: "demo", json: true,
		summary: "Try everything at once on this machine, and leave nothing behind",
		about: `
A small sample API, the gateway before it, a sample page on another origin that calls
it, and the dashboard with a demo account. All on loopback, with a database in a
temporary folder that is removed at the end.`,
		example: `crossgate demo`,
		verb:    func() verb { return new(runDemo) },
	}
}

// runDemo is crossgate demo.
type runDemo struct{ freePorts bool }

func (v *runDemo) flags(fs *flag.FlagSet) {
	fs.BoolVar(&v.freePorts, "free-ports", false, "take any free ports, even where 8080 to 8082 are free")
}

func (v *runDemo) run(ctx context.Context, c *call) (err error) {
	// What is left to do after the first Ctrl-C takes a second at most, and without
	// it the folder would stay.
	context.AfterFunc(ctx, func() { signal.Ignore(os.Interrupt, syscall.SIGTERM) })
	folder, err := os.MkdirTemp("", "crossgate-demo-")
	if err != nil {
		return cannot("make a folder for the demo's database", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	ports, err := openDemoPorts(ctx, v.freePorts)
	if err != nil {
		return err
	}
	defer ports.close()
	settings, err := ports.settings(filepath.Join(folder, "crossgate.db"))
	if err != nil {
		return err
	}
	log, err := observe.NewLogger(c.stderr, observe.Text, slog.LevelError)
	if err != nil {
		return err
	}
	n, err := newNode(ctx, settings, log, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	return v.show(ctx, c, n, ports)
}

// show fills the database, and serves until Ctrl-C.
func (v *runDemo) show(ctx context.Context, c *call, n *node, ports *demoPorts) error {
	facts, err := n.furnish(ctx, ports)
	if err != nil {
		return err
	}
	services, err := n.demoServices(ports, facts)
	if err != nil {
		return err
	}
	return n.run(ctx, server.Drain{Notice: -1, Deadline: demoDeadline}, services, func() error { return facts.print(c) })
}

// settings are those of a gateway at these ports.
func (p *demoPorts) settings(database string) (*config.Config, error) {
	byName, err := trust.ParseOrigin(p.api())
	if err != nil {
		return nil, err
	}
	byAddress, err := trust.ParseOrigin("http://" + p.gateway[0].Addr().String())
	if err != nil {
		return nil, err
	}
	return &config.Config{
		Upstreams:  []*url.URL{{Scheme: "http", Host: p.upstream.Addr().String()}},
		Snapshot:   config.SnapshotOff,
		Database:   database,
		PublicURLs: []trust.Origin{byName, byAddress},
		Mode:       gate.Enforce,
	}, nil
}

// demoServices are the four services of the demo, one or two listeners each.
func (n *node) demoServices(ports *demoPorts, facts *demoFacts) ([]server.Service, error) {
	var atGateway, atAPI demo.Wire
	page, err := ports.page(facts, &atGateway, &atAPI)
	if err != nil {
		return nil, err
	}
	dashboard, err := n.dashboard(nil)
	if err != nil {
		return nil, err
	}
	api := demo.NewAPI(facts.apiToken, time.Now)
	services := []server.Service{
		{Name: "sample API", Listener: ports.upstream, Handler: atAPI.Watch(api)},
		{Name: "dashboard", Listener: ports.dashboard, Handler: dashboard},
	}
	gateway := atGateway.Watch(demo.Delayed(n.gateway))
	for _, l := range ports.gateway {
		services = append(services, server.Service{Name: "gateway", Listener: l, Handler: gateway})
	}
	for _, l := range ports.pages {
		services = append(services, server.Service{Name: "sample page", Listener: l, Handler: page})
	}
	return services, nil
}
