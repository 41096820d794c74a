package people

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// An inviteForm is the form that invites somebody, with what was typed.
type inviteForm struct {
	Name   string
	Roles  []roleChoice
	Error  string            // about the form as a whole
	Errors map[string]string // by field
}

// invited is the invitation that was just made, with its link.
type invited struct {
	Name    string
	Role    string
	Link    string
	Expires shell.When
}

// invite invites somebody. The answer is the page itself and not a redirect to it:
// the link is known now, and never again.
func (p *Pages) invite(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	role := control.Role(values.Get("role"))
	secret, made, err := p.accounts.Invite(r.Context(), who.Actor, values.Get("name"), role)
	if refused, ok := errors.AsType[*control.Error](err); ok {
		form := inviteForm{Name: values.Get("name"), Roles: roleChoices(role)}
		form.explain(refused)
		return p.render(w, r, who, shell.StatusOf(refused), screen{Form: form}, nil)
	}
	if err != nil {
		return err
	}
	s := screen{Form: inviteForm{Roles: roleChoices(control.RoleViewer)}, Invited: &invited{
		Name: made.Name, Role: roleName(made.Role), Expires: shell.NewWhen(p.shell.Now(), made.ExpiresAt),
		Link: p.guard.Origin(r) + p.link + "?" + url.Values{"secret": {secret}}.Encode(),
	}}
	return p.render(w, r, who, http.StatusOK, s, nil)
}

// explain puts a refusal where it belongs in the form.
func (f *inviteForm) explain(refused *control.Error) {
	text := shell.Sentence(refused.Message)
	if refused.Field == "name" || refused.Field == "role" {
		f.Errors = map[string]string{refused.Field: text}
		return
	}
	f.Error = text
}

// revoke makes the link of an invitation invalid.
func (p *Pages) revoke(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return shell.NotFound
	}
	if err := p.accounts.RevokeInvitation(r.Context(), who.Actor, id); err != nil {
		return p.refused(w, r, who, err)
	}
	return back(w, r, who, Path)
}

// refused answers with the list and what the control plane had to say. Any other
// error is returned.
func (p *Pages) refused(w http.ResponseWriter, r *http.Request, who shell.Visitor, err error) error {
	refusal, ok := errors.AsType[*control.Error](err)
	if !ok {
		return err
	}
	s := screen{Form: inviteForm{Roles: roleChoices(control.RoleViewer)}}
	message := &shell.Message{Kind: "error", Text: shell.Sentence(refusal.Message)}
	return p.render(w, r, who, shell.StatusOf(refusal), s, message)
}
