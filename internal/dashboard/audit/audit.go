package audit

import (
	"context"
	"embed"
	"errors"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// Path is where the page is.
const Path = "/settings/audit"

//go:embed *.tmpl audit.css
var files embed.FS

// Style is the page's part of the style sheet.
func Style() shell.Style { return shell.Style{Files: files, Name: "audit.css"} }

// Log is what the page asks of the control plane.
type Log interface {
	Audit(ctx context.Context, q control.AuditQuery) ([]control.AuditRecord, error)
	AuditedFor(ctx context.Context, q control.AuditQuery, id int64) (control.AuditRecord, error)
	EachAudited(ctx context.Context, q control.AuditQuery, visit func(control.AuditRecord) error) error
	SiteNames(ctx context.Context, ids []int64) (map[int64]string, error)
}

// Config is what New needs.
type Config struct {
	Shell *shell.Shell
	Log   func(control.Place) Log
	Nodes func(context.Context) int // how many there are; nil: one
}

// A Page is the handlers of the page.
type Page struct {
	shell  *shell.Shell
	site   func(control.Place) Log
	nodes  func(context.Context) int
	log    Log
	list   *shell.View
	record *shell.View
}

// New makes the page.
func New(cfg Config) (*Page, error) {
	if cfg.Shell == nil || cfg.Log == nil {
		return nil, errors.New("audit: shell and log are needed")
	}
	list, err := cfg.Shell.View(files, "list.tmpl")
	if err != nil {
		return nil, err
	}
	record, err := cfg.Shell.View(files, "record.tmpl")
	if err != nil {
		return nil, err
	}
	return &Page{shell: cfg.Shell, site: cfg.Log, nodes: cfg.Nodes, list: list, record: record}, nil
}

// at is the page at a site.
func (p *Page) at(place control.Place) *Page {
	there := *p
	there.log = p.site(place)
	return &there
}

// Register adds the page's routes to the mux.
func (p *Page) Register(m *shell.Mux) {
	at := func(h shell.SiteHandler[*Page]) shell.VisitorHandler { return shell.At(p.at, h) }
	m.Place(shell.Place{Section: "Settings", Name: "Audit", Path: Path, Icon: "log", Needs: control.RoleViewer}, at((*Page).show))
	m.Viewer("GET "+Path+"/{id}", at((*Page).showRecord))
	m.Viewer("GET "+Path+"/export", at((*Page).export))
}
