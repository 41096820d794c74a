package security

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// An editForm is the page of one entry.
type editForm struct {
	row
	place
	Trusts string     // which pages, in a sentence
	Typed  string     // as it was typed, where that is not what was saved
	Holds  []affected // origins that would be refused without it
	More   int        // of those, that are not shown
	Label  string     // as typed in the form
	Expiry shell.Expiry
	Errors map[string]string // by field
	Error  string            // about the form as a whole
	Lacks  string            // why the visitor cannot change it, or ""
}

func (p *Page) showEdit(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	d, err := p.entry(r)
	if err != nil {
		return err
	}
	form := p.newEditForm(d, placeOf(r.URL.Query()))
	return p.renderEdit(w, r, who, http.StatusOK, form)
}

func (p *Page) renderEdit(w http.ResponseWriter, r *http.Request, who shell.Visitor, status int, form editForm) error {
	held, err := p.rehearse(r.Context(), control.Rehearsal{Without: []int64{form.ID}})
	if err != nil {
		return err
	}
	shown := min(len(held), maxLetIn)
	form.Holds, form.More = held[:shown], len(held)-shown
	form.Lacks = who.Lacks(control.RoleEditor)
	return p.shell.Render(w, status, p.edit, shell.Page{
		Title: shell.Visible(form.Domain), Path: Path, Visitor: &who, Body: form,
	})
}

// entry is the entry that the route names.
func (p *Page) entry(r *http.Request) (control.Domain, error) {
	id, err := entryID(r)
	if err != nil {
		return control.Domain{}, err
	}
	return p.domains.Domain(r.Context(), id)
}

// entryID is the id in the route. What is no number names no page.
func entryID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, shell.NotFound
	}
	return id, nil
}

func (p *Page) newEditForm(d control.Domain, at place) editForm {
	form := editForm{row: newRow(p.shell.Now(), d), place: at, Trusts: trusts(d.Domain), Label: d.Label}
	if d.Typed != d.Domain.String() {
		form.Typed = shell.Cut(d.Typed, maxEntry)
	}
	keep(&form.Expiry, p.shell.Now(), d)
	return form
}

// keep offers to leave an expiry as it is, where there is one.
func keep(e *shell.Expiry, now time.Time, d control.Domain) {
	if d.ExpiresAt.IsZero() {
		e.Choice = shell.Never
		return
	}
	e.Choice, e.Kept = shell.AsItIs, shell.NewWhen(now, d.ExpiresAt).Exact
}

// saveEdit changes label and expiry.
func (p *Page) saveEdit(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	d, err := p.entry(r)
	if err != nil {
		return err
	}
	form := p.newEditForm(d, placeOf(values))
	form.fill(values)
	change, err := p.saveForm(r, who, form)
	if refused, ok := errors.AsType[*control.Error](err); ok {
		form.explain(refused)
		return p.renderEdit(w, r, who, shell.StatusOf(refused), form)
	}
	if err != nil {
		return err
	}
	return backTo(w, r, who, form.place, change, form.ID)
}

// fill puts in what was typed. Without a version, whatever the entry has become
// meanwhile is changed.
func (f *editForm) fill(values url.Values) {
	f.Label = values.Get("label")
	f.Version, _ = strconv.ParseInt(values.Get("version"), 10, 64)
	kept := f.Expiry.Kept
	f.Expiry = shell.ExpiryOf(values)
	f.Expiry.Kept = kept
}

func (p *Page) saveForm(r *http.Request, who shell.Visitor, form editForm) (control.Change, error) {
	in := control.SetDomain{ID: form.ID, Version: form.Version, Label: &form.Label}
	if form.Expiry.Choice != shell.AsItIs {
		expires, err := form.Expiry.Time(p.shell.Now())
		if err != nil {
			return control.Change{}, err
		}
		in.Expires = &expires
	}
	_, change, err := p.domains.SetDomain(r.Context(), who.Actor, in)
	return change, err
}

// explain puts a refusal where it belongs in the form.
func (f *editForm) explain(refused *control.Error) {
	text := shell.Sentence(refused.Message)
	if refused.Field == "label" || refused.Field == shell.FieldExpires {
		f.Errors = map[string]string{refused.Field: text}
		return
	}
	f.Error = text
}
