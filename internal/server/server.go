// Package server puts handlers on the network: listeners, TLS, limits on
// connections, and a drain that loses no request it has accepted.
package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"

	"github.com/crossgate/crossgate/internal/observe"
)

// A Service is one handler at one listener.
type Service struct {
	Name        string       // for the log: "gateway", "dashboard"
	Listener    net.Listener // from [Listen]; the Server closes it
	Handler     http.Handler
	Certificate *Certificate // nil: plain HTTP
}

// A Config is what a Server is made of. Services and Log are required.
type Config struct {
	Services       []Service
	Log            *slog.Logger
	State          *State         // learns that the drain has begun; nil: nobody asks
	Drain          Drain          // zero fields take the defaults
	Limits         Limits         // zero fields take the defaults
	TrustedProxies []netip.Prefix // exempt from Limits.ConnectionsPerAddress

	// Connected is told of each connection that is opened (1) and closed (-1), with
	// the service's name. Nil: nobody counts.
	Connected func(service string, change int)
}

// A Server runs services until it is told to stop.
type Server struct {
	cfg      Config
	services []*service
}

// service is one Service as it runs.
type service struct {
	Service
	http  *http.Server
	guard *guard
}

// New checks the configuration. It starts nothing.
func New(cfg Config) (*Server, error) {
	if cfg.Log == nil || len(cfg.Services) == 0 {
		return nil, errors.New("server: a log and at least one service are required")
	}
	if cfg.State == nil {
		cfg.State = new(State)
	}
	cfg.Drain = cfg.Drain.orDefault()
	cfg.Limits = cfg.Limits.orDefault()
	s := &Server{cfg: cfg}
	for _, one := range cfg.Services {
		if one.Listener == nil || one.Handler == nil {
			return nil, errors.New("server: service " + one.Name + " has no listener or no handler")
		}
		s.services = append(s.services, s.prepare(one))
	}
	return s, nil
}

// prepare puts the limits around a service.
func (s *Server) prepare(one Service) *service {
	h := &http.Server{
		Handler:                      closing{s.cfg.State, one.Handler},
		ReadHeaderTimeout:            HeaderTimeout,
		IdleTimeout:                  IdleTimeout,
		MaxHeaderBytes:               MaxHeadBytes,
		DisableGeneralOptionsHandler: true, // "OPTIONS *" is the handler's to refuse
		ErrorLog:                     observe.ErrorLog(s.cfg.Log.With("service", one.Name)),
		HTTP2: &http.HTTP2Config{
			MaxConcurrentStreams: MaxStreams,
			SendPingTimeout:      PingAfter,
			PingTimeout:          PingTimeout,
			WriteByteTimeout:     WriteStall,
		},
	}
	if one.Certificate != nil {
		h.TLSConfig = one.Certificate.TLSConfig()
	}
	return &service{Service: one, http: h, guard: newGuard(one, s.cfg)}
}

// Run serves until ctx ends, then drains, and returns nil: the connections that
// had to be cut at the deadline are logged. It returns an error only where a
// listener fails.
func (s *Server) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failed := make(chan error, len(s.services))
	var running sync.WaitGroup
	for _, one := range s.services {
		running.Go(func() { failed <- one.serve() })
		if one.Certificate != nil {
			running.Go(func() { one.Certificate.Watch(ctx) })
		}
	}
	defer running.Wait()
	defer cancel()
	select {
	case err := <-failed:
		s.cut()
		return err
	case <-ctx.Done():
		s.drain()
		return nil
	}
}

// serve accepts connections until the listener is closed.
func (s *service) serve() error {
	var err error
	if s.Certificate != nil {
		err = s.http.ServeTLS(s.guard, "", "")
	} else {
		err = s.http.Serve(s.guard)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
