package fleet

import (
	"context"
	"embed"
	"errors"
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// Path is where the page is.
const Path = "/settings/fleet"

//go:embed *.tmpl fleet.css
var files embed.FS

// Style is the page's part of the style sheet.
func Style() shell.Style { return shell.Style{Files: files, Name: "fleet.css"} }

// Nodes is what the page asks of the control plane.
type Nodes interface {
	Fleet(ctx context.Context) (control.Fleet, error)
}

// Config is what New needs.
type Config struct {
	Shell *shell.Shell
	Nodes Nodes
	Sites string // the form for another site
}

// A Page is the handler of the page.
type Page struct {
	cfg  Config
	view *shell.View
}

// New makes the page.
func New(cfg Config) (*Page, error) {
	if cfg.Shell == nil || cfg.Nodes == nil {
		return nil, errors.New("fleet: shell and nodes are needed")
	}
	view, err := cfg.Shell.View(files, "page.tmpl")
	return &Page{cfg, view}, err
}

// Register adds the page's route to the mux.
func (p *Page) Register(m *shell.Mux) {
	m.Place(shell.Place{Section: "Settings", Name: "Fleet", Path: Path, Icon: "nodes", Needs: control.RoleViewer, Of: shell.OfFleet}, p.show)
}

// maxNodes is how many nodes the page shows: those in trouble, and then by name.
const maxNodes = 60

// A screen is everything that the page shows.
type screen struct {
	Revision int64
	Moved    shell.When
	Nodes    []row
	More     int // nodes that are not shown
	Trouble  string
	AddSite  string // where another site is added; "": not by this visitor
}

// A row is one node.
type row struct {
	Name     string
	State    control.NodeState
	Means    string
	Version  string
	Revision int64
	Seen     shell.When
	Started  shell.When
	Kept     shell.When
}

func (p *Page) show(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	f, err := p.cfg.Nodes.Fleet(r.Context())
	if err != nil {
		return err
	}
	s := screen{Revision: f.Head.Revision, Moved: shell.NewWhen(f.At, f.MovedAt), Trouble: troubleOf(&f)}
	s.Nodes = rowsOf(&f)
	s.More = max(0, len(s.Nodes)-maxNodes)
	s.Nodes = s.Nodes[:len(s.Nodes)-s.More]
	if who.Everywhere.Allows(control.RoleOwner) && !who.Several {
		s.AddSite = p.cfg.Sites
	}
	return p.cfg.Shell.Render(w, http.StatusOK, p.view, shell.Page{Title: "Fleet", Path: Path, Visitor: &who, Body: s})
}

// rowsOf are the nodes, those in trouble first.
func rowsOf(f *control.Fleet) []row {
	var troubled, rest []row
	for _, n := range f.Nodes {
		state := f.State(n)
		one := row{
			Name: shell.Cut(n.Name, maxName), State: state, Means: meansOf(state), Version: shell.Cut(n.Version, maxName), Revision: n.Head.Revision,
			Seen: shell.NewWhen(f.At, n.SeenAt), Started: shell.NewWhen(f.At, n.StartedAt), Kept: shell.NewWhen(f.At, n.KeptAt),
		}
		if state == control.NodeCurrent {
			rest = append(rest, one)
		} else {
			troubled = append(troubled, one)
		}
	}
	return append(troubled, rest...)
}

// maxName is how much of a name is shown, in characters.
const maxName = 60

func meansOf(state control.NodeState) string {
	switch state {
	case control.NodeLate:
		return "It decides by earlier records, and may let in what was revoked since."
	case control.NodeGone:
		return "It has not told of itself for half a minute: it has ended, or cannot reach the database."
	}
	return ""
}
