package shell

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/guard"
)

//go:embed templates/*.tmpl
var templates embed.FS

// Sessions finds the person behind a session cookie. The control plane is one.
type Sessions interface {
	Session(ctx context.Context, cookie string) (control.Session, error)
}

// Config is what New needs.
type Config struct {
	Guard         *guard.Guard
	Sessions      Sessions
	Sites         Sites                        // nil: there is the default one alone
	Alert         func(context.Context) string // what is wrong with the fleet, which every page then shows; nil: nothing ever is
	AlertPath     string                       // where that is told in full
	Log           *slog.Logger
	Now           func() time.Time
	Version       string                     // shown below the navigation
	Styles        []Style                    // of the pages, behind the shell's own
	Scripts       []Script                   // of the pages, beside the shell's own
	ClientAddress func(*http.Request) string // nil: the peer's own address
}

// A Shell is the frame around every page. It is immutable and safe for use by
// several goroutines.
type Shell struct {
	guard    *guard.Guard
	sessions Sessions
	sites    Sites
	log      *slog.Logger
	now      func() time.Time
	version  string
	alert    func(context.Context) string
	alertAt  string
	address  func(*http.Request) string
	assets   *assets
	frame    *template.Template
	problem  *View
}

// New makes the shell.
func New(cfg Config) (*Shell, error) {
	if cfg.Guard == nil || cfg.Sessions == nil || cfg.Log == nil || cfg.Now == nil {
		return nil, errors.New("shell: guard, sessions, log and clock are needed")
	}
	files, err := newAssets(cfg.Styles, cfg.Scripts)
	if err != nil {
		return nil, fmt.Errorf("shell: static files: %w", err)
	}
	s := &Shell{
		guard: cfg.Guard, sessions: cfg.Sessions, sites: cfg.Sites, log: cfg.Log, now: cfg.Now,
		version: cfg.Version, alert: cfg.Alert, alertAt: cfg.AlertPath, address: cfg.ClientAddress, assets: files,
	}
	if s.sites == nil {
		s.sites = oneSite{}
	}
	if s.address == nil {
		s.address = peerAddress
	}
	s.frame, err = template.New("frame").Funcs(functions()).ParseFS(templates, "templates/frame.tmpl", "templates/parts.tmpl", "templates/fields.tmpl")
	if err != nil {
		return nil, fmt.Errorf("shell: %w", err)
	}
	s.problem, err = s.View(templates, "templates/problem.tmpl")
	return s, err
}

// peerAddress returns the address of the other end of the connection.
func peerAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// Now returns the time by the shell's clock.
func (s *Shell) Now() time.Time { return s.now() }

// Address returns the address that a request came from, for the audit log and
// for delays.
func (s *Shell) Address(r *http.Request) string { return s.address(r) }
