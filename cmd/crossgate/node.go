package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/crossgate/crossgate/internal/api"
	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard"
	"github.com/crossgate/crossgate/internal/gateway"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/internal/observe"
	"github.com/crossgate/crossgate/internal/server"
	"github.com/crossgate/crossgate/internal/snapshot"
)

const (
	writeEvery   = time.Minute      // how often what the gateway has seen is written down: what a kill loses at most
	flushTimeout = 10 * time.Second // how long writing that may take, at the end, too
	snapshotWait = 5 * time.Second  // how long the start waits for the list, which may be long
	snapshotPoll = 5 * time.Millisecond
)

// A node is one running process: the gateway and the dashboard over one database.
// serve and demo are nodes.
type node struct {
	settings *config.Config
	log      *slog.Logger
	id       string // random, of this process
	started  time.Time
	db       records
	control  *control.Service
	snapshot *snapshot.Holder
	state    *server.State
	gateway  *gateway.Gateway
	metrics  *observe.Metrics
	inspect  *inspect.Recorder
	every    time.Duration // how often what was seen is written down
	seen     atomic.Pointer[fleet]

	mu    sync.Mutex
	later []func(context.Context) // what is to be done when the database can be read
}

// newNode opens the database and makes the gateway. Requests are logged to access,
// which may be nil. The caller closes the node.
func newNode(ctx context.Context, settings *config.Config, log *slog.Logger, access *observe.AccessLog) (*node, error) {
	db, err := openRecords(ctx, settings, log)
	if err != nil {
		return nil, err
	}
	n := &node{
		settings: settings, log: log, id: rand.Text(), started: time.Now(), db: db,
		snapshot: new(snapshot.Holder), state: new(server.State), every: writeEvery,
	}
	if err := n.build(access); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return n, nil
}

func (n *node) build(access *observe.AccessLog) (err error) {
	sealer, err := newSealer(n.settings)
	if err != nil {
		return err
	}
	n.control, err = control.New(control.Config{
		Store: n.db, Own: n.settings.PublicURLs, Sealer: sealer, Node: nodeName(n.settings), Keep: keepOf(n.settings, n.db.Path()),
	})
	if err != nil {
		return err
	}
	n.metrics, err = newMetrics(n.standing)
	if err != nil {
		return err
	}
	n.inspect = inspect.New(inspect.Config{Recall: n.readSightings})
	n.gateway, err = gateway.New(gateway.Config{
		Snapshot:       n.snapshot,
		Log:            n.log,
		Access:         access,
		Metrics:        n.metrics,
		Inspect:        n.inspect,
		TrustedProxies: n.settings.TrustedProxies,
		Draining:       n.state.Draining,
	})
	return err
}

// close ends what newNode has begun.
func (n *node) close() error {
	n.gateway.Close()
	return n.db.Close()
}

// dashboard makes the dashboard's handler; at is where browsers find it, nil for
// its loopback address.
func (n *node) dashboard(at *url.URL) (http.Handler, error) {
	management, err := n.management()
	if err != nil {
		return nil, err
	}
	return dashboard.New(dashboard.Config{
		Control:       n.control,
		Log:           n.log,
		URL:           at,
		Ready:         n.ready,
		API:           n.api(),
		Version:       builtVersion().Version,
		Locked:        locked(n.settings),
		ClientAddress: clientAddress(n.settings.TrustedProxies),
		Management:    management,
		Reference:     api.Document(),
		Metrics:       n.metrics.Handler(),
		Inspect:       n.inspect,
		Stopping:      n.state.Draining,
		SignedIn:      func(result string) { n.metrics.SignedIn(observe.ByPassword, result) },
	})
}

// api is where browsers find the API: the first of its own origins, or where this
// machine's browsers do.
func (n *node) api() string {
	if urls := n.settings.PublicURLs; len(urls) > 0 {
		return urls[0].String()
	}
	host, port, err := net.SplitHostPort(n.settings.Listen)
	if err != nil {
		return "" // the dashboard has an address of its own for examples
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	scheme := "http"
	if n.settings.TLS() {
		scheme = "https"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// ready says whether requests should be sent here.
func (n *node) ready() error {
	switch {
	case n.state.Draining():
		return errors.New("the server is stopping")
	case n.snapshot.Load() == nil:
		return errors.New("the list of Trusted Domains has not been read yet")
	}
	return nil
}

// run serves until ctx ends, and then drains. It announces itself once the list is
// there to decide by. The list is followed to the very end: what is revoked while
// draining is refused, too.
func (n *node) run(ctx context.Context, drain server.Drain, services []server.Service, announce func() error) error {
	s, err := server.New(server.Config{
		Services:       services,
		Log:            n.log,
		State:          n.state,
		Drain:          drain,
		Connected:      n.metrics.Connected,
		TrustedProxies: n.settings.TrustedProxies,
	})
	if err != nil {
		return err
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	running.Go(func() { n.follow(background) })
	running.Go(func() { n.recordUsage(background) })
	running.Go(func() { n.gateway.CheckUpstreams(background) })
	running.Go(func() { n.beat(background) })
	n.awaitSnapshot(ctx)
	if n.control.Following().Outage == nil {
		n.recall(ctx)
	}
	if err := announce(); err != nil {
		return err
	}
	running.Go(func() { giveBack(background, n.snapshot) })
	return s.Run(ctx)
}

// awaitSnapshot gives the list the time to be read. Where that takes longer, requests
// are refused until it is there, and where it cannot be read nothing is waited for.
func (n *node) awaitSnapshot(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, snapshotWait)
	defer cancel()
	tick := time.NewTicker(snapshotPoll)
	defer tick.Stop()
	for n.snapshot.Load() == nil && ctx.Err() == nil && !n.waitsForDatabase() {
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// waitsForDatabase reports whether there will be nothing to decide by before the
// database is back.
func (n *node) waitsForDatabase() bool {
	now := n.control.Following()
	return now.StandIn != nil || now.Outage != nil && n.settings.SnapshotFile() == ""
}

// follow keeps the gateway's snapshot up to date.
func (n *node) follow(ctx context.Context) {
	site := control.SiteSettings{
		HealthPath: n.settings.UpstreamHealth,
		PublicURLs: n.settings.PublicURLs,
		Mode:       givenMode(n.settings),
	}
	for _, u := range n.settings.Upstreams {
		site.Upstreams = append(site.Upstreams, u.String())
	}
	err := n.control.Follow(ctx, site, n.snapshot, func(err error) {
		n.log.Error("what the database holds cannot be acted on; what was read last stays in force", "error", err)
	})
	if err != nil {
		n.log.Error("the list of Trusted Domains cannot be followed", "error", err)
	}
}

// recordUsage writes down what the gateway has seen, now and then and at the end.
func (n *node) recordUsage(ctx context.Context) {
	tick := time.NewTicker(n.every)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-n.inspect.Crowded():
			n.lull(ctx)
		}
		n.flushUsage(context.WithoutCancel(ctx))
		n.flushSightings(context.WithoutCancel(ctx))
	}
}

func (n *node) flushUsage(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, flushTimeout)
	defer cancel()
	seen := n.gateway.Flush()
	usage := control.Usage{
		Domains: make(map[int64]control.Seen, len(seen.Domains)),
		Tokens:  make(map[string]control.Seen, len(seen.Tokens)),
	}
	for id, s := range seen.Domains {
		usage.Domains[id] = control.Seen(s)
	}
	for id, s := range seen.Tokens {
		usage.Tokens[id] = control.Seen(s)
	}
	if err := n.control.RecordUsage(ctx, usage); err != nil {
		n.log.Warn("last seen and hits could not be written", "error", err)
	}
}
