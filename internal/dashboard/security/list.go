package security

import (
	"context"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// pageSize is how many entries a page shows: with the longest names it still
// stays below 60 KB.
const pageSize = 25

// maxShown is how much of a label or a summary is shown, in characters.
const maxShown = 200

// A list is one page of the Trusted Domains list.
type list struct {
	place
	shell.Span
	shell.Reach
	Rows []row
}

// IsEmpty reports whether the whole list is empty, not only what was searched for.
func (l list) IsEmpty() bool { return l.Total == 0 && l.Search == "" }

// listAt reads the page of the list at a place, or its last page where the list
// has become shorter.
func (p *Page) listAt(ctx context.Context, at place) (list, error) {
	entries, total, err := p.entries(ctx, at)
	if last := shell.LastPage(total, pageSize); err == nil && at.Page > last {
		at.Page = last
		entries, total, err = p.entries(ctx, at)
	}
	if err != nil {
		return list{}, err
	}
	reach := shell.ReachOf(at.Search, func() (int, error) {
		_, n, err := p.domains.Domains(ctx, control.ListQuery{Limit: 1})
		return n, err
	})
	l := list{Reach: reach, place: at, Span: shell.SpanAt(at, pageSize, len(entries), total)}
	for _, d := range entries {
		l.Rows = append(l.Rows, newRow(p.shell.Now(), d))
	}
	l.Open = l.Bounded && l.Next != ""
	return l, nil
}

func (p *Page) entries(ctx context.Context, at place) ([]control.Domain, int, error) {
	return p.domains.Domains(ctx, control.ListQuery{
		Search: at.Search, Offset: (at.Page - 1) * pageSize, Limit: pageSize, Within: shell.SearchWithin,
	})
}

// A row is one entry of the list.
type row struct {
	ID       int64
	Version  int64
	Domain   string // as it is matched
	Readable string // the internationalised form where it is another, or ""
	Label    string
	Badges   []badge
	Enabled  bool
	Added    shell.When
	By       string
	Seen     shell.When
	Hits     int64
}
