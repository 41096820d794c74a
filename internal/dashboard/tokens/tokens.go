package tokens

import (
	"context"
	"embed"
	"errors"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// Path is where the list is.
const Path = "/settings/tokens"

//go:embed *.tmpl tokens.css
var files embed.FS

// Style is the pages' part of the style sheet.
func Style() shell.Style { return shell.Style{Files: files, Name: "tokens.css"} }

// Tokens is what the pages ask of the control plane.
type Tokens interface {
	CreateToken(ctx context.Context, who control.Actor, in control.CreateToken) (control.Token, string, error)
	Tokens(ctx context.Context, q control.ListQuery) ([]control.Token, int, error)
	Token(ctx context.Context, id string) (control.Token, error)
	RevokeToken(ctx context.Context, who control.Actor, id string) (control.Token, error)
	Domains(ctx context.Context, q control.ListQuery) ([]control.Domain, int, error)
}

// A Site is what the pages show of one site.
type Site struct {
	Tokens Tokens
	API    func(context.Context) string // where browsers find the API, without a slash at the end, for the examples
}

// Config is what New needs.
type Config struct {
	Shell *shell.Shell
	Site  func(control.Place) Site
}

// Pages is the handlers of the pages.
type Pages struct {
	shell   *shell.Shell
	site    func(control.Place) Site
	tokens  Tokens
	api     func(context.Context) string
	sent    *sentForms
	list    *shell.View
	create  *shell.View
	created *shell.View
	one     *shell.View
}

// New makes the pages.
func New(cfg Config) (*Pages, error) {
	if cfg.Shell == nil || cfg.Site == nil {
		return nil, errors.New("tokens: shell and sites are needed")
	}
	p := &Pages{shell: cfg.Shell, site: cfg.Site, sent: new(sentForms)}
	for _, view := range []struct {
		to   **shell.View
		name string
	}{{&p.list, "list.tmpl"}, {&p.create, "create.tmpl"}, {&p.created, "created.tmpl"}, {&p.one, "one.tmpl"}} {
		v, err := cfg.Shell.View(files, view.name, "state.tmpl")
		if err != nil {
			return nil, err
		}
		*view.to = v
	}
	return p, nil
}

// at is the pages at a site.
func (p *Pages) at(place control.Place) *Pages {
	there, site := *p, p.site(place)
	there.tokens, there.api = site.Tokens, site.API
	return &there
}

// Register adds the pages' routes to the mux.
func (p *Pages) Register(m *shell.Mux) {
	at := func(h shell.SiteHandler[*Pages]) shell.VisitorHandler { return shell.At(p.at, h) }
	m.Place(shell.Place{Section: "Settings", Name: "Access tokens", Path: Path, Icon: "key", Needs: control.RoleViewer}, at((*Pages).showList))
	m.Viewer("GET "+Path+"/new", at((*Pages).showForm))
	m.Editor("POST "+Path+"/new", at((*Pages).createToken))
	m.Viewer("GET "+Path+"/{id}", at((*Pages).showOne))
	m.Editor("POST "+Path+"/{id}/revoke", at((*Pages).revoke))
}
