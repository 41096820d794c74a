package signin

import (
	"errors"
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// InvitationPath is where the link of an invitation leads, with "?secret=" behind it.
const InvitationPath = "/invitation"

// An invitationForm is the page on which an invited person chooses a password. It
// never has the password, nor the secret.
type invitationForm struct {
	Valid       bool
	Name        string
	Role        control.Role
	By          string // who invited
	MinPassword int    // characters
	Error       string
	Errors      map[string]string // by field
}

// showInvitation takes the secret out of the address at once, as showSetup does,
// and shows the form without it.
func (p *Pages) showInvitation(w http.ResponseWriter, r *http.Request) error {
	if secret := r.URL.Query().Get("secret"); secret != "" {
		p.keepSecret(w, r, InvitationPath, secret)
		http.Redirect(w, r, InvitationPath, http.StatusSeeOther)
		return nil
	}
	return p.renderInvitation(w, r, http.StatusOK, invitationForm{})
}

// renderInvitation answers with the form, or with what is wrong with the link.
func (p *Pages) renderInvitation(w http.ResponseWriter, r *http.Request, status int, form invitationForm) error {
	secret := p.secret(r)
	if secret != "" {
		open, err := p.accounts.InvitationOf(r.Context(), secret)
		if refused, ok := errors.AsType[*control.Error](err); ok {
			form.Error, status = shell.Sentence(refused.Message), shell.StatusOf(refused)
		} else if err != nil {
			return err
		}
		form.Valid, form.Name, form.Role, form.By = err == nil, open.Name, open.Role, open.CreatedBy
	}
	form.MinPassword = control.MinPassword
	return p.shell.Render(w, status, p.invitation, shell.Page{Title: "Invitation", Body: form})
}

// accept makes the account of an invitation and signs its owner in.
func (p *Pages) accept(w http.ResponseWriter, r *http.Request) error {
	values, err := shell.Form(w, r, maxForm)
	if err != nil {
		return err
	}
	password := values.Get("password")
	account, err := p.accounts.AcceptInvitation(r.Context(), p.secret(r), password, p.shell.Address(r))
	if refused, ok := errors.AsType[*control.Error](err); ok {
		var form invitationForm
		form.explain(refused)
		return p.renderInvitation(w, r, shell.StatusOf(refused), form)
	}
	if err != nil {
		return err
	}
	p.forgetSecret(w, r, InvitationPath)
	return p.begin(w, r, account.Name, password, p.home)
}

// explain puts a refusal where it belongs in the form.
func (f *invitationForm) explain(refused *control.Error) {
	text := shell.Sentence(refused.Message)
	if refused.Field == "password" {
		f.Errors = map[string]string{"password": text}
		return
	}
	f.Error = text
}
