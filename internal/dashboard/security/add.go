package security

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/trust"
)

// An addForm is the form that adds to the list, with everything that was typed.
type addForm struct {
	place
	Text    string
	Label   string
	Reason  string
	Expiry  shell.Expiry
	Ticks   []string          // the confirmations that were ticked
	Preview *preview          // nil: nothing was looked at yet
	Error   string            // about the form as a whole
	Errors  map[string]string // by field
	Lacks   string            // why the visitor cannot add anything, or ""
	From    string            // where the form stood: FromInbox, or "" for this page
}

// addFormOf reads the form. A button of the preview may have asked for one entry
// to be replaced by what was suggested.
func addFormOf(form url.Values) addForm {
	return addForm{
		place:  placeOf(form),
		Text:   replaceEntry(form.Get("domains"), form.Get("replace")),
		Label:  form.Get("label"),
		Reason: form.Get("reason"),
		Expiry: shell.ExpiryOf(form),
		Ticks:  form["confirm"],
		From:   fromOf(form),
	}
}

// add adds what was typed, or only looks at it.
func (p *Page) add(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	form := addFormOf(values)
	if values.Get("do") != "add" {
		return p.look(w, r, who, form)
	}
	change, err := p.addAll(r, who, &form)
	if refused := (*control.Error)(nil); errors.As(err, &refused) {
		form.explain(refused)
		return p.render(w, r, who, http.StatusUnprocessableEntity, screen{Add: form}, form.place, nil)
	}
	if err != nil {
		return err
	}
	return p.backFrom(w, r, who, form.From, placeOf(nil), change)
}

// addAll adds all entries of the form or none. The preview is filled in first, so
// that the form has it whatever is wrong with the rest.
func (p *Page) addAll(r *http.Request, who shell.Visitor, form *addForm) (control.Change, error) {
	lines, err := p.domains.PreviewDomains(r.Context(), control.AddDomains{Text: []string{form.Text}})
	if err != nil {
		return control.Change{}, err
	}
	form.Preview = newPreview(lines, form.Ticks)
	if err := p.showLetIn(r.Context(), form.Preview, lines); err != nil {
		return control.Change{}, err
	}
	expires, err := form.Expiry.Time(p.shell.Now())
	if err == nil {
		err = form.reasonGiven()
	}
	if err != nil {
		return control.Change{}, err
	}
	_, change, err := p.domains.AddDomains(r.Context(), who.Actor, control.AddDomains{
		Text: []string{form.Text}, Label: form.Label, Expires: expires,
		Confirm: form.Preview.confirmed(), Reason: form.Reason,
	})
	return change, err
}

// reasonGiven refuses a confirmation that lacks its reason.
func (f *addForm) reasonGiven() error {
	if strings.TrimSpace(f.Reason) != "" || !slices.Contains(f.Preview.confirmed(), trust.ConfirmPublicSuffix) {
		return nil
	}
	return &control.Error{Code: control.CodeNeedsConfirmation, Field: "reason", Message: "Give a reason; it goes into the audit log."}
}

// look answers with the form and what would become of each of its entries.
func (p *Page) look(w http.ResponseWriter, r *http.Request, who shell.Visitor, form addForm) error {
	if err := p.fillPreview(r.Context(), &form); err != nil {
		return err
	}
	return p.render(w, r, who, http.StatusOK, screen{Add: form}, form.place, nil)
}

// preview answers with the part of the form that says what would become of each
// entry: for the script, while a person types.
func (p *Page) preview(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	form := addFormOf(values)
	if err := p.fillPreview(r.Context(), &form); err != nil {
		return err
	}
	return p.list.Fragment(w, who, "preview", form)
}

// fillPreview looks at the entries. A form that is empty has nothing to show.
func (p *Page) fillPreview(ctx context.Context, form *addForm) error {
	if strings.TrimSpace(form.Text) == "" {
		return nil
	}
	lines, err := p.domains.PreviewDomains(ctx, control.AddDomains{Text: []string{form.Text}})
	if refused := (*control.Error)(nil); errors.As(err, &refused) {
		form.explain(refused)
		return nil
	}
	if err != nil {
		return err
	}
	form.Preview = newPreview(lines, form.Ticks)
	propose(&form.Expiry, lines)
	return p.showLetIn(ctx, form.Preview, lines)
}

// explain puts a refusal where it belongs in the form.
func (f *addForm) explain(refused *control.Error) {
	text := shell.Sentence(refused.Message)
	switch refused.Field {
	case "label", "reason", shell.FieldExpires:
		f.Errors = map[string]string{refused.Field: text}
	default:
		f.Error = text
	}
}
