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
	Rows     []row
	Total    int // entries that match the search
	From, To int // of Total, from 1
	Prev     string
	Next     string
}

// IsEmpty reports whether the whole list is empty, not only what was searched for.
func (l list) IsEmpty() bool { return l.Total == 0 && l.Search == "" }

// listAt reads the page of the list at a place, or its last page where the list
// has become shorter.
func (p *Page) listAt(ctx context.Context, at place) (list, error) {
	entries, total, err := p.entries(ctx, at)
	if last := max(1, (total+pageSize-1)/pageSize); err == nil && at.Page > last {
		at.Page = last
		entries, total, err = p.entries(ctx, at)
	}
	if err != nil {
		return list{}, err
	}
	first := (at.Page - 1) * pageSize
	l := list{place: at, Total: total, From: first + 1, To: first + len(entries)}
	for _, d := range entries {
		l.Rows = append(l.Rows, newRow(p.shell.Now(), d))
	}
	if at.Page > 1 {
		l.Prev = at.at(at.Page - 1).URL()
	}
	if l.To < total {
		l.Next = at.at(at.Page + 1).URL()
	}
	return l, nil
}

func (p *Page) entries(ctx context.Context, at place) ([]control.Domain, int, error) {
	return p.domains.Domains(ctx, control.ListQuery{
		Search: at.Search, Offset: (at.Page - 1) * pageSize, Limit: pageSize,
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
