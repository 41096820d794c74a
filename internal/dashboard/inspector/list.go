package inspector

import (
	"net/http"

	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/inspect"
)

// pageSize is how many rows a page shows: with the longest paths and origins it still
// stays below 60 KB.
const pageSize = 20

// readFirst is how many exchanges the recorder is asked for at first. Where the filter
// leaves so many of them out that no page is full, it is asked for all that it gives.
const readFirst = 3 * pageSize

// A screen is everything that the list's page shows.
type screen struct {
	Filter   filter
	Outcomes []choice
	Methods  []choice
	Reasons  []choice
	Rows     []row
	Last     string // id of the newest exchange, after which the list is live
	Live     bool   // the page is the first one
	Newest   string // address of the first page, or ""
	Older    string // address of the page behind this one, or ""
	Empty    bool   // nothing has come yet
	Example  example
	Node     string // whose memory it is, where there are several; or ""
}

// A tab is a link above the list to a part of it.
type tab struct {
	Name    string
	URL     string
	Current bool
}

// Tabs are the parts that people look for most often.
func (s screen) Tabs() []tab {
	now := s.Filter.newest()
	tabs := []tab{
		{Name: "All", URL: Path, Current: !now.Narrows()},
	}
	for _, one := range []struct {
		name string
		filter
	}{
		{"Refused", filter{Outcome: string(inspect.Refused)}},
		{"Preflighted", filter{Preflight: "yes"}},
		{"Failed", filter{Outcome: string(inspect.Failed)}},
	} {
		tabs = append(tabs, tab{one.name, one.URL(), now == one.filter})
	}
	return tabs
}

// show answers with the page.
func (p *Page) show(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	f := filterOf(r.URL.Query())
	last := p.recorder.Last()      // before the list is read: what comes meanwhile comes live as well
	found := p.find(f, pageSize+1) // the one more says whether there is another page
	s := screen{
		Filter: f, Live: f.Before == 0, Last: last.String(),
		Outcomes: orShown(outcomes(), f.Outcome), Methods: methodChoices(f.Method), Reasons: orShown(refusals(), f.Reason),
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		s.Older = f.olderThan(found[pageSize-1].ID).URL()
	}
	if f.Before > 0 {
		s.Newest = f.newest().URL()
	}
	if s.Empty = len(p.recorder.List(inspect.Filter{}, 0, 1)) == 0; s.Empty {
		s.Example = p.newExample(r.Context())
	}
	var err error
	if s.Node, err = p.node(r.Context()); err != nil {
		return err
	}
	if s.Rows, err = p.newRows(r.Context(), f, found); err != nil {
		return err
	}
	return p.shell.Render(w, http.StatusOK, p.list, shell.Page{
		Title: "Inspector", Path: Path, Visitor: &who, Script: script, Body: s,
	})
}

func methodChoices(chosen string) []choice {
	var list []choice
	for _, m := range methods() {
		list = append(list, choice{m, m})
	}
	return orShown(list, chosen)
}

// standsBehind reports whether an exchange is a preflight that is told of in the row of
// its request.
func (p *Page) standsBehind(e *inspect.Exchange) bool {
	if !e.Preflight || e.Joined == 0 {
		return false
	}
	_, there := p.recorder.Get(e.Joined)
	return there
}

// isShown reports whether an exchange that the recorder has chosen has a row of its own.
func (p *Page) isShown(f filter, e *inspect.Exchange) bool {
	return f.shows(e) && !p.standsBehind(e)
}

// find returns the newest n exchanges that a filter shows.
func (p *Page) find(f filter, n int) []inspect.Exchange {
	var found []inspect.Exchange
	many := readFirst
	for before := f.Before; ; many = inspect.MaxListed {
		some := p.recorder.List(f.chosen(), before, many)
		for i := range some {
			if p.isShown(f, &some[i]) {
				found = append(found, some[i])
			}
			if len(found) == n {
				return found
			}
		}
		if len(some) == 0 {
			return found
		}
		before = some[len(some)-1].ID
	}
}

// findSince returns the newest n exchanges that a filter shows, of those that came after
// another one.
func (p *Page) findSince(f filter, after inspect.ID, n int) []inspect.Exchange {
	chosen := f.chosen()
	return p.recorder.Since(after, func(e *inspect.Exchange) bool { return chosen.Matches(e) && p.isShown(f, e) }, n)
}
