package transfer

import (
	"context"
	"embed"
	"errors"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/security"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// Path is where the page is.
const Path = security.Path + "/transfer"

//go:embed *.tmpl transfer.css
var files embed.FS

// Style is the page's part of the style sheet.
func Style() shell.Style { return shell.Style{Files: files, Name: "transfer.css"} }

// Domains is what the page asks of the control plane.
type Domains interface {
	PreviewDomains(ctx context.Context, in control.AddDomains) ([]control.Line, error)
	AddDomains(ctx context.Context, who control.Actor, in control.AddDomains) ([]control.Line, control.Change, error)
	EachDomain(ctx context.Context, search string, visit func(control.Domain) error) error
}

// Config is what New needs.
type Config struct {
	Shell   *shell.Shell
	Domains func(control.Place) Domains
}

// A Page is the handlers of the page.
type Page struct {
	shell   *shell.Shell
	site    func(control.Place) Domains
	place   control.Place
	domains Domains
	drafts  *drafts
	choose  *shell.View
	look    *shell.View
}

// New makes the page.
func New(cfg Config) (*Page, error) {
	if cfg.Shell == nil || cfg.Domains == nil {
		return nil, errors.New("transfer: shell and domains are needed")
	}
	choose, err := cfg.Shell.View(files, "choose.tmpl")
	if err != nil {
		return nil, err
	}
	look, err := cfg.Shell.View(shell.Files{files, security.Parts()}, "look.tmpl", security.PreviewTemplate)
	if err != nil {
		return nil, err
	}
	return &Page{shell: cfg.Shell, site: cfg.Domains, drafts: newDrafts(cfg.Shell.Now), choose: choose, look: look}, nil
}

// at is the page at a site.
func (p *Page) at(place control.Place) *Page {
	there := *p
	there.place, there.domains = place, p.site(place)
	return &there
}

// Register adds the page's routes to the mux.
func (p *Page) Register(m *shell.Mux) {
	at := func(h shell.SiteHandler[*Page]) shell.VisitorHandler { return shell.At(p.at, h) }
	m.Place(shell.Place{Section: "Settings", Name: "Import and export", Path: Path, Icon: "transfer", Needs: control.RoleViewer}, at((*Page).show))
	m.Editor("POST "+Path+"/import", at((*Page).read))
	m.Editor("GET "+Path+"/drafts/{id}", at((*Page).showDraft))
	m.Editor("POST "+Path+"/drafts/{id}", at((*Page).save))
	m.Viewer("GET "+Path+"/export", at((*Page).export))
}
