package overview

import (
	"context"
	"embed"
	"errors"
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/inspect"
)

// Path is where the page is.
const Path = "/overview"

//go:embed *.tmpl overview.css
var files embed.FS

// Style is the page's part of the style sheet.
func Style() shell.Style { return shell.Style{Files: files, Name: "overview.css"} }

// Traffic is what the page asks of what was remembered. An [inspect.View] is one.
type Traffic interface {
	Series(over inspect.Range) inspect.Series
	TopOrigins(n int) []inspect.Origin
	List(f inspect.Filter, before inspect.ID, limit int) []inspect.Exchange
}

// Records is what the page asks of the control plane.
type Records interface {
	Domains(ctx context.Context, q control.ListQuery) ([]control.Domain, int, error)
	Policy(ctx context.Context) (control.Policy, error)
}

// Links are the other pages that this one leads to. A page that is not there is "".
type Links struct {
	Security  string
	Policy    string
	Inspector string
	Refused   string
}

// A Site is what the page shows of one site.
type Site struct {
	Records Records
	Traffic Traffic // nil: nothing is remembered
	Locked  []shell.Locked
	API     func(context.Context) string // where browsers find the API, for the example
	Waiting func(context.Context) int    // refused origins that nobody has decided on; nil: not known
}

// Config is what New needs.
type Config struct {
	Shell *shell.Shell
	Site  func(control.Place) Site
	Links Links
}

// A Page is the handler of the page. It needs one that is at a site.
type Page struct {
	cfg  Config
	site Site
	view *shell.View
}

// New makes the page.
func New(cfg Config) (*Page, error) {
	if cfg.Shell == nil || cfg.Site == nil || cfg.Links.Security == "" {
		return nil, errors.New("overview: shell, sites and the way to the list are needed")
	}
	view, err := cfg.Shell.View(files, "page.tmpl", "charts.tmpl", "preflights.tmpl", "lists.tmpl", "first.tmpl")
	if err != nil {
		return nil, err
	}
	return &Page{cfg: cfg, view: view}, nil
}

// at is the page at a site.
func (p *Page) at(place control.Place) *Page {
	return &Page{cfg: p.cfg, site: p.cfg.Site(place), view: p.view}
}

// Register adds the page's route to the mux.
func (p *Page) Register(m *shell.Mux) {
	at := func(h shell.SiteHandler[*Page]) shell.VisitorHandler { return shell.At(p.at, h) }
	m.Place(shell.Place{Name: "Overview", Path: Path, Icon: "chart", Needs: control.RoleViewer}, at((*Page).show))
}

func (p *Page) show(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	s, err := p.screen(r.Context(), askedOf(r.URL.Query()))
	if err != nil {
		return err
	}
	return p.cfg.Shell.Render(w, http.StatusOK, p.view, shell.Page{Title: "Overview", Path: Path, Visitor: &who, Body: s})
}
