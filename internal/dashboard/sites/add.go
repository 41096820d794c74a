package sites

import (
	"errors"
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/security"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// An addScreen is the page with the form for another site.
type addScreen struct {
	form
	Lacks string // why the visitor cannot add one, or ""
}

func (p *Pages) showAdd(w http.ResponseWriter, _ *http.Request, who shell.Visitor) error {
	return p.renderAdd(w, who, http.StatusOK, form{})
}

func (p *Pages) renderAdd(w http.ResponseWriter, who shell.Visitor, status int, f form) error {
	return p.shell.Render(w, status, p.add, shell.Page{
		Title: "Add a site", Path: Path, Visitor: &who, Body: addScreen{f, who.LacksEverywhere(control.RoleOwner)},
	})
}

// addSite makes a site, and leads to its list of Trusted Domains: it trusts nobody yet.
func (p *Pages) addSite(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	f := typed(values)
	var made control.Site
	if err = f.complete(); err == nil {
		made, err = p.records.AddSite(r.Context(), who.Actor, control.Site{
			Name: f.Name, Addresses: separated(f.Addresses), Upstreams: separated(f.Upstreams), HealthPath: f.Health,
		})
	}
	if refused, ok := errors.AsType[*control.Error](err); ok {
		f.explain(refused)
		return p.renderAdd(w, who, shell.StatusOf(refused), f)
	}
	if err != nil {
		return err
	}
	return shell.Redirect(w, r, who, shell.SiteAddress(made.Name, security.Path))
}
