package transfer

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/portable"
)

// Limits of the form.
const (
	maxForm     = portable.MaxBytes + 64<<10 // bytes
	maxRepeated = 20 << 10                   // bytes of a pasted list that are shown again
	maxMistakes = 40                         // lines that are told of at once
)

// A screen is the page on which a list is chosen.
type screen struct {
	Lacks    string // why the visitor cannot import, or ""
	Text     string // as pasted
	Label    string
	Formats  []format
	Error    string
	Mistakes []portable.Mistake // lines that cannot be read
	More     int                // mistakes that are not shown
}

func (p *Page) show(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	return p.render(w, who, http.StatusOK, screen{Formats: formats(automatic)})
}

func (p *Page) render(w http.ResponseWriter, who shell.Visitor, status int, s screen) error {
	s.Lacks = who.Lacks(control.RoleEditor)
	return p.shell.Render(w, status, p.choose, shell.Page{
		Title: "Import and export", Path: Path, Visitor: &who, Body: s,
	})
}

// read reads a list and keeps it as a draft, to be looked at.
func (p *Page) read(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.FileForm(w, r, maxForm)
	if err != nil {
		return err
	}
	one, err := draftOf(values, p.shell.Now())
	if err == nil {
		_, err = p.domains.PreviewDomains(r.Context(), one.adding(one.Entries))
	}
	if err != nil {
		return p.wrong(w, who, values, err)
	}
	one.Of = p.owner(who)
	return shell.Redirect(w, r, who, Path+"/drafts/"+p.drafts.keep(one))
}

// draftOf reads the list that a form carries: the file, or else what was pasted.
func draftOf(values url.Values, now time.Time) (draft, error) {
	text := []byte(cmp.Or(values.Get("file"), values.Get("list")))
	if strings.TrimSpace(string(text)) == "" {
		return draft{}, &control.Error{Code: control.CodeInvalid, Field: "list", Message: "choose a file, or paste a list"}
	}
	one := draft{Kind: portable.Kind(values.Get("format"))}
	if one.Kind == automatic {
		one.Kind = portable.Detect(text)
	}
	var err error
	if one.Entries, one.Notes, err = portable.Parse(one.Kind, text); err != nil {
		return draft{}, err
	}
	live, left := portable.Live(one.Entries, now)
	one.Entries, one.Notes = live, append(left, one.Notes...)
	one.complete(strings.TrimSpace(values.Get("label")))
	if len(one.Entries) == 0 {
		return draft{}, &control.Error{Code: control.CodeInvalid, Field: "list", Message: "every entry of this list has expired already"}
	}
	return one, nil
}

// complete gives a label to the entries that have none, and tells of those that will
// be switched off.
func (d *draft) complete(label string) {
	for i, e := range d.Entries {
		d.Entries[i].Label = cmp.Or(e.Label, label)
		if e.Off {
			d.Notes = append(d.Notes, portable.Note{Line: e.Line, Text: e.Domain + " is saved, but switched off: its pages are refused until you switch it on"})
		}
	}
}

// wrong answers with the form and what is wrong with the list. What was pasted is
// there again, unless it is long.
func (p *Page) wrong(w http.ResponseWriter, who shell.Visitor, values url.Values, err error) error {
	s := screen{Label: values.Get("label"), Formats: formats(portable.Kind(values.Get("format")))}
	if text := values.Get("list"); len(text) <= maxRepeated {
		s.Text = text
	}
	if refused, ok := errors.AsType[*control.Error](err); ok {
		s.Error = shell.Sentence(refused.Message)
		return p.render(w, who, shell.StatusOf(refused), s)
	}
	mistakes, ok := errors.AsType[portable.Mistakes](err)
	if !ok {
		return err
	}
	shown := min(len(mistakes), maxMistakes)
	s.Mistakes, s.More = mistakes[:shown], len(mistakes)-shown
	return p.render(w, who, http.StatusUnprocessableEntity, s)
}
