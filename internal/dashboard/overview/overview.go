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

// Traffic is what the page asks of what was remembered. An [inspect.Recorder] is one.
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

// Config is what New needs.
type Config struct {
	Shell   *shell.Shell
	Records Records
	Traffic Traffic // nil: nothing is remembered
	Links   Links
	Locked  []shell.Locked
	API     string                    // where browsers find the API, for the example
	Waiting func(context.Context) int // refused origins that nobody has decided on; nil: not known
}

// A Page is the handler of the page.
type Page struct {
	cfg  Config
	view *shell.View
}

// New makes the page.
func New(cfg Config) (*Page, error) {
	if cfg.Shell == nil || cfg.Records == nil || cfg.Links.Security == "" || cfg.API == "" {
		return nil, errors.New("overview: shell, records, the API's address and the way to the list are needed")
	}
	view, err := cfg.Shell.View(files, "page.tmpl", "charts.tmpl", "preflights.tmpl", "lists.tmpl", "first.tmpl")
	if err != nil {
		return nil, err
	}
	return &Page{cfg: cfg, view: view}, nil
}

// Register adds the page's route to the mux.
func (p *Page) Register(m *shell.Mux) {
	m.Place(shell.Place{Name: "Overview", Path: Path, Icon: "chart", Needs: control.RoleViewer}, p.show)
}

func (p *Page) show(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	s, err := p.screen(r.Context(), askedOf(r.URL.Query()))
	if err != nil {
		return err
	}
	return p.cfg.Shell.Render(w, http.StatusOK, p.view, shell.Page{Title: "Overview", Path: Path, Visitor: &who, Body: s})
}
