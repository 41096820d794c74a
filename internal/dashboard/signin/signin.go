package signin

import (
	"context"
	"embed"
	"errors"
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/guard"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

//go:embed *.tmpl signin.css
var files embed.FS

// Style is the pages' part of the style sheet.
func Style() shell.Style { return shell.Style{Files: files, Name: "signin.css"} }

// maxForm is the largest form that is read before anybody is signed in, in
// bytes: a name, a password and an address.
const maxForm = 8 << 10

// Accounts is what the pages ask of the control plane.
type Accounts interface {
	Accounts(ctx context.Context) ([]control.Account, error)
	Setup(ctx context.Context, secret, name, password, address string) (control.Account, error)
	SignIn(ctx context.Context, name, password, address, userAgent string) (cookie string, err error)
	SignOut(ctx context.Context, cookie string) error
	InvitationOf(ctx context.Context, secret string) (control.Invitation, error)
	AcceptInvitation(ctx context.Context, secret, password, address string) (control.Account, error)
}

// Config is what New needs.
type Config struct {
	Shell    *shell.Shell
	Guard    *guard.Guard
	Accounts Accounts
	Home     string // the path that people come to when they have signed in
}

// Pages is the handlers of the pages.
type Pages struct {
	shell      *shell.Shell
	guard      *guard.Guard
	accounts   Accounts
	home       string
	signIn     *shell.View
	setup      *shell.View
	invitation *shell.View
}

// New makes the pages.
func New(cfg Config) (*Pages, error) {
	if cfg.Shell == nil || cfg.Guard == nil || cfg.Accounts == nil || cfg.Home == "" {
		return nil, errors.New("signin: shell, guard, accounts and home are needed")
	}
	signIn, err := cfg.Shell.View(files, "signin.tmpl")
	if err != nil {
		return nil, err
	}
	setup, err := cfg.Shell.View(files, "setup.tmpl")
	if err != nil {
		return nil, err
	}
	invitation, err := cfg.Shell.View(files, "invitation.tmpl")
	if err != nil {
		return nil, err
	}
	return &Pages{
		shell: cfg.Shell, guard: cfg.Guard, accounts: cfg.Accounts, home: cfg.Home,
		signIn: signIn, setup: setup, invitation: invitation,
	}, nil
}

// Register adds the pages' routes to the mux.
func (p *Pages) Register(m *shell.Mux) {
	m.Public("GET "+shell.SignInPath, p.showSignIn)
	m.Public("POST "+shell.SignInPath, p.enter)
	m.Public("POST /sign-out", p.leave)
	m.Public("GET "+setupPath, p.showSetup)
	m.Public("POST "+setupPath, p.setUp)
	m.Public("GET "+InvitationPath, p.showInvitation)
	m.Public("POST "+InvitationPath, p.accept)
}

// begin begins a session and sends its owner on. The session that the browser
// had before, whoever's it was, ends: nobody goes on in it.
func (p *Pages) begin(w http.ResponseWriter, r *http.Request, name, password, to string) error {
	cookie, err := p.accounts.SignIn(r.Context(), name, password, p.shell.Address(r), r.UserAgent())
	if err != nil {
		return err
	}
	if before := p.guard.Session(r); before != "" {
		if err := p.accounts.SignOut(r.Context(), before); err != nil {
			return err
		}
	}
	p.guard.SetSession(w, r, cookie)
	http.Redirect(w, r, shell.LocalPath(to, p.home), http.StatusSeeOther)
	return nil
}
