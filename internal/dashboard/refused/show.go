package refused

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/security"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// pageSize is how many origins a page shows: with the longest names and paths it still
// stays below 60 KB.
const pageSize = 15

// maxAside is how many ignored origins are shown; the newest are.
const maxAside = 30

// What the audit log says of changes that are told here.
const (
	actionAdd      = "domain.add"
	actionIgnore   = "origin.ignore"
	ignoredSummary = "ignored " // and the origin
)

// A screen is everything that the page shows.
type screen struct {
	shell.Spot
	shell.Span
	Rows      []row
	Aside     []asideRow
	More      int    // ignored ones that are not shown
	Remembers bool   // whether anything is
	Lacks     string // why the visitor cannot change anything here, or ""
	Back      string // what the forms of Settings › Security say to come back here
}

// IsEmpty reports whether there is nothing to decide at all, not only nothing that was
// searched for.
func (s screen) IsEmpty() bool { return s.Total == 0 && s.Search == "" }

// An asideRow is an origin that is ignored.
type asideRow struct {
	ID     int
	Origin string
	Shown  string
	By     string
	At     shell.When
	Hits   uint64
	Last   shell.When
}

func (p *Page) show(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	message, err := p.messageOf(r.Context(), who, r.URL.Query())
	if err != nil {
		return err
	}
	s, err := p.screen(r.Context(), shell.SpotOf(Path, r.URL.Query()))
	if err != nil {
		return err
	}
	s.Lacks = who.Lacks(control.RoleEditor)
	return p.shell.Render(w, http.StatusOK, p.view, shell.Page{
		Title: "Refused origins", Path: Path, Visitor: &who, Message: message, Body: s,
	})
}

// screen is the page of the inbox at a spot, or its last one where it has become shorter.
func (p *Page) screen(ctx context.Context, at shell.Spot) (screen, error) {
	in, err := p.inbox(ctx)
	if err != nil {
		return screen{}, err
	}
	found := in.found(at.Search)
	at.Page = min(at.Page, shell.LastPage(len(found), pageSize))
	first := (at.Page - 1) * pageSize
	shown := found[first:min(first+pageSize, len(found))]
	s := screen{
		Spot: at, Span: shell.SpanAt(at, pageSize, len(shown), len(found)), Rows: p.rows(shown, in.trusted),
		Remembers: p.refusals != nil, Back: security.FromInbox,
	}
	s.Aside, s.More = p.aside(in.ignored)
	return s, nil
}

func (p *Page) aside(list []ignored) (rows []asideRow, more int) {
	now := p.shell.Now()
	for i, o := range list[:min(len(list), maxAside)] {
		rows = append(rows, asideRow{
			ID: i + 1, Origin: o.Origin, Shown: shell.Cut(o.Origin, maxShown), By: o.By, At: shell.NewWhen(now, o.At),
			Hits: o.Hits, Last: shell.NewWhen(now, o.Last),
		})
	}
	return rows, len(list) - len(rows)
}

// messageOf tells the visitor of the change that the address names.
func (p *Page) messageOf(ctx context.Context, who shell.Visitor, query url.Values) (*shell.Message, error) {
	c, isNews, err := p.shell.News(ctx, p.records, who, query)
	if err != nil || !isNews {
		return nil, err
	}
	m := &shell.Message{Kind: "done", Text: shell.Sentence(shell.Cut(c.Summary, maxShown))}
	switch c.Action {
	case actionAdd:
		if !c.Undone {
			m.Undo = &shell.Undo{Action: security.UndoFromInbox, Change: c.ID}
		}
	case actionIgnore:
		if origin, ok := strings.CutPrefix(c.Summary, ignoredSummary); ok {
			m.Undo = &shell.Undo{Action: Path + "/heed?" + url.Values{"origin": {origin}}.Encode(), Change: c.ID}
		}
	}
	return m, nil
}
