package security

import (
	"context"
	"embed"
	"errors"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// Path is where the page is.
const Path = "/settings/security"

//go:embed *.tmpl security.css
var files embed.FS

// Style is the page's part of the style sheet.
func Style() shell.Style { return shell.Style{Files: files, Name: "security.css"} }

// Domains is what the page asks of the control plane.
type Domains interface {
	PreviewDomains(ctx context.Context, in control.AddDomains) ([]control.Line, error)
	AddDomains(ctx context.Context, who control.Actor, in control.AddDomains) ([]control.Line, control.Change, error)
	Domains(ctx context.Context, q control.ListQuery) ([]control.Domain, int, error)
	Domain(ctx context.Context, id int64) (control.Domain, error)
	SetDomain(ctx context.Context, who control.Actor, in control.SetDomain) (control.Domain, control.Change, error)
	RemoveDomains(ctx context.Context, who control.Actor, ids []int64) (control.Change, error)
	LastChange(ctx context.Context) (control.Change, bool, error)
	Changes(ctx context.Context, q control.ListQuery) ([]control.Change, error)
	Undo(ctx context.Context, who control.Actor, changeID int64) (control.Change, error)
	Check(ctx context.Context, origin string) (control.CheckResult, error)
	WouldChange(ctx context.Context, change control.Rehearsal) ([]control.SeenTurn, error)
}

// A Site is what the page shows of one site.
type Site struct {
	Domains Domains
	Seen    Seen // nil: the dry run has what is written down alone
	Locked  []shell.Locked
}

// Config is what New needs.
type Config struct {
	Shell *shell.Shell
	Site  func(control.Place) Site
	Inbox string // the page of refused origins, whose forms come here; "": there is none
}

// A Page is the handlers of the page. They need one that is at a site.
type Page struct {
	shell   *shell.Shell
	site    func(control.Place) Site
	domains Domains
	seen    Seen
	inbox   string
	locked  []shell.Locked
	list    *shell.View
	edit    *shell.View
	impact  *shell.View
}

// New makes the page.
func New(cfg Config) (*Page, error) {
	if cfg.Shell == nil || cfg.Site == nil {
		return nil, errors.New("security: shell and sites are needed")
	}
	list, err := cfg.Shell.View(files, "page.tmpl", "add.tmpl", "preview.tmpl", "list.tmpl", "empty.tmpl", "tester.tmpl")
	if err != nil {
		return nil, err
	}
	edit, err := cfg.Shell.View(files, "edit.tmpl")
	if err != nil {
		return nil, err
	}
	impact, err := cfg.Shell.View(files, "impact.tmpl")
	if err != nil {
		return nil, err
	}
	return &Page{
		shell: cfg.Shell, site: cfg.Site, inbox: cfg.Inbox,
		list: list, edit: edit, impact: impact,
	}, nil
}

// at is the page at a site.
func (p *Page) at(place control.Place) *Page {
	there, site := *p, p.site(place)
	there.domains, there.seen, there.locked = site.Domains, site.Seen, site.Locked
	return &there
}

// Register adds the page's routes to the mux.
func (p *Page) Register(m *shell.Mux) {
	at := func(h shell.SiteHandler[*Page]) shell.VisitorHandler { return shell.At(p.at, h) }
	m.Place(shell.Place{Section: "Settings", Name: "Security", Path: Path, Icon: "shield", Needs: control.RoleViewer}, at((*Page).show))
	m.Viewer("GET "+Path+"/check", at((*Page).check))
	m.Editor("POST "+Path+"/preview", at((*Page).preview))
	m.Editor("POST "+Path+"/add", at((*Page).add))
	m.Editor("POST "+Path+"/remove", at((*Page).remove))
	m.Editor("POST "+Path+"/undo", at((*Page).undo))
	m.Viewer("GET "+Path+"/domains/{id}", at((*Page).showEdit))
	m.Editor("POST "+Path+"/domains/{id}", at((*Page).saveEdit))
	m.Editor("POST "+Path+"/domains/{id}/on", at((*Page).switchOn))
	m.Editor("POST "+Path+"/domains/{id}/off", at((*Page).switchOff))
}
