package refused

import (
	"context"
	"embed"
	"errors"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
)

// Path is where the inbox is.
const Path = "/refused"

//go:embed *.tmpl refused.css
var files embed.FS

// Style is the page's part of the style sheet.
func Style() shell.Style { return shell.Style{Files: files, Name: "refused.css"} }

// Refusals is what was remembered of refused origins. An [inspect.View] is one.
type Refusals interface {
	RefusedOrigins() []inspect.Origin
}

// Records is what the page asks of the control plane.
type Records interface {
	Rules(ctx context.Context) (*gate.Site, error)
	IgnoreOrigin(ctx context.Context, who control.Actor, origin string) (control.Change, error)
	HeedOrigin(ctx context.Context, who control.Actor, origin string) (control.Change, error)
	IgnoredOrigins(ctx context.Context) ([]control.IgnoredOrigin, error)
	Changes(ctx context.Context, q control.ListQuery) ([]control.Change, error)
}

// A Site is what the page shows of one site.
type Site struct {
	Records  Records
	Refusals Refusals // nil: nothing is remembered
}

// Config is what New needs.
type Config struct {
	Shell     *shell.Shell
	Site      func(control.Place) Site
	Inspector string // where the exchanges are shown; "": nowhere
}

// A Page is the handlers of the page.
type Page struct {
	shell     *shell.Shell
	site      func(control.Place) Site
	records   Records
	refusals  Refusals
	inspector string
	view      *shell.View
}

// New makes the page.
func New(cfg Config) (*Page, error) {
	if cfg.Shell == nil || cfg.Site == nil {
		return nil, errors.New("refused: shell and sites are needed")
	}
	view, err := cfg.Shell.View(files, "page.tmpl", "row.tmpl")
	if err != nil {
		return nil, err
	}
	return &Page{shell: cfg.Shell, site: cfg.Site, inspector: cfg.Inspector, view: view}, nil
}

// at is the page at a site.
func (p *Page) at(place control.Place) *Page {
	there, site := *p, p.site(place)
	there.records, there.refusals = site.Records, site.Refusals
	return &there
}

// Register adds the page's routes to the mux.
func (p *Page) Register(m *shell.Mux) {
	at := func(h shell.SiteHandler[*Page]) shell.VisitorHandler { return shell.At(p.at, h) }
	m.Place(shell.Place{Name: "Refused origins", Path: Path, Icon: "inbox", Needs: control.RoleViewer, Waiting: p.Waiting}, at((*Page).show))
	m.Editor("POST "+Path+"/ignore", at((*Page).ignore))
	m.Editor("POST "+Path+"/heed", at((*Page).heed))
}
