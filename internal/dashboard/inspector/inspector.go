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

// Recorder is what the page reads. The gateway's [inspect.Recorder] is one.
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

// Config is what New needs.
type Config struct {
	Shell    *shell.Shell
	Recorder Recorder
	Control  Control
	API      string      // where browsers find the API, for examples
	Stopping func() bool // whether live views are to end, because the server does; nil: never
}

// A Page is the handlers of the page.
type Page struct {
	shell    *shell.Shell
	recorder Recorder
	control  Control
	api      string
	stopping func() bool
	list     *shell.View
	one      *shell.View
	streams  streams
}

// New makes the page.
func New(cfg Config) (*Page, error) {
	if cfg.Shell == nil || cfg.Recorder == nil || cfg.Control == nil {
		return nil, errors.New("inspector: shell, recorder and control plane are needed")
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
		shell: cfg.Shell, recorder: cfg.Recorder, control: cfg.Control, api: cfg.API, stopping: cfg.Stopping,
		list: list, one: one,
	}
	if p.stopping == nil {
		p.stopping = func() bool { return false }
	}
	return p, nil
}

// Register adds the page's routes to the mux.
func (p *Page) Register(m *shell.Mux) {
	m.Place(shell.Place{Name: "Inspector", Path: Path, Icon: "pulse", Needs: control.RoleViewer}, p.show)
	m.Viewer("GET "+streamPath, p.stream)
	m.Viewer("GET "+Path+"/{id}", p.showOne)
}
