package sites

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// A removal is the page that asks whether to remove a site, and says what goes with it.
type removal struct {
	Name      string
	Addresses []string
	control.Size
	Members int
	Typed   string
	Error   string
}

func (p *Pages) askToRemove(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	return p.renderRemoval(w, r, who, http.StatusOK, removal{})
}

func (p *Pages) renderRemoval(w http.ResponseWriter, r *http.Request, who shell.Visitor, status int, asked removal) error {
	site, err := p.found(r, who)
	if err != nil {
		return err
	}
	sizes, err := p.records.Sizes(r.Context(), []int64{site.ID})
	if err != nil {
		return err
	}
	members, err := p.at(who.Site).Members(r.Context())
	if err != nil {
		return err
	}
	asked.Name, asked.Addresses, asked.Size, asked.Members = site.Name, site.Addresses, sizes[site.ID], len(members)
	return p.shell.Render(w, status, p.remove, shell.Page{Title: "Remove " + site.Name, Path: SettingsPath, Visitor: &who, Body: asked})
}

// removeSite removes a site, where its name was typed.
func (p *Pages) removeSite(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	site, err := p.found(r, who)
	if err != nil {
		return err
	}
	if name := values.Get("name"); strings.TrimSpace(name) != site.Name {
		return p.renderRemoval(w, r, who, http.StatusUnprocessableEntity, removal{
			Typed: name, Error: "Nothing was removed. Type the name of the site, " + site.Name + ", to remove it.",
		})
	}
	err = p.records.RemoveSite(r.Context(), who.Actor, site.Name)
	if refused, ok := errors.AsType[*control.Error](err); ok && refused.Code != control.CodeNotFound {
		return p.renderRemoval(w, r, who, shell.StatusOf(refused), removal{Error: shell.Sentence(refused.Message)})
	}
	if err != nil {
		return err
	}
	return shell.Redirect(w, r, who, Path+"?notice="+noticeRemoved)
}

// versionOf is the version that a form was made from; 0: any.
func versionOf(values url.Values) int64 {
	version, err := strconv.ParseInt(values.Get("version"), 10, 64)
	if err != nil {
		return 0
	}
	return version
}
