package transfer

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/security"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/portable"
	"github.com/crossgate/crossgate/trust"
)

// maxNotes is how many notes are shown.
const maxNotes = 40

// noDraft is what somebody is told whose draft is not there any more.
var noDraft = &shell.Problem{
	Status: http.StatusNotFound, Title: "This list is not here any more",
	Detail: "Nothing was saved. A list that was read is kept for half an hour. Choose the file once more.",
	Link:   &shell.Link{Name: "Import and export", Path: Path},
}

// A lookForm is the page that says what would become of each entry of a draft.
type lookForm struct {
	ID        string
	Format    string
	Read      int // entries of the list
	Add       int // that would be added
	Known     int // that are trusted already
	Notes     []portable.Note
	MoreNotes int
	Preview   *security.Preview
	Reason    string
	Expiry    shell.Expiry // none: entries bring their own
	LeaveOut  bool         // what is refused is left out
	Error     string
	Errors    map[string]string // by field
}

// adding is what is asked of the control plane for entries of a draft.
func (d draft) adding(entries []portable.Entry) control.AddDomains {
	return portable.Request(entries)
}

// showDraft says what would become of a draft.
func (p *Page) showDraft(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	one, found := p.drafts.of(p.owner(who), r.PathValue("id"))
	if !found {
		return noDraft
	}
	form, _, err := p.lookAt(r, one, nil)
	if err != nil {
		return err
	}
	return p.renderLook(w, who, http.StatusOK, form)
}

func (p *Page) renderLook(w http.ResponseWriter, who shell.Visitor, status int, form lookForm) error {
	return p.shell.Render(w, status, p.look, shell.Page{Title: "Import", Path: Path, Visitor: &who, Body: form})
}

// lookAt judges the entries of a draft against the list as it is now.
func (p *Page) lookAt(r *http.Request, one draft, values url.Values) (lookForm, []control.Line, error) {
	lines, err := p.domains.PreviewDomains(r.Context(), one.adding(one.Entries))
	form := lookForm{
		ID: one.ID, Format: nameOf(one.Kind), Read: len(one.Entries),
		Preview: security.NewPreview(lines, values["confirm"]), Reason: values.Get("reason"), LeaveOut: values.Get("leave-out") != "",
	}
	shown := min(len(one.Notes), maxNotes)
	form.Notes, form.MoreNotes = one.Notes[:shown], len(one.Notes)-shown
	for _, l := range lines {
		switch {
		case l.Status == control.AlreadyTrusted:
			form.Known++
		case l.Status == control.Added || l.Code == control.CodeNeedsConfirmation:
			form.Add++
		}
	}
	return form, lines, err
}

// save adds all entries of a draft, or all that would do where the visitor leaves
// out the others, or none.
func (p *Page) save(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	one, found := p.drafts.of(p.owner(who), r.PathValue("id"))
	if !found {
		return noDraft
	}
	if entry, other, asked := strings.Cut(values.Get("replace"), " "); asked {
		p.drafts.replace(p.owner(who), one.ID, entry, other)
		return shell.Redirect(w, r, who, Path+"/drafts/"+one.ID)
	}
	form, lines, err := p.lookAt(r, one, values)
	if err != nil {
		return err
	}
	change, err := p.addAll(r, who, one, form, lines)
	if refused, ok := errors.AsType[*control.Error](err); ok {
		form.explain(refused)
		return p.renderLook(w, who, shell.StatusOf(refused), form)
	}
	if err != nil {
		return err
	}
	p.drafts.drop(one.ID)
	return shell.Redirect(w, r, who, security.Path+"?change="+strconv.FormatInt(change.ID, 10))
}

func (p *Page) addAll(r *http.Request, who shell.Visitor, one draft, form lookForm, lines []control.Line) (control.Change, error) {
	entries := one.Entries
	if form.LeaveOut {
		entries = withoutRefused(entries, lines)
	}
	if len(entries) == 0 {
		return control.Change{}, &control.Error{Code: control.CodeRefused, Message: "no entry of this list can be saved"}
	}
	confirmed := form.Preview.Confirmed()
	if slices.Contains(confirmed, trust.ConfirmPublicSuffix) && strings.TrimSpace(form.Reason) == "" {
		return control.Change{}, &control.Error{Code: control.CodeNeedsConfirmation, Field: "reason", Message: "Give a reason; it goes into the audit log."}
	}
	in := one.adding(entries)
	in.Confirm, in.Reason = confirmed, form.Reason
	_, change, err := p.domains.AddDomains(r.Context(), who.Actor, in)
	return change, err
}

// withoutRefused leaves out the entries that no confirmation would make good.
func withoutRefused(entries []portable.Entry, lines []control.Line) []portable.Entry {
	refused := make(map[string]bool)
	for _, l := range lines {
		if l.Status == control.RefusedLine && l.Code != control.CodeNeedsConfirmation {
			refused[l.Entry] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(entries), func(e portable.Entry) bool { return refused[e.Domain] })
}

// explain puts a refusal where it belongs in the form.
func (f *lookForm) explain(refused *control.Error) {
	text := shell.Sentence(refused.Message)
	if refused.Field == "reason" {
		f.Errors = map[string]string{"reason": text}
		return
	}
	f.Error = text
}
