package tokens

import (
	"errors"
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// A onePage is the page of one token, which also asks whether to revoke it.
type onePage struct {
	tokenView
	shell.Spot
	Lacks string // why the visitor cannot revoke it, or ""
	Error string
}

func (p *Pages) showOne(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	t, err := p.tokens.Token(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return p.renderOne(w, who, http.StatusOK, onePage{
		tokenView: newTokenView(p.shell.Now(), t), Spot: shell.SpotOf(Path, r.URL.Query()),
	})
}

func (p *Pages) renderOne(w http.ResponseWriter, who shell.Visitor, status int, one onePage) error {
	one.Lacks = who.Lacks(control.RoleEditor)
	return p.shell.Render(w, status, p.one, shell.Page{
		Title: shell.Visible(one.Name), Path: Path, Visitor: &who, Body: one,
	})
}

// revoke ends a token. The page that has the button is the question whether to.
func (p *Pages) revoke(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	at := shell.SpotOf(Path, values)
	t, err := p.tokens.RevokeToken(r.Context(), who.Actor, r.PathValue("id"))
	if refused, ok := errors.AsType[*control.Error](err); ok && refused.Code != control.CodeNotFound {
		return p.renderOne(w, who, shell.StatusOf(refused), onePage{
			tokenView: newTokenView(p.shell.Now(), t), Spot: at, Error: shell.Sentence(refused.Message),
		})
	}
	if err != nil {
		return err
	}
	return shell.Redirect(w, r, who, at.Telling(noticeRevoked)+"#"+t.ID)
}
