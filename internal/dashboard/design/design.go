package design

import (
	"embed"
	"errors"
	"net/http"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// Path is where the page is.
const Path = "/design"

//go:embed *.tmpl design.css
var files embed.FS

// Style is the page's part of the style sheet.
func Style() shell.Style { return shell.Style{Files: files, Name: "design.css"} }

// Config is what New needs.
type Config struct{ Shell *shell.Shell }

// A Page is the handler of the page.
type Page struct {
	shell *shell.Shell
	view  *shell.View
}

// New makes the page.
func New(cfg Config) (*Page, error) {
	if cfg.Shell == nil {
		return nil, errors.New("design: a shell is needed")
	}
	view, err := cfg.Shell.View(files, "page.tmpl", "controls.tmpl", "content.tmpl")
	if err != nil {
		return nil, err
	}
	return &Page{shell: cfg.Shell, view: view}, nil
}

// Register adds the page's route to the mux.
func (p *Page) Register(m *shell.Mux) {
	m.Place(shell.Place{Section: "Reference", Name: "Design", Path: Path, Icon: "palette", Of: shell.Own}, p.show)
}

func (p *Page) show(w http.ResponseWriter, _ *http.Request, who shell.Visitor) error {
	return p.shell.Render(w, http.StatusOK, p.view, shell.Page{
		Title: "Design", Path: Path, Visitor: &who, Body: newExamples(p.shell.Now()),
	})
}

// examples is what the components on the page show.
type examples struct {
	Colours []colour
	Icons   []string
	Expiry  shell.Expiry
	Lacks   string
	Span    shell.Span
	Earlier shell.When
	Later   shell.When
	Never   shell.When
}

// A colour is one that the style sheet names, and what it is for.
type colour struct{ Name, Use string }

func newExamples(now time.Time) examples {
	return examples{
		Colours: []colour{
			{"ground", "behind everything"},
			{"surface", "cards and fields"},
			{"sunken", "code, and what is pointed at"},
			{"line", "between rows"},
			{"edge", "of controls"},
			{"ink", "text"},
			{"ink-soft", "what is said beside it"},
			{"accent", "links, and where one is"},
			{"accent-fill", "the one main button"},
			{"good", "allowed, done"},
			{"warn", "take care"},
			{"bad", "refused, wrong"},
		},
		Icons:   []string{"shield", "key", "people", "person", "log", "transfer", "book", "palette", "chart", "inbox", "lock", "search", "good", "warning", "error", "note"},
		Expiry:  shell.Expiry{Choice: shell.InADay},
		Lacks:   shell.Visitor{Role: control.RoleViewer}.Lacks(control.RoleEditor),
		Span:    shell.SpanAt(shell.Spot{Path: Path, Page: 2}, 25, 25, 1234),
		Earlier: shell.NewWhen(now, now.Add(-3*time.Hour)),
		Later:   shell.NewWhen(now, now.Add(24*time.Hour)),
	}
}
