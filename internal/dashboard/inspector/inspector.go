package inspector

import (
	"context"
	"embed"
	"errors"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/inspect"
)

// Path is where the page is.
const (
	Path       = "/inspector"
	streamPath = Path + "/stream"
)

// script is the name of the page's own script.
const script = "inspector.js"

//go:embed *.tmpl inspector.css inspector.js
var files embed.FS

// Style is the page's part of the style sheet.
func Style() shell.Style { return shell.Style{Files: files, Name: "inspector.css"} }

// Script is the page's own script, which makes the list live.
func Script() shell.Script { return shell.Script{Files: files, Name: script} }

// Recorder is what the page reads. An [inspect.View] is one.
type Recorder interface {
	List(f inspect.Filter, before inspect.ID, limit int) []inspect.Exchange
	// Since returns the newest that came after another one and are wanted, and costs no
	// more than those that came after it.
	Since(after inspect.ID, wanted func(*inspect.Exchange) bool, limit int) []inspect.Exchange
	Get(id inspect.ID) (inspect.Exchange, bool)
	// Last is the highest ID that was given; its exchange may be a moment from being there.
	Last() inspect.ID
}

// Control is what the page asks of the control plane.
type Control interface {
	Domain(ctx context.Context, id int64) (control.Domain, error)
	Check(ctx context.Context, origin string) (control.CheckResult, error)
	// Sessions lists those of an account that have not ended, and makes none last longer.
	Sessions(ctx context.Context, name string) ([]control.SessionInfo, error)
}

// A Site is what the page shows of one site.
type Site struct {
	Recorder Recorder
	Control  Control
	API      func(context.Context) string // where browsers find the API, for examples
	// Node is the name of the node whose memory the Recorder is; "": there is one only. Nil: the same.
	Node func(context.Context) (string, error)
	// MayWatch reports whether somebody may still look at the site. Live views ask it again.
	MayWatch func(ctx context.Context, who shell.Visitor) bool
}

// Config is what New needs.
type Config struct {
	Shell    *shell.Shell
	Site     func(control.Place) Site
	Stopping func() bool // whether live views are to end, because the server does; nil: never
}

// A Page is the handlers of the page.
type Page struct {
	shell    *shell.Shell
	site     func(control.Place) Site
	recorder Recorder
	control  Control
	api      func(context.Context) string
	node     func(context.Context) (string, error)
	mayWatch func(context.Context, shell.Visitor) bool
	stopping func() bool
	list     *shell.View
	one      *shell.View
	streams  *streams
}

// New makes the page.
func New(cfg Config) (*Page, error) {
	if cfg.Shell == nil || cfg.Site == nil {
		return nil, errors.New("inspector: shell and sites are needed")
	}
	list, err := cfg.Shell.View(files, "list.tmpl", "row.tmpl", "parts.tmpl")
	if err != nil {
		return nil, err
	}
	one, err := cfg.Shell.View(files, "one.tmpl", "parts.tmpl")
	if err != nil {
		return nil, err
	}
	p := &Page{
		shell: cfg.Shell, site: cfg.Site, stopping: cfg.Stopping,
		list: list, one: one, streams: new(streams),
	}
	if p.stopping == nil {
		p.stopping = func() bool { return false }
	}
	return p, nil
}

// at is the page at a site.
func (p *Page) at(place control.Place) *Page {
	there, site := *p, p.site(place)
	there.recorder, there.control, there.api, there.mayWatch = site.Recorder, site.Control, site.API, site.MayWatch
	if there.node = site.Node; there.node == nil {
		there.node = func(context.Context) (string, error) { return "", nil }
	}
	return &there
}

// Register adds the page's routes to the mux.
func (p *Page) Register(m *shell.Mux) {
	at := func(h shell.SiteHandler[*Page]) shell.VisitorHandler { return shell.At(p.at, h) }
	m.Place(shell.Place{Name: "Inspector", Path: Path, Icon: "pulse", Needs: control.RoleViewer}, at((*Page).show))
	m.Viewer("GET "+streamPath, at((*Page).stream))
	m.Viewer("GET "+Path+"/{id}", at((*Page).showOne))
}
