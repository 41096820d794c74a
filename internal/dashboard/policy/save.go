package policy

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// maxSummary is how much of a change is told, in characters.
const maxSummary = 300

// actionSetPolicy is a change of the policy, as the log has it.
const actionSetPolicy = "policy.set"

// noticeSame is the "notice" of the address where there was nothing to save.
const noticeSame = "same"

func (p *Page) show(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	now, err := p.policies.Policy(r.Context())
	if err != nil {
		return err
	}
	message, err := p.messageOf(r.Context(), who, r.URL.Query())
	if err != nil {
		return err
	}
	return p.render(w, r, who, http.StatusOK, formOf(now), message)
}

// A screen is the whole page.
type screen struct {
	form
	Tickets ticketView
}

func (p *Page) render(w http.ResponseWriter, r *http.Request, who shell.Visitor, status int, f form, message *shell.Message) error {
	tickets, err := p.ticketsOf(r.Context(), who)
	if err != nil {
		return err
	}
	return p.renderWith(w, who, status, f, tickets, message)
}

func (p *Page) renderWith(w http.ResponseWriter, who shell.Visitor, status int, f form, tickets ticketView, message *shell.Message) error {
	f.Lacks, f.Locks = who.Lacks(control.RoleOwner), p.locked
	return p.shell.Render(w, status, p.view, shell.Page{
		Title: "Site policy", Path: place, Visitor: &who, Message: message, Body: screen{f, tickets},
	})
}

// messageOf tells the visitor of the change that the address names.
func (p *Page) messageOf(ctx context.Context, who shell.Visitor, query url.Values) (*shell.Message, error) {
	switch query.Get("notice") {
	case noticeSame:
		return &shell.Message{Kind: "note", Text: "Nothing was different, so nothing was changed."}, nil
	case noticeNext:
		return &shell.Message{Kind: "note", Text: "A new key is about to sign tickets already, so nothing was changed."}, nil
	}
	c, isNews, err := p.shell.News(ctx, p.policies, who, query)
	if err != nil || !isNews {
		return nil, err
	}
	text := shell.Sentence(shell.Cut(c.Summary, maxSummary)) + " In force now"
	if c.Action == actionSetPolicy {
		text += "; to take it back, set it here as it was"
	}
	text += "."
	return &shell.Message{Kind: "done", Text: text}, nil
}

// save saves the whole form or none of it.
func (p *Page) save(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	now, err := p.policies.Policy(r.Context())
	if err != nil {
		return err
	}
	f := typed(values)
	f.Now, f.Locks = now, p.locked
	change, err := p.put(r.Context(), who, f, values.Get("upstream-credential"))
	if refused, ok := errors.AsType[*control.Error](err); ok {
		return p.refused(w, r, who, f, refused)
	}
	if err != nil {
		return err
	}
	return shell.Redirect(w, r, who, after(change))
}

func after(c control.Change) string {
	if c.ID == 0 {
		return Path + "?notice=" + noticeSame
	}
	return Path + "?change=" + strconv.FormatInt(c.ID, 10)
}

func (p *Page) put(ctx context.Context, who shell.Visitor, f form, credential string) (control.Change, error) {
	in, err := f.asked(credential)
	if err != nil {
		return control.Change{}, err
	}
	if in.Version == f.Now.Version {
		if err := f.confirmed(risks(f.Now, in)); err != nil {
			return control.Change{}, err
		}
	}
	_, c, err := p.policies.SetPolicy(ctx, who.Actor, in)
	return c, err
}

// refused shows the form again with everything that was typed, but for the
// credential.
func (p *Page) refused(w http.ResponseWriter, r *http.Request, who shell.Visitor, f form, refused *control.Error) error {
	if refused.Code == control.CodeChangedSince {
		return p.overtaken(w, r, who, f)
	}
	f.explain(refused)
	return p.render(w, r, who, shell.StatusOf(refused), f, nil)
}

// overtaken shows the form again after somebody else has changed the policy: what
// was typed, and what it would change of what is now in force. Saving that is then
// on purpose.
func (p *Page) overtaken(w http.ResponseWriter, r *http.Request, who shell.Visitor, f form) error {
	now, err := p.policies.Policy(r.Context())
	if err != nil {
		return err
	}
	f.Version, f.Now = now.Version, now
	f.Error = "Somebody changed the policy meanwhile, so nothing was saved. What you typed is still here; " +
		"saving it now changes: " + strings.Join(f.differences(), ", ") + "."
	return p.render(w, r, who, http.StatusConflict, f, nil)
}

// explain puts a refusal where it belongs in the form.
func (f *form) explain(refused *control.Error) {
	all := refused.Fields
	if len(all) == 0 {
		all = []*control.Error{refused}
	}
	f.Errors = map[string]string{}
	for _, bad := range all {
		if hasField(bad.Field) {
			f.Errors[bad.Field] = shell.Sentence(bad.Message)
			continue
		}
		f.Error = shell.Sentence(bad.Message)
	}
	if f.Error == "" && len(f.Errors) > 1 {
		f.Error = "Nothing was saved: several settings below need your attention."
	}
}

func hasField(field string) bool {
	for _, t := range titles {
		if t.Field == field {
			return true
		}
	}
	return false
}

// differences are the settings that the form would change, by their titles.
func (f form) differences() []string {
	now := formOf(f.Now)
	differ := map[string]bool{
		"mode":                f.Mode != now.Mode,
		"credentials":         f.Credentials != now.Credentials,
		"methods":             strings.Join(f.methods(), " ") != strings.Join(f.Now.Methods, " "),
		"headers":             f.AnyHeader != now.AnyHeader || strings.Join(names(f.Headers), " ") != strings.Join(names(now.Headers), " "),
		"expose":              f.ExposeAll != now.ExposeAll || strings.Join(names(f.Expose), " ") != strings.Join(names(now.Expose), " "),
		"max-age":             f.MaxAge != now.MaxAge,
		"query-carrier":       f.QueryCarrier != now.QueryCarrier,
		"token-required":      f.TokenRequired != now.TokenRequired,
		"open-envelopes":      f.OpenEnvelopes != now.OpenEnvelopes,
		"exempt":              strings.Join(exemptLines(f.exempt()), "\n") != now.Exempt,
		"upstream-credential": f.Credential != "",
	}
	var all []string
	for _, t := range titles {
		if _, locked := f.Locks[t.Field]; differ[t.Field] && !locked {
			all = append(all, t.Title)
		}
	}
	if len(all) == 0 {
		return []string{"nothing"}
	}
	return all
}
