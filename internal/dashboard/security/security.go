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

// Config is what New needs.
type Config struct {
	Shell   *shell.Shell
	Domains Domains
	Seen    Seen   // nil: the dry run has what is written down alone
	Inbox   string // the page of refused origins, whose forms come here; "": there is none
	Locked  []shell.Locked
}

// A Page is the handlers of the page.
type Page struct {
	shell   *shell.Shell
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
	if cfg.Shell == nil || cfg.Domains == nil {
		return nil, errors.New("security: shell and domains are needed")
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
		shell: cfg.Shell, domains: cfg.Domains, seen: cfg.Seen, inbox: cfg.Inbox, locked: cfg.Locked,
		list: list, edit: edit, impact: impact,
	}, nil
}

// Register adds the page's routes to the mux.
func (p *Page) Register(m *shell.Mux) {
	m.Place(shell.Place{Section: "Settings", Name: "Security", Path: Path, Icon: "shield", Needs: control.RoleViewer}, p.show)
	m.Viewer("GET "+Path+"/check", p.check)
	m.Editor("POST "+Path+"/preview", p.preview)
	m.Editor("POST "+Path+"/add", p.add)
	m.Editor("POST "+Path+"/remove", p.remove)
	m.Editor("POST "+Path+"/undo", p.undo)
	m.Viewer("GET "+Path+"/domains/{id}", p.showEdit)
	m.Editor("POST "+Path+"/domains/{id}", p.saveEdit)
	m.Editor("POST "+Path+"/domains/{id}/on", p.switchOn)
	m.Editor("POST "+Path+"/domains/{id}/off", p.switchOff)
}
