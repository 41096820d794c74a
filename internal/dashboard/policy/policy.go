package policy

import (
	"context"
	"embed"
	"errors"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// Where the page is, and the place in the navigation that it stands below.
const (
	Path  = place + "/policy"
	place = "/settings/security"
)

//go:embed *.tmpl policy.css
var files embed.FS

// Style is the page's part of the style sheet.
func Style() shell.Style { return shell.Style{Files: files, Name: "policy.css"} }

// Policies is what the page asks of the control plane.
type Policies interface {
	Policy(ctx context.Context) (control.Policy, error)
	SetPolicy(ctx context.Context, who control.Actor, in control.SetPolicy) (control.Policy, control.Change, error)
	TicketKeys(ctx context.Context) (control.TicketKeys, error)
	RotateTicketKeys(ctx context.Context, who control.Actor, in control.TicketRotation) (control.TicketKeys, control.Change, error)
	Changes(ctx context.Context, q control.ListQuery) ([]control.Change, error)
}

// A Site is what the page shows of one site.
type Site struct {
	Policies Policies
	Locked   []shell.Locked // those that are named as the settings are here
}

// Config is what New needs.
type Config struct {
	Shell *shell.Shell
	Site  func(control.Place) Site
}

// A Page is the handlers of the page. They need one that is at a site.
type Page struct {
	shell    *shell.Shell
	site     func(control.Place) Site
	policies Policies
	locked   map[string]*shell.Locked // by field
	view     *shell.View
}

// New makes the page.
func New(cfg Config) (*Page, error) {
	if cfg.Shell == nil || cfg.Site == nil {
		return nil, errors.New("policy: shell and sites are needed")
	}
	view, err := cfg.Shell.View(files, "page.tmpl", "settings.tmpl", "tickets.tmpl")
	if err != nil {
		return nil, err
	}
	return &Page{shell: cfg.Shell, site: cfg.Site, view: view}, nil
}

// at is the page at a site.
func (p *Page) at(place control.Place) *Page {
	there, site := *p, p.site(place)
	there.policies, there.locked = site.Policies, lockedFields(site.Locked)
	return &there
}

// Register adds the page's routes to the mux.
func (p *Page) Register(m *shell.Mux) {
	at := func(h shell.SiteHandler[*Page]) shell.VisitorHandler { return shell.At(p.at, h) }
	m.Viewer("GET "+Path, at((*Page).show))
	m.Owner("POST "+Path, at((*Page).save))
	m.Fleet(control.RoleOwner, "POST "+pathTickets, at((*Page).rotate))
}

// titles are the settings of the page by the field that the control plane has for
// them.
var titles = []struct{ Field, Title string }{
	{"mode", "Mode"},
	{"credentials", "Credentials"},
	{"methods", "Methods"},
	{"headers", "Request headers"},
	{"expose", "Exposed headers"},
	{"max-age", "Max-Age"},
	{"query-carrier", "Query carrier"},
	{"token-required", "Token required"},
	{"open-envelopes", "Open envelopes"},
	{"exempt", "Exempt paths"},
	{"upstream-credential", "Upstream credential"},
}

// lockedFields returns what is locked by field. Other settings are not of this page.
func lockedFields(locked []shell.Locked) map[string]*shell.Locked {
	fields := map[string]*shell.Locked{}
	for _, l := range locked {
		for _, t := range titles {
			if strings.EqualFold(t.Title, l.Name) {
				fields[t.Field] = &l
			}
		}
	}
	return fields
}
