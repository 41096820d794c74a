package signin

import (
	"errors"
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// A signInForm is the page to sign in. It never has the password.
type signInForm struct {
	Name    string
	Return  string // where to go afterwards, or ""
	Error   string
	Notice  string
	NoSetup bool // no account exists: nobody can sign in yet
}

// notices are what the page can be asked to say, by the "notice" of its address.
var notices = map[string]string{
	"signed-out":            "You have signed out.",
	"signed-out-everywhere": "You have signed out everywhere.",
	"set-up":                "Crossgate is set up already. Sign in with your account.",
}

func (p *Pages) showSignIn(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	return p.renderSignIn(w, r, http.StatusOK, signInForm{
		Return: shell.LocalPath(query.Get("return"), ""),
		Notice: notices[query.Get("notice")],
	})
}

func (p *Pages) renderSignIn(w http.ResponseWriter, r *http.Request, status int, form signInForm) error {
	accounts, err := p.accounts.Accounts(r.Context())
	if err != nil {
		return err
	}
	form.NoSetup = len(accounts) == 0
	return p.shell.Render(w, status, p.signIn, shell.Page{Title: "Sign in", Body: form})
}

// enter signs in.
func (p *Pages) enter(w http.ResponseWriter, r *http.Request) error {
	values, err := shell.Form(w, r, maxForm)
	if err != nil {
		return err
	}
	form := signInForm{Name: values.Get("name"), Return: shell.LocalPath(values.Get("return"), "")}
	err = p.begin(w, r, form.Name, values.Get("password"), form.Return)
	if refused, ok := errors.AsType[*control.Error](err); ok {
		form.Error = shell.Sentence(refused.Message)
		return p.renderSignIn(w, r, shell.StatusOf(refused), form)
	}
	return err
}

// leave signs out. Without a session there is nothing to end, and the answer is
// the same.
func (p *Pages) leave(w http.ResponseWriter, r *http.Request) error {
	if cookie := p.guard.Session(r); cookie != "" {
		if err := p.accounts.SignOut(r.Context(), cookie); err != nil {
			return err
		}
	}
	p.guard.ClearSession(w, r)
	http.Redirect(w, r, shell.SignInPath+"?notice=signed-out", http.StatusSeeOther)
	return nil
}
