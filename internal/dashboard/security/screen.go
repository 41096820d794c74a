package security

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// A screen is everything that the page shows.
type screen struct {
	Add    addForm
	List   list
	Tester tester
	Last   *lastChange // nil: nothing that can be taken back
	Locked []shell.Locked
	Lacks  string // why the visitor cannot change anything here, or ""
}

// show answers with the page.
func (p *Page) show(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	query := r.URL.Query()
	message, err := p.messageOf(r.Context(), who, query)
	if err != nil {
		return err
	}
	found, err := p.try(r.Context(), query.Get("origin"))
	if err != nil {
		return err
	}
	form := filledIn(query)
	if err := p.fillPreview(r.Context(), &form); err != nil {
		return err
	}
	return p.render(w, r, who, http.StatusOK, screen{Add: form, Tester: found}, placeOf(query), message)
}

// render answers with the page around what the caller has filled in.
func (p *Page) render(w http.ResponseWriter, r *http.Request, who shell.Visitor, status int, s screen, at place, message *shell.Message) (err error) {
	if s.List, err = p.listAt(r.Context(), at); err != nil {
		return err
	}
	if s.Last, err = p.lastChange(r.Context()); err != nil {
		return err
	}
	s.Locked, s.Lacks = p.locked, who.Lacks(control.RoleEditor)
	s.Add.place, s.Add.Lacks = at, s.Lacks
	return p.shell.Render(w, status, p.list, shell.Page{
		Title: "Security", Path: Path, Visitor: &who, Message: message, Body: s,
	})
}

// refused answers with the page and what the control plane had to say. Any other
// error is returned.
func (p *Page) refused(w http.ResponseWriter, r *http.Request, who shell.Visitor, at place, err error) error {
	refusal := (*control.Error)(nil)
	if !errors.As(err, &refusal) {
		return err
	}
	message := &shell.Message{Kind: "error", Text: shell.Sentence(refusal.Message)}
	return p.render(w, r, who, shell.StatusOf(refusal), screen{}, at, message)
}

// back sends the visitor to the list after a change, to be told of it there.
func back(w http.ResponseWriter, r *http.Request, who shell.Visitor, at place, change control.Change) error {
	return shell.Redirect(w, r, who, at.After(change.ID))
}

// backTo is back, to where an entry that stays stands in the list.
func backTo(w http.ResponseWriter, r *http.Request, who shell.Visitor, at place, change control.Change, entry int64) error {
	row := "#domain-" + strconv.FormatInt(entry, 10)
	return shell.Redirect(w, r, who, at.After(change.ID)+row)
}

// lastChange is the line that says what was changed last.
type lastChange struct {
	ID      int64
	Summary string
	By      string
	At      shell.When
	IsUndo  bool // taking it back brings back what was undone
}

func (p *Page) lastChange(ctx context.Context) (*lastChange, error) {
	c, found, err := p.domains.LastChange(ctx)
	if err != nil || !found {
		return nil, err
	}
	return &lastChange{
		ID: c.ID, Summary: shell.Cut(c.Summary, maxShown),
		By: c.Actor.Name, At: shell.NewWhen(p.shell.Now(), c.At),
		IsUndo: c.Action == actionUndo,
	}, nil
}
