package signin

import (
	"errors"
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// setupPath is where the first-run link leads, with "?secret=" behind it.
const setupPath = "/setup"

// A setupForm is the page that makes the first account. It never has the
// password, nor the secret.
type setupForm struct {
	HasSecret   bool
	Name        string
	MinPassword int // characters
	Error       string
	Errors      map[string]string // by field
}

// showSetup takes the secret out of the address at once, so that neither the
// browser's history nor a Referer has it, and shows the form without it.
func (p *Pages) showSetup(w http.ResponseWriter, r *http.Request) error {
	if secret := r.URL.Query().Get("secret"); secret != "" {
		p.keepSecret(w, r, setupPath, secret)
		http.Redirect(w, r, setupPath, http.StatusSeeOther)
		return nil
	}
	accounts, err := p.accounts.Accounts(r.Context())
	if err != nil {
		return err
	}
	if len(accounts) > 0 {
		p.forgetSecret(w, r, setupPath)
		http.Redirect(w, r, shell.SignInPath+"?notice=set-up", http.StatusSeeOther)
		return nil
	}
	return p.renderSetup(w, http.StatusOK, setupForm{HasSecret: p.secret(r) != ""})
}

func (p *Pages) renderSetup(w http.ResponseWriter, status int, form setupForm) error {
	form.MinPassword = control.MinPassword
	return p.shell.Render(w, status, p.setup, shell.Page{Title: "Set up", Body: form})
}

// setUp makes the first account and signs its owner in.
func (p *Pages) setUp(w http.ResponseWriter, r *http.Request) error {
	values, err := shell.Form(w, r, maxForm)
	if err != nil {
		return err
	}
	name, password := values.Get("name"), values.Get("password")
	account, err := p.accounts.Setup(r.Context(), p.secret(r), name, password, p.shell.Address(r))
	if refused, ok := errors.AsType[*control.Error](err); ok {
		form := setupForm{HasSecret: refused.Code != control.CodeWrongSecret, Name: name}
		form.explain(refused)
		return p.renderSetup(w, shell.StatusOf(refused), form)
	}
	if err != nil {
		return err
	}
	p.forgetSecret(w, r, setupPath)
	return p.begin(w, r, account.Name, password, p.home)
}

// explain puts a refusal where it belongs in the form.
func (f *setupForm) explain(refused *control.Error) {
	text := shell.Sentence(refused.Message)
	if refused.Field == "name" || refused.Field == "password" {
		f.Errors = map[string]string{refused.Field: text}
		return
	}
	f.Error = text
}
