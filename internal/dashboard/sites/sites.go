package sites

import (
	"context"
	"embed"
	"errors"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/guard"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// Where the pages are. The list and the form for another site are above all sites.
const (
	Path         = shell.SitesPath
	AddPath      = "/add-site"
	SettingsPath = "/settings/site"
	removePath   = SettingsPath + "/remove"
	MembersPath  = "/settings/members"
)

//go:embed *.tmpl sites.css
var files embed.FS

// Style is the pages' part of the style sheet.
func Style() shell.Style { return shell.Style{Files: files, Name: "sites.css"} }

// Records is what the pages ask of the control plane about all sites.
type Records interface {
	Sites(ctx context.Context, q control.ListQuery) ([]control.Site, int, error)
	SiteNamed(ctx context.Context, name string) (control.Site, error)
	Sizes(ctx context.Context, sites []int64) (map[int64]control.Size, error)
	Memberships(ctx context.Context, account string) ([]control.Membership, error)
	AddSite(ctx context.Context, who control.Actor, site control.Site) (control.Site, error)
	SetSite(ctx context.Context, who control.Actor, name string, in control.SetSite) (control.Site, error)
	RemoveSite(ctx context.Context, who control.Actor, name string) error
}

// Members is what the pages ask of the control plane of one site.
type Members interface {
	Members(ctx context.Context) ([]control.Member, error)
	SetMember(ctx context.Context, who control.Actor, name string, role control.Role) error
	RemoveMember(ctx context.Context, who control.Actor, name string) error
	InviteTo(ctx context.Context, who control.Actor, name string, role control.Role) (string, control.Invitation, error)
	InvitationsTo(ctx context.Context) ([]control.Invitation, error)
	RevokeInvitationTo(ctx context.Context, who control.Actor, id int64) error
	HasAccount(ctx context.Context, name string) (bool, error)
	Audit(ctx context.Context, q control.AuditQuery) ([]control.AuditRecord, error)
}

// Config is what New needs.
type Config struct {
	Shell   *shell.Shell
	Guard   *guard.Guard
	Records Records
	Members func(control.Place) Members
	Link    string // the path of an invitation's link, with "?secret=" behind it
}

// Pages is the handlers of the pages. Those of members need one that is at a site.
type Pages struct {
	shell    *shell.Shell
	guard    *guard.Guard
	records  Records
	at       func(control.Place) Members
	members  Members
	link     string
	list     *shell.View
	add      *shell.View
	settings *shell.View
	remove   *shell.View
	people   *shell.View
}

// New makes the pages.
func New(cfg Config) (*Pages, error) {
	if cfg.Shell == nil || cfg.Guard == nil || cfg.Records == nil || cfg.Members == nil || cfg.Link == "" {
		return nil, errors.New("sites: shell, guard, records, members and link are needed")
	}
	p := &Pages{shell: cfg.Shell, guard: cfg.Guard, records: cfg.Records, at: cfg.Members, link: cfg.Link}
	for name, view := range map[string]**shell.View{
		"list.tmpl": &p.list, "add.tmpl": &p.add, "settings.tmpl": &p.settings, "remove.tmpl": &p.remove, "members.tmpl": &p.people,
	} {
		parsed, err := cfg.Shell.View(files, name, "fields.tmpl")
		if err != nil {
			return nil, err
		}
		*view = parsed
	}
	return p, nil
}

// here is the pages at a site.
func (p *Pages) here(place control.Place) *Pages {
	there := *p
	there.members = p.at(place)
	return &there
}

// Register adds the pages' routes to the mux.
func (p *Pages) Register(m *shell.Mux) {
	at := func(h shell.SiteHandler[*Pages]) shell.VisitorHandler { return shell.At(p.here, h) }
	m.Apart(shell.Place{Name: "Sites", Path: Path, Hidden: true}, p.showList)
	m.FleetApart(control.RoleViewer, "GET "+AddPath, p.showAdd)
	m.FleetApart(control.RoleOwner, "POST "+AddPath, p.addSite)

	m.Place(shell.Place{Section: "Settings", Name: "Members", Path: MembersPath, Icon: "people", Needs: control.RoleViewer, Only: severalSites}, at((*Pages).showMembers))
	m.Owner("POST "+MembersPath, at((*Pages).putMember))
	m.Owner("POST "+MembersPath+"/{name}/role", at((*Pages).setRole))
	m.Owner("POST "+MembersPath+"/{name}/remove", at((*Pages).removeMember))
	m.Owner("POST "+MembersPath+"/invitations/{id}/revoke", at((*Pages).revoke))

	m.Place(shell.Place{Section: "Settings", Name: "Site", Path: SettingsPath, Icon: "globe", Needs: control.RoleViewer, Only: notDefault}, p.showSettings)
	m.Fleet(control.RoleOwner, "POST "+SettingsPath, p.saveSettings)
	m.Fleet(control.RoleOwner, "POST "+SettingsPath+"/on", p.switchOn)
	m.Fleet(control.RoleOwner, "POST "+SettingsPath+"/off", p.switchOff)
	m.Fleet(control.RoleOwner, "GET "+removePath, p.askToRemove)
	m.Fleet(control.RoleOwner, "POST "+removePath, p.removeSite)
}

func severalSites(v *shell.Visitor) bool { return v.Several }

func notDefault(v *shell.Visitor) bool { return !v.IsDefault() }
