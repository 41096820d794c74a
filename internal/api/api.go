package api

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// Base is the path that everything here lies below.
const Base = "/api/v1"

// Config is what New needs. Control and Log are required.
type Config struct {
	Control       *control.Service
	Log           *slog.Logger
	Now           func() time.Time           // nil: time.Now
	ClientAddress func(*http.Request) string // who asks, behind a trusted proxy; nil: the peer

	// Traffic is what the gateway remembers of requests to a site. Nil: nothing.
	Traffic func(site int64) Traffic

	// Locked are the members of the policy that were given when Crossgate was
	// started, and cannot be changed here.
	Locked []string
	// Judged is told of every management key that was judged: "ok" or the code of the
	// refusal. Nil: nobody asks.
	Judged func(result string)
}

// An API answers the management API. It is safe for use by several goroutines.
type API struct {
	control *control.Service
	log     *slog.Logger
	address func(*http.Request) string
	now     func() time.Time
	traffic func(site int64) Traffic
	locked  []string
	judged  func(string)
	replays *replays
	routes  []Route
	mux     *http.ServeMux
}

// New makes the handler of [Base].
func New(cfg Config) (*API, error) {
	if cfg.Control == nil || cfg.Log == nil {
		return nil, errors.New("api: control plane and log are needed")
	}
	a := &API{
		control: cfg.Control, log: cfg.Log, address: cfg.ClientAddress, locked: cfg.Locked, judged: cfg.Judged,
		mux: http.NewServeMux(),
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	a.now, a.traffic = cfg.Now, cfg.Traffic
	if a.traffic == nil {
		a.traffic = func(int64) Traffic { return remembersNothing{} }
	}
	if a.address == nil {
		a.address = peerAddress
	}
	if a.judged == nil {
		a.judged = func(string) {}
	}
	a.replays = newReplays(cfg.Now)
	a.register()
	return a, nil
}

// peerAddress returns the address of the other end of the connection.
func peerAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
