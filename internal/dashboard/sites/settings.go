package sites

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// A settingsScreen is the page of what a site is.
type settingsScreen struct {
	form
	Enabled bool
	Created shell.When
	By      string
	Lacks   string // why the visitor cannot change it, or ""
}

// found returns the site of the page. The default one has no such page: settings that are
// given at the start describe it.
func (p *Pages) found(r *http.Request, who shell.Visitor) (control.Site, error) {
	if who.IsDefault() {
		return control.Site{}, shell.NotFound
	}
	return p.records.SiteNamed(r.Context(), who.Site.Name)
}

func (p *Pages) showSettings(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	site, err := p.found(r, who)
	if err != nil {
		return err
	}
	return p.renderSettings(w, who, http.StatusOK, site, formOf(site), messageOf(r.URL.Query()))
}

func (p *Pages) renderSettings(w http.ResponseWriter, who shell.Visitor, status int, site control.Site, f form, message *shell.Message) error {
	return p.shell.Render(w, status, p.settings, shell.Page{
		Title: "Site", Path: SettingsPath, Visitor: &who, Message: message, Body: settingsScreen{
			form: f, Enabled: site.Enabled, Created: shell.NewWhen(p.shell.Now(), site.CreatedAt), By: site.CreatedBy,
			Lacks: who.LacksEverywhere(control.RoleOwner),
		},
	})
}

// saveSettings saves the whole form or none of it.
func (p *Pages) saveSettings(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	site, err := p.found(r, who)
	if err != nil {
		return err
	}
	f := typed(values)
	f.Name, f.Version = site.Name, versionOf(values)
	if err = f.complete(); err == nil {
		addresses, upstreams := separated(f.Addresses), separated(f.Upstreams)
		_, err = p.records.SetSite(r.Context(), who.Actor, site.Name, control.SetSite{
			Version: f.Version, Addresses: &addresses, Upstreams: &upstreams, HealthPath: &f.Health,
		})
	}
	if refused, ok := errors.AsType[*control.Error](err); ok && refused.Code != control.CodeNotFound {
		if refused.Code == control.CodeChangedSince { // what was typed is saved next time, on purpose
			f.Version = site.Version
		}
		f.explain(refused)
		return p.renderSettings(w, who, shell.StatusOf(refused), site, f, nil)
	}
	if err != nil {
		return err
	}
	return shell.Redirect(w, r, who, SettingsPath+"?notice="+noticeSaved)
}

// switchOn has a site answer again.
func (p *Pages) switchOn(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	return p.turn(w, r, who, true, noticeOn)
}

// switchOff has a site refuse everything.
func (p *Pages) switchOff(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	return p.turn(w, r, who, false, noticeOff)
}

func (p *Pages) turn(w http.ResponseWriter, r *http.Request, who shell.Visitor, on bool, notice string) error {
	site, err := p.found(r, who)
	if err != nil {
		return err
	}
	if _, err := p.records.SetSite(r.Context(), who.Actor, site.Name, control.SetSite{Enabled: &on}); err != nil {
		return err
	}
	return shell.Redirect(w, r, who, SettingsPath+"?notice="+notice)
}

// The "notice" of addresses that changes lead to.
const (
	noticeSaved   = "saved"
	noticeOn      = "on"
	noticeOff     = "off"
	noticeRemoved = "removed"
)

// messageOf is what the address asks the page to say. An address has no words of its own.
func messageOf(query url.Values) *shell.Message {
	text, ok := map[string]string{
		noticeSaved:   "The site is saved. Every node goes by it within a second.",
		noticeOn:      "The site is switched on.",
		noticeOff:     "The site is switched off: requests to its addresses are refused.",
		noticeRemoved: "The site is removed. What was done at it stays in the audit log.",
	}[query.Get("notice")]
	if !ok {
		return nil
	}
	return &shell.Message{Kind: "done", Text: text}
}
