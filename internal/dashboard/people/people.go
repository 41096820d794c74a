package people

import (
	"context"
	"embed"
	"errors"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/guard"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// Where the pages are.
const (
	Path        = "/settings/people"
	AccountPath = "/account"
)

//go:embed *.tmpl people.css
var files embed.FS

// Style is the pages' part of the style sheet.
func Style() shell.Style { return shell.Style{Files: files, Name: "people.css"} }

// Accounts is what the pages ask of the control plane.
type Accounts interface {
	Accounts(ctx context.Context) ([]control.Account, error)
	SetRole(ctx context.Context, who control.Actor, name string, role control.Role) (control.Account, error)
	RemoveAccount(ctx context.Context, who control.Actor, name string) error
	Invite(ctx context.Context, who control.Actor, name string, role control.Role) (string, control.Invitation, error)
	Invitations(ctx context.Context) ([]control.Invitation, error)
	RevokeInvitation(ctx context.Context, who control.Actor, id int64) error
	ChangeOwnPassword(ctx context.Context, who control.Actor, current, password, address string) error
	Sessions(ctx context.Context, account string) ([]control.SessionInfo, error)
	EndSession(ctx context.Context, who control.Actor, id string) error
	EndSessions(ctx context.Context, who control.Actor, account string) error
	Confine(ctx context.Context, who control.Actor, name string, confined bool) error
	Memberships(ctx context.Context, account string) ([]control.Membership, error)
	SiteNames(ctx context.Context, ids []int64) (map[int64]string, error)
	Audit(ctx context.Context, q control.AuditQuery) ([]control.AuditRecord, error)
}

// Config is what New needs.
type Config struct {
	Shell    *shell.Shell
	Guard    *guard.Guard
	Accounts Accounts
	Link     string // the path of an invitation's link, with "?secret=" behind it
}

// Pages is the handlers of the pages.
type Pages struct {
	shell    *shell.Shell
	guard    *guard.Guard
	accounts Accounts
	link     string
	list     *shell.View
	person   *shell.View
	account  *shell.View
}

// New makes the pages.
func New(cfg Config) (*Pages, error) {
	if cfg.Shell == nil || cfg.Guard == nil || cfg.Accounts == nil || cfg.Link == "" {
		return nil, errors.New("people: shell, guard, accounts and link are needed")
	}
	p := &Pages{shell: cfg.Shell, guard: cfg.Guard, accounts: cfg.Accounts, link: cfg.Link}
	for name, view := range map[string]**shell.View{
		"list.tmpl": &p.list, "person.tmpl": &p.person, "account.tmpl": &p.account,
	} {
		parsed, err := cfg.Shell.View(files, name, "sites.tmpl")
		if err != nil {
			return nil, err
		}
		*view = parsed
	}
	return p, nil
}

// Register adds the pages' routes to the mux.
func (p *Pages) Register(m *shell.Mux) {
	m.Place(shell.Place{Section: "Settings", Name: "People", Path: Path, Icon: "people", Needs: control.RoleViewer, Of: shell.OfFleet}, p.show)
	m.Fleet(control.RoleOwner, "POST "+Path+"/invite", p.invite)
	m.Fleet(control.RoleOwner, "POST "+Path+"/invitations/{id}/revoke", p.revoke)
	m.Fleet(control.RoleOwner, "GET "+Path+"/accounts/{name}", p.showPerson)
	m.Fleet(control.RoleOwner, "POST "+Path+"/accounts/{name}/role", p.setRole)
	m.Fleet(control.RoleOwner, "POST "+Path+"/accounts/{name}/confine", p.confine)
	m.Fleet(control.RoleOwner, "POST "+Path+"/accounts/{name}/sign-out", p.signOut)
	m.Fleet(control.RoleOwner, "POST "+Path+"/accounts/{name}/remove", p.remove)

	m.Place(shell.Place{Section: "You", Name: "Your account", Path: AccountPath, Icon: "person", Of: shell.Own}, p.showAccount)
	m.SignedIn("POST "+AccountPath+"/password", p.changePassword)
	m.SignedIn("POST "+AccountPath+"/sessions/{id}/end", p.endSession)
	m.SignedIn("POST "+AccountPath+"/sign-out-everywhere", p.signOutEverywhere)
}
