package tokens

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/token"
)

// maxChoices is how many Trusted Domains the form lists to choose from; others are
// typed.
const maxChoices = 12

// methods are those that a token can be limited to, in the order of the form.
var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}

// A createForm is the form that creates a token, with everything that was typed.
type createForm struct {
	Once    string // tells this form from every other one
	Name    string
	Expiry  shell.Expiry
	Methods []string // ticked
	Prefix  string
	Ticked  []string // Trusted Domains that were ticked
	Typed   string   // Trusted Domains that were typed
	Servers bool
	Carrier string // a token.QueryCarrier
	Error   string
	Errors  map[string]string // by field
	Lacks   string            // why the visitor cannot create one, or ""

	Domains []string // to choose from
	Total   int      // Trusted Domains in all
}

// createFormOf reads the form.
func createFormOf(values url.Values) createForm {
	return createForm{
		Once:    values.Get("once"),
		Name:    values.Get("name"),
		Expiry:  shell.ExpiryOf(values),
		Methods: values["method"],
		Prefix:  values.Get("path-prefix"),
		Ticked:  values["domain"],
		Typed:   values.Get("domains"),
		Servers: values.Has("servers"),
		Carrier: values.Get("query-carrier"),
	}
}

// Choices are the methods and whether each is ticked.
func (f createForm) Choices() []choice { return choices(methods, f.Methods) }

// DomainChoices are the Trusted Domains to choose from, and those that were chosen.
func (f createForm) DomainChoices() []choice {
	all := slices.Clone(f.Domains)
	for _, d := range f.Ticked {
		if !slices.Contains(all, d) {
			all = append(all, d)
		}
	}
	return choices(all, f.Ticked)
}

// More is how many Trusted Domains there are that the form does not list.
func (f createForm) More() int { return max(0, f.Total-len(f.Domains)) }

// A choice is a box to tick.
type choice struct {
	Value  string
	Ticked bool
}

func choices(values, ticked []string) []choice {
	all := make([]choice, len(values))
	for i, v := range values {
		all[i] = choice{v, slices.Contains(ticked, v)}
	}
	return all
}

// asked is what the form asks the control plane for.
func (f createForm) asked(p *Pages) (control.CreateToken, error) {
	expires, err := f.Expiry.Time(p.shell.Now())
	return control.CreateToken{
		Name: f.Name, Expires: expires, Methods: f.Methods, PathPrefix: strings.TrimSpace(f.Prefix),
		Domains: append(slices.Clone(f.Ticked), separated(f.Typed)...), Servers: f.Servers,
		QueryCarrier: token.QueryCarrier(f.Carrier),
	}, err
}

// separated returns the entries of a text, which stand on lines of their own or
// with commas or spaces between.
func separated(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == '\n' || c == '\r' || c == '\t' || c == ' ' })
}

func (p *Pages) showForm(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	form := createForm{Once: newOnce(), Carrier: string(token.QueryFull), Expiry: shell.Expiry{Choice: shell.Never}}
	return p.renderForm(w, r, who, http.StatusOK, form)
}

func (p *Pages) renderForm(w http.ResponseWriter, r *http.Request, who shell.Visitor, status int, form createForm) error {
	form.Lacks = who.Lacks(control.RoleEditor)
	if err := p.fillDomains(r.Context(), &form); err != nil {
		return err
	}
	return p.shell.Render(w, status, p.create, shell.Page{Title: "Create an access token", Path: Path, Visitor: &who, Body: form})
}

// fillDomains puts in the newest Trusted Domains, to choose from.
func (p *Pages) fillDomains(ctx context.Context, form *createForm) error {
	entries, total, err := p.tokens.Domains(ctx, control.ListQuery{Limit: maxChoices})
	for _, d := range entries {
		form.Domains = append(form.Domains, d.Domain.String())
	}
	form.Total = total
	return err
}

// createToken creates a token and answers with its secret. What is wrong made
// none, and is shown again with everything that was typed.
func (p *Pages) createToken(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	form := createFormOf(values)
	tok, secret, err := p.createOnce(r, who, form)
	if refused, ok := errors.AsType[*control.Error](err); ok {
		form.explain(refused)
		return p.renderForm(w, r, who, shell.StatusOf(refused), form)
	}
	if err != nil {
		return err
	}
	return p.shell.Render(w, http.StatusOK, p.created, shell.Page{
		Title: "The access token is created", Path: Path, Visitor: &who, Body: newCreatedPage(r.Context(), p, tok, secret),
	})
}

// errSentAgain is what somebody is told who loads the answer again.
var errSentAgain = &shell.Problem{
	Status: http.StatusConflict, Title: "This token was asked for already",
	Detail: "No second one was created. The secret of the first was shown once and cannot be shown again; if you did not keep it, revoke that token and create another one.",
	Link:   &shell.Link{Name: "To the access tokens", Path: Path},
}

func (p *Pages) createOnce(r *http.Request, who shell.Visitor, form createForm) (control.Token, string, error) {
	in, err := form.asked(p)
	if err != nil {
		return control.Token{}, "", err
	}
	if !p.sent.begin(form.Once) {
		return control.Token{}, "", errSentAgain
	}
	tok, secret, err := p.tokens.CreateToken(r.Context(), who.Actor, in)
	if err != nil {
		p.sent.forget(form.Once)
	}
	return tok, secret, err
}

// explain puts a refusal where it belongs in the form.
func (f *createForm) explain(refused *control.Error) {
	text := shell.Sentence(refused.Message)
	switch field := refused.Field; field {
	case "name", "methods", "path-prefix", "query-carrier", shell.FieldExpires:
		f.Errors = map[string]string{field: text}
	case "domain", "domains":
		f.Errors = map[string]string{"domains": text}
	default:
		f.Error = text
	}
}
