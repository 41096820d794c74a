package reference

import (
	"embed"
	"errors"
	"net/http"

	"github.com/crossgate/crossgate/internal/dashboard/guard"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// Path is where the page is.
const Path = "/reference"

//go:embed *.tmpl reference.css
var files embed.FS

// Style is the page's part of the style sheet.
func Style() shell.Style { return shell.Style{Files: files, Name: "reference.css"} }

// Config is what New needs.
type Config struct {
	Shell    *shell.Shell
	Guard    *guard.Guard
	Document []byte // OpenAPI 3.1, in YAML
}

// A Page is the handlers of the page.
type Page struct {
	shell    *shell.Shell
	guard    *guard.Guard
	document document
	index    *shell.View
	resource *shell.View
}

// New makes the page.
func New(cfg Config) (*Page, error) {
	if cfg.Shell == nil || cfg.Guard == nil {
		return nil, errors.New("reference: shell and guard are needed")
	}
	parsed, err := parse(cfg.Document)
	if err != nil {
		return nil, err
	}
	index, err := cfg.Shell.View(files, "index.tmpl", "prose.tmpl")
	if err != nil {
		return nil, err
	}
	resource, err := cfg.Shell.View(files, "resource.tmpl", "prose.tmpl")
	if err != nil {
		return nil, err
	}
	return &Page{shell: cfg.Shell, guard: cfg.Guard, document: parsed, index: index, resource: resource}, nil
}

// Register adds the page's routes to the mux.
func (p *Page) Register(m *shell.Mux) {
	m.Place(shell.Place{Section: "Reference", Name: "API reference", Path: Path, Icon: "book", Of: shell.Own}, p.show)
	m.SignedIn("GET "+Path+"/{resource}", p.showResource)
}

// show answers with what holds for all endpoints, and the resources.
func (p *Page) show(w http.ResponseWriter, _ *http.Request, who shell.Visitor) error {
	return p.shell.Render(w, http.StatusOK, p.index, shell.Page{
		Title: "API reference", Path: Path, Visitor: &who, Body: p.document,
	})
}

// A resourcePage is the endpoints of one resource.
type resourcePage struct {
	resource
	Base string // where browsers and programs find the API
}

func (p *Page) showResource(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	for _, one := range p.document.Resources {
		if one.Slug == r.PathValue("resource") {
			return p.shell.Render(w, http.StatusOK, p.resource, shell.Page{
				Title: one.Name, Path: Path, Visitor: &who,
				Body: resourcePage{one, p.guard.Origin(r) + p.document.Base},
			})
		}
	}
	return shell.NotFound
}
