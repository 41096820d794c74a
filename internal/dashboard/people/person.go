package people

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// A personForm is the page of one account.
type personForm struct {
	person
	Roles     []roleChoice
	LastOwner bool // nobody else is an owner: the role stays, and so does the account
	Sessions  int
	Sites     []membership // where they have a role of their own
	MoreSites int
	Several   bool // there are several sites
	Error     string
}

// personPath is where the page of an account is.
func personPath(name string) string { return Path + "/accounts/" + url.PathEscape(name) }

func (p *Pages) showPerson(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	return p.renderPerson(w, r, who, http.StatusOK, "")
}

func (p *Pages) renderPerson(w http.ResponseWriter, r *http.Request, who shell.Visitor, status int, problem string) error {
	form, err := p.personForm(r.Context(), who, r.PathValue("name"))
	if err != nil {
		return err
	}
	form.Error = problem
	return p.shell.Render(w, status, p.person, shell.Page{
		Title: shell.Visible(form.Name), Path: Path, Visitor: &who, Body: form,
	})
}

// personForm reads the account of a name.
func (p *Pages) personForm(ctx context.Context, who shell.Visitor, name string) (personForm, error) {
	all, err := p.accounts.Accounts(ctx)
	if err != nil {
		return personForm{}, err
	}
	for _, a := range all {
		if a.Name == name {
			return p.newPersonForm(ctx, who, all, a)
		}
	}
	return personForm{}, shell.NotFound
}

func (p *Pages) newPersonForm(ctx context.Context, who shell.Visitor, all []control.Account, a control.Account) (personForm, error) {
	open, err := p.accounts.Sessions(ctx, a.Name)
	form := personForm{
		person: p.newPerson(a, who), Roles: roleChoices(a.Role),
		LastOwner: isLastOwner(all, a), Sessions: len(open),
	}
	if err != nil {
		return form, err
	}
	at, err := p.accounts.Memberships(ctx, a.Name)
	form.Several = who.Several || a.Confined
	form.Sites, form.MoreSites = memberships(at)
	for i := range form.Roles {
		form.Roles[i].Refused = form.LastOwner && !form.Roles[i].Chosen
	}
	return form, err
}

// setRole gives an account another role.
func (p *Pages) setRole(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	_, err = p.accounts.SetRole(r.Context(), who.Actor, r.PathValue("name"), control.Role(values.Get("role")))
	return p.done(w, r, who, err)
}

// confine lets an account do nothing but what its roles at single sites allow, or frees it
// of that.
func (p *Pages) confine(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	return p.done(w, r, who, p.accounts.Confine(r.Context(), who.Actor, r.PathValue("name"), values.Get("confined") == "yes"))
}

// signOut ends all sessions of an account.
func (p *Pages) signOut(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	return p.done(w, r, who, p.accounts.EndSessions(r.Context(), who.Actor, r.PathValue("name")))
}

// remove removes an account.
func (p *Pages) remove(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	return p.done(w, r, who, p.accounts.RemoveAccount(r.Context(), who.Actor, r.PathValue("name")))
}

// done sends the visitor to the list after a change, or shows the page again with
// why nothing was changed.
func (p *Pages) done(w http.ResponseWriter, r *http.Request, who shell.Visitor, err error) error {
	if refused, ok := errors.AsType[*control.Error](err); ok && refused.Code != control.CodeNotFound {
		return p.renderPerson(w, r, who, shell.StatusOf(refused), shell.Sentence(refused.Message))
	}
	if err != nil {
		return err
	}
	return back(w, r, who, Path)
}
