package audit

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// maxShown is how much of a summary or a reason is shown in the list, in characters.
const maxShown = 200

// A screen is everything that the page shows.
type screen struct {
	Filter  filter
	Actions []action
	Rows    []row
	Newest  string // address of the first page, or ""
	Older   string // address of the next page, or ""
	Further bool   // nobody has looked yet whether anything older matches
	Nodes   bool   // there are several nodes
	Several bool   // there are several sites, and the visitor may see what was done at all of them
}

// IsEmpty reports whether nothing was ever changed, as far as is known.
func (s screen) IsEmpty() bool { return len(s.Rows) == 0 && len(s.Filter.values()) == 0 }

// A row is one change.
type row struct {
	ID      int64
	At      moment
	Who     string
	Via     string // "Command line", or "" for the dashboard
	ByWho   string // address of everything that they did
	From    string // remote address, or ""
	Action  string
	Summary string
	Reason  string
	Undone  bool
	Node    string // that made the change, or ""
	Site    string // that it was done to, where that may be another one than the page's; or ""
}

// A moment is a point in time, to the second and in UTC.
type moment struct{ Day, Time, ISO string }

func newMoment(t time.Time) moment {
	t = t.UTC()
	return moment{t.Format("2 Jan 2006"), t.Format("15:04:05 UTC"), t.Format(time.RFC3339)}
}

func newRow(r control.AuditRecord) row {
	return row{
		ID: r.ID, At: newMoment(r.At),
		Who: shell.Cut(r.Actor.Name, maxShown), Via: viaOf(r.Actor.Kind), ByWho: by(r.Actor.Name).URL(), From: r.Actor.Address,
		Action: nameOf(r.Action), Summary: shell.Sentence(shell.Cut(r.Summary, maxShown)),
		Reason: shell.Cut(r.Reason, maxShown), Undone: r.Undone, Node: shell.Cut(r.Node, maxShown),
	}
}

// show answers with the page.
func (p *Page) show(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	f := filterOf(r.URL.Query())
	query := f.query(who)
	query.Limit = pageSize + 1 // the one more says whether there is another page
	if err := p.bound(r.Context(), f, &query); err != nil {
		return err
	}
	records, err := p.log.Audit(r.Context(), query)
	if err != nil {
		return err
	}
	s := newScreen(f, records)
	if floor := query.Before - query.Within; query.Within > 0 && s.Older == "" && floor > 1 {
		s.Further, s.Older = true, f.olderThan(floor).URL()
	}
	s.Several = who.Several && who.Everywhere != ""
	s.Nodes = f.Node != "" || p.nodes != nil && p.nodes(r.Context()) > 1
	rows := make([]*row, len(s.Rows))
	for i := range s.Rows {
		rows[i] = &s.Rows[i]
	}
	if f.All {
		if err := p.nameSites(r.Context(), who, records[:len(rows)], rows); err != nil {
			return err
		}
	}
	return p.shell.Render(w, http.StatusOK, p.list, shell.Page{
		Title: "Audit", Path: Path, Visitor: &who, Body: s,
	})
}

// lookThrough is how many changes are looked through at once for those that match: what
// can be done while a page is waited for.
const lookThrough = 100_000

// bound has what a narrow filter asks for cost no more than that.
func (p *Page) bound(ctx context.Context, f filter, query *control.AuditQuery) error {
	if !f.narrowly() {
		return nil
	}
	if query.Before == 0 {
		newest, err := p.log.Audit(ctx, control.AuditQuery{ListQuery: control.ListQuery{Limit: 1}, Own: query.Own, Everywhere: query.Everywhere})
		if err != nil || len(newest) == 0 {
			return err
		}
		query.Before = newest[0].ID + 1
	}
	query.Within = lookThrough
	return nil
}

// nameSites says in rows which sites the changes were done to, where there are several.
func (p *Page) nameSites(ctx context.Context, who shell.Visitor, records []control.AuditRecord, rows []*row) error {
	if !who.Several {
		return nil
	}
	var ids []int64
	for _, r := range records {
		if r.Site != 0 && !slices.Contains(ids, r.Site) {
			ids = append(ids, r.Site)
		}
	}
	names, err := p.log.SiteNames(ctx, ids)
	for i, r := range records {
		if r.Site != 0 {
			rows[i].Site = cmp.Or(names[r.Site], "a site that was removed")
		}
	}
	return err
}

func newScreen(f filter, records []control.AuditRecord) screen {
	s := screen{Filter: f, Actions: offered(f.Action)}
	if len(records) > pageSize {
		records = records[:pageSize]
		s.Older = f.olderThan(records[pageSize-1].ID).URL()
	}
	if f.Before > 0 {
		s.Newest = f.newest().URL()
	}
	for _, r := range records {
		s.Rows = append(s.Rows, newRow(r))
	}
	return s
}
