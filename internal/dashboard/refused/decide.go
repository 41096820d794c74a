package refused

import (
	"cmp"
	"context"
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// ignore puts an origin aside.
func (p *Page) ignore(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	return p.decide(w, r, who, p.records.IgnoreOrigin)
}

// heed takes it back into the inbox.
func (p *Page) heed(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	return p.decide(w, r, who, p.records.HeedOrigin)
}

// decide carries out what a button says about its origin, and leads back to where the
// visitor was. The button that takes it back has the origin in its address.
func (p *Page) decide(w http.ResponseWriter, r *http.Request, who shell.Visitor, do func(context.Context, control.Actor, string) (control.Change, error)) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	change, err := do(r.Context(), who.Actor, cmp.Or(values.Get("origin"), r.URL.Query().Get("origin")))
	if err != nil {
		return err
	}
	return shell.Redirect(w, r, who, shell.SpotOf(Path, values).After(change.ID))
}
