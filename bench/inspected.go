package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/gateway"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/internal/observe"
	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/trust"
)

// inspectedCommand makes this program a gateway that listens twice, with the Inspector
// and without: `bench gateway WITH WITHOUT UPSTREAM`.
const inspectedCommand = "gateway"

// heapFloor is what crossgate serve lets the collector take for in use: see its own.
const heapFloor = 32 << 20

// serveInspected serves one gateway with the Inspector and one without, in one process:
// its memory, its collector and its connections are the same for both.
func serveInspected(with, without, upstream string) error {
	floor := make([]byte, heapFloor)
	defer runtime.KeepAlive(floor)
	target, err := url.Parse(upstream)
	if err != nil {
		return err
	}
	inspected, err := newGateway(target, inspect.New(inspect.Config{}))
	if err != nil {
		return err
	}
	plain, err := newGateway(target, nil)
	if err != nil {
		return err
	}
	ended := make(chan error)
	for address, handler := range map[string]http.Handler{with: inspected, without: plain} {
		server := &http.Server{Addr: address, Handler: handler, ReadHeaderTimeout: 10 * time.Second}
		go func() { ended <- server.ListenAndServe() }()
	}
	return <-ended
}

// newGateway is a gateway as crossgate serve makes it, with its log and its metrics.
func newGateway(upstream *url.URL, recorder *inspect.Recorder) (*gateway.Gateway, error) {
	domain, err := trust.ParseDomain(trustedDomain)
	if err != nil {
		return nil, err
	}
	holder := new(snapshot.Holder)
	holder.Store(&snapshot.Snapshot{Default: &snapshot.Site{
		Name: "default", Upstreams: []*url.URL{upstream},
		Gate: gate.NewSite(gate.SiteConfig{Trusted: trust.NewSet([]trust.Entry{{ID: 1, Domain: domain}}), Policy: gate.DefaultPolicy()}),
	}})
	access, err := observe.NewAccessLog(io.Discard, observe.Text)
	if err != nil {
		return nil, err
	}
	metrics, err := observe.NewMetrics(observe.MetricsConfig{
		Reasons: gateway.Reasons(), Upstream: gateway.UpstreamReasons(), Carriers: gateway.Carriers(),
		State: func() observe.State { return observe.State{Ready: true} },
	})
	if err != nil {
		return nil, err
	}
	return gateway.New(gateway.Config{
		Snapshot: holder, Log: slog.New(slog.DiscardHandler), Access: access, Metrics: metrics, Inspect: recorder,
	})
}
