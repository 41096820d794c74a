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

// Config is what New needs.
type Config struct {
	Shell  *shell.Shell
	Tokens Tokens
	API    string // where browsers find the API, without a slash at the end, for the examples
}

// Pages is the handlers of the pages.
type Pages struct {
	shell   *shell.Shell
	tokens  Tokens
	api     string
	sent    *sentForms
	list    *shell.View
	create  *shell.View
	created *shell.View
	one     *shell.View
}

// New makes the pages.
func New(cfg Config) (*Pages, error) {
	if cfg.Shell == nil || cfg.Tokens == nil || cfg.API == "" {
		return nil, errors.New("tokens: shell, tokens and the API's address are needed")
	}
	p := &Pages{shell: cfg.Shell, tokens: cfg.Tokens, api: cfg.API, sent: new(sentForms)}
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

// Register adds the pages' routes to the mux.
func (p *Pages) Register(m *shell.Mux) {
	m.Place(shell.Place{Section: "Settings", Name: "Access tokens", Path: Path, Icon: "key", Needs: control.RoleViewer}, p.showList)
	m.Viewer("GET "+Path+"/new", p.showForm)
	m.Editor("POST "+Path+"/new", p.createToken)
	m.Viewer("GET "+Path+"/{id}", p.showOne)
	m.Editor("POST "+Path+"/{id}/revoke", p.revoke)
}
