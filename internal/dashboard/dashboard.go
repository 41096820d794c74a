package dashboard

import (
	"cmp"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/audit"
	"github.com/crossgate/crossgate/internal/dashboard/design"
	"github.com/crossgate/crossgate/internal/dashboard/fleet"
	"github.com/crossgate/crossgate/internal/dashboard/guard"
	"github.com/crossgate/crossgate/internal/dashboard/inspector"
	"github.com/crossgate/crossgate/internal/dashboard/overview"
	"github.com/crossgate/crossgate/internal/dashboard/people"
	"github.com/crossgate/crossgate/internal/dashboard/policy"
	"github.com/crossgate/crossgate/internal/dashboard/reference"
	"github.com/crossgate/crossgate/internal/dashboard/refused"
	"github.com/crossgate/crossgate/internal/dashboard/security"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/dashboard/signin"
	sitepages "github.com/crossgate/crossgate/internal/dashboard/sites"
	"github.com/crossgate/crossgate/internal/dashboard/tokens"
	"github.com/crossgate/crossgate/internal/dashboard/transfer"
	"github.com/crossgate/crossgate/internal/inspect"
)

// Locked is a setting that was given when Crossgate was started, and is shown but
// cannot be changed here.
type Locked = shell.Locked

// Config is what New needs. Control and Log are required.
type Config struct {
	Control       *control.Service
	Log           *slog.Logger
	URL           *url.URL                   // --dashboard-url; nil: reached by loopback names
	Now           func() time.Time           // nil: time.Now
	Ready         func() error               // for /readyz; nil: always ready
	API           string                     // where browsers find the API, for examples; "": http://localhost:8080
	Version       string                     // shown below the navigation; "": not shown
	Locked        []Locked                   // in the order in which they are shown
	Reference     []byte                     // the management API's OpenAPI document, in YAML; nil: not shown
	ClientAddress func(*http.Request) string // who asks, behind a trusted proxy; nil: the peer
	Management    http.Handler               // the management API, below /api/v1/; nil: none
	Metrics       http.Handler               // at /metrics; nil: none
	Inspect       *inspect.Recorder          // what the gateway remembers of requests; nil: nothing
	Stopping      func() bool                // whether open live views are to end; nil: never
	SignedIn      func(result string)        // told of attempts: "ok" or the code of the refusal; nil: nobody is
}

// defaultAPI is where the gateway listens unless it is told otherwise.
const defaultAPI = "http://localhost:8080"

// New makes the handler of the dashboard's listener: its pages, /healthz and
// /readyz, and what it is given for programs.
func New(cfg Config) (http.Handler, error) {
	if cfg.Control == nil || cfg.Log == nil {
		return nil, errors.New("dashboard: control plane and log are needed")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	cfg.API = cmp.Or(cfg.API, defaultAPI)
	g, err := guard.New(cfg.URL)
	if err != nil {
		return nil, err
	}
	alert := fleet.NewAlert(cfg.Control, cfg.Now)
	s, err := shell.New(shell.Config{
		Guard: g, Sessions: cfg.Control, Sites: sites{cfg.Control}, Alert: alert.Text, AlertPath: fleet.Path, Log: cfg.Log, Now: cfg.Now, Version: cfg.Version,
		Styles:        []shell.Style{signin.Style(), security.Style(), policy.Style(), overview.Style(), inspector.Style(), refused.Style(), tokens.Style(), transfer.Style(), people.Style(), sitepages.Style(), fleet.Style(), audit.Style(), reference.Style(), design.Style()},
		Scripts:       []shell.Script{inspector.Script()},
		ClientAddress: cfg.ClientAddress,
	})
	if err != nil {
		return nil, err
	}
	return routes(cfg, g, s, alert)
}

// A page registers its routes.
type page interface{ Register(*shell.Mux) }

// pages are those that could be made, in the order of the navigation.
type pages struct {
	made []page
	err  error // the first one
}

func (p *pages) add(one page, err error) {
	p.made = append(p.made, one)
	if p.err == nil {
		p.err = err
	}
}

// routes lays out the dashboard.
func routes(cfg Config, g *guard.Guard, s *shell.Shell, alert *fleet.Alert) (http.Handler, error) {
	var all pages
	at := views{cfg}
	all.add(signin.New(signin.Config{Shell: s, Guard: g, Accounts: accounts{cfg.Control, cfg.SignedIn}, Home: "/"}))
	inbox, err := refused.New(refused.Config{Shell: s, Site: at.refused, Inspector: inspector.Path})
	if err != nil {
		return nil, err
	}
	all.add(overview.New(overview.Config{
		Shell: s, Site: func(p control.Place) overview.Site { return at.overview(p, inbox) },
		Links: overview.Links{Security: security.Path, Policy: policy.Path, Inspector: inspector.Path, Refused: refused.Path},
	}))
	all.add(inspector.New(inspector.Config{Shell: s, Site: at.inspector, Stopping: cfg.Stopping}))
	all.add(inbox, nil)
	all.add(security.New(security.Config{Shell: s, Site: at.security, Inbox: refused.Path}))
	all.add(policy.New(policy.Config{Shell: s, Site: at.policy}))
	all.add(tokens.New(tokens.Config{Shell: s, Site: at.tokens}))
	all.add(transfer.New(transfer.Config{Shell: s, Domains: at.transfer}))
	all.add(people.New(people.Config{Shell: s, Guard: g, Accounts: cfg.Control, Link: signin.InvitationPath}))
	all.add(sitepages.New(sitepages.Config{Shell: s, Guard: g, Records: cfg.Control, Members: at.members, Link: signin.InvitationPath}))
	all.add(fleet.New(fleet.Config{Shell: s, Nodes: cfg.Control, Sites: sitepages.AddPath}))
	all.add(audit.New(audit.Config{Shell: s, Log: at.audit, Nodes: alert.Nodes}))
	if cfg.Reference != nil {
		all.add(reference.New(reference.Config{Shell: s, Guard: g, Document: cfg.Reference}))
	}
	all.add(design.New(design.Config{Shell: s}))
	if all.err != nil {
		return nil, all.err
	}
	m := s.Mux()
	m.Probe("GET /healthz", healthy)
	m.Probe("GET /readyz", readiness(cfg.Ready))
	if cfg.Management != nil {
		m.Programs("/api/v1/", cfg.Management)
	}
	if cfg.Metrics != nil {
		m.Programs("GET /metrics", cfg.Metrics)
	}
	m.SignedIn("GET /{$}", home)
	for _, one := range all.made {
		one.Register(m)
	}
	return m, nil
}

// home sends to the first page of the navigation; somebody who may see nothing of the
// default site, to the list of their own.
func home(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	if !who.MaySee() {
		return shell.Redirect(w, r, who, shell.SitesPath)
	}
	return shell.Redirect(w, r, who, overview.Path)
}

// healthy says that the process answers.
func healthy(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok\n") }

// readiness says whether requests should be sent here. Why not is in the log:
// probes are answered to anybody.
func readiness(ready func() error) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if ready != nil && ready() != nil {
			say(w, http.StatusServiceUnavailable, "not ready\n")
			return
		}
		say(w, http.StatusOK, "ready\n")
	}
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}
