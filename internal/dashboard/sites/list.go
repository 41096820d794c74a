package sites

import (
	"context"
	"net/http"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/overview"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// pageSize is how many sites a page shows: with the longest addresses it still stays
// below 60 KB.
const pageSize = 25

// How much of a site a row shows.
const (
	maxLines = 2   // addresses, and upstreams
	maxText  = 100 // characters of one
)

// A list is the page of the list of sites.
type list struct {
	shell.Spot
	shell.Span
	Rows     []row
	Confined bool   // the list is of the visitor's own sites alone
	Lacks    string // why the visitor cannot add one, or ""
}

// A row is one site.
type row struct {
	id        int64
	Name      string
	URL       string
	Default   bool
	Off       bool
	Addresses lines
	Upstreams lines
	Domains   int
	Tokens    int
	Role      string // that the visitor has there, where it is told
}

// lines are some texts of several.
type lines struct {
	Texts []string
	More  int
}

func linesOf(all []string) lines {
	l := lines{More: max(0, len(all)-maxLines)}
	for _, text := range all[:len(all)-l.More] {
		l.Texts = append(l.Texts, shell.Cut(text, maxText))
	}
	return l
}

// showList answers with the sites that the visitor may see.
func (p *Pages) showList(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	l := list{Spot: shell.SpotOf(Path, r.URL.Query()), Confined: who.Everywhere == "", Lacks: who.LacksEverywhere(control.RoleOwner)}
	var err error
	if l.Confined {
		err = p.fillOwn(r.Context(), &l, who)
	} else {
		err = p.fillAll(r.Context(), &l)
	}
	if err != nil {
		return err
	}
	if err := p.fillSizes(r.Context(), &l); err != nil {
		return err
	}
	return p.shell.Render(w, http.StatusOK, p.list, shell.Page{
		Title: "Sites", Path: Path, Visitor: &who, Message: messageOf(r.URL.Query()), Body: l,
	})
}

// fillAll fills in one page of all sites, or the last one.
func (p *Pages) fillAll(ctx context.Context, l *list) error {
	found, total, err := p.sitesAt(ctx, l.Spot)
	if last := shell.LastPage(total, pageSize); err == nil && l.Page > last {
		l.Page = last
		found, total, err = p.sitesAt(ctx, l.Spot)
	}
	for _, site := range found {
		l.Rows = append(l.Rows, newRow(site))
	}
	l.Span = shell.SpanAt(l.Spot, pageSize, len(found), total)
	return err
}

func (p *Pages) sitesAt(ctx context.Context, at shell.Spot) ([]control.Site, int, error) {
	return p.records.Sites(ctx, control.ListQuery{Search: at.Search, Offset: (at.Page - 1) * pageSize, Limit: pageSize})
}

// fillOwn fills in one page of the sites where somebody is a member.
func (p *Pages) fillOwn(ctx context.Context, l *list, who shell.Visitor) error {
	all, err := p.records.Memberships(ctx, who.Name)
	if err != nil {
		return err
	}
	var found []control.Membership
	for _, m := range all {
		if strings.Contains(m.Site.Name, strings.ToLower(strings.TrimSpace(l.Search))) {
			found = append(found, m)
		}
	}
	l.Page = min(l.Page, shell.LastPage(len(found), pageSize))
	first := (l.Page - 1) * pageSize
	shown := found[first:min(first+pageSize, len(found))]
	l.Span = shell.SpanAt(l.Spot, pageSize, len(shown), len(found))
	for _, m := range shown {
		site, err := p.records.SiteNamed(ctx, m.Site.Name)
		if err != nil {
			return err
		}
		one := newRow(site)
		one.Role = string(m.Role)
		l.Rows = append(l.Rows, one)
	}
	return nil
}

func newRow(site control.Site) row {
	return row{
		id: site.ID, Name: site.Name, URL: shell.SiteAddress(site.Name, overview.Path),
		Default: site.ID == control.DefaultSiteID, Off: !site.Enabled,
		Addresses: linesOf(site.Addresses), Upstreams: linesOf(site.Upstreams),
	}
}

// fillSizes puts in how much the sites that are shown have.
func (p *Pages) fillSizes(ctx context.Context, l *list) error {
	ids := make([]int64, len(l.Rows))
	for i, r := range l.Rows {
		ids[i] = r.id
	}
	sizes, err := p.records.Sizes(ctx, ids)
	for i, r := range l.Rows {
		l.Rows[i].Domains, l.Rows[i].Tokens = sizes[r.id].Domains, sizes[r.id].Tokens
	}
	return err
}
