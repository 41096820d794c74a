package people

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// How many accounts a page shows, and how many invitations beside them.
const (
	pageSize       = 25
	maxInvitations = 20
)

// A screen is everything that the page shows.
type screen struct {
	Lacks   string // why the visitor cannot change anything here, or ""
	Form    inviteForm
	Invited *invited // nil: nobody was invited just now
	shell.Spot
	shell.Span
	People      []person
	Invitations []invitation
	MorePending int  // invitations that are not shown
	Several     bool // there are several sites
}

// A person is one account of the list.
type person struct {
	Name     string
	Role     string
	Confined bool // the role counts where they are a member, and nowhere else
	Since    shell.When
	Login    shell.When
	IsSelf   bool
	URL      string
}

// An invitation is one that can still be accepted.
type invitation struct {
	ID      int64
	Name    string
	Role    string
	Site    string // that they will be confined to, or ""
	By      string
	Expires shell.When
}

// show answers with the page.
func (p *Pages) show(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	message, err := p.newsOf(r.Context(), who, r)
	if err != nil {
		return err
	}
	s := screen{Form: inviteForm{Roles: roleChoices(control.RoleViewer)}}
	return p.render(w, r, who, http.StatusOK, s, message)
}

// render answers with the page around what the caller has filled in.
func (p *Pages) render(w http.ResponseWriter, r *http.Request, who shell.Visitor, status int, s screen, message *shell.Message) error {
	s.Lacks, s.Several = who.Lacks(control.RoleOwner), who.Several
	s.Spot = shell.SpotOf(Path, r.URL.Query())
	if err := p.fillPeople(r.Context(), &s, who); err != nil {
		return err
	}
	if err := p.fillInvitations(r.Context(), &s); err != nil {
		return err
	}
	return p.shell.Render(w, status, p.list, shell.Page{
		Title: "People", Path: Path, Visitor: &who, Message: message, Body: s,
	})
}

// fillPeople fills in one page of the accounts, or the last one.
func (p *Pages) fillPeople(ctx context.Context, s *screen, who shell.Visitor) error {
	all, err := p.accounts.Accounts(ctx)
	if err != nil {
		return err
	}
	found := slices.DeleteFunc(all, func(a control.Account) bool { return !contains(a.Name, s.Search) })
	s.Page = min(s.Page, shell.LastPage(len(found), pageSize))
	first := (s.Page - 1) * pageSize
	for _, a := range found[first:min(first+pageSize, len(found))] {
		s.People = append(s.People, p.newPerson(a, who))
	}
	s.Span = shell.SpanAt(s.Spot, pageSize, len(s.People), len(found))
	return nil
}

func (p *Pages) newPerson(a control.Account, who shell.Visitor) person {
	now := p.shell.Now()
	return person{
		Name: a.Name, Role: roleName(a.Role), Confined: a.Confined, IsSelf: a.Name == who.Name, URL: personPath(a.Name),
		Since: shell.NewWhen(now, a.CreatedAt), Login: shell.NewWhen(now, a.LastLogin),
	}
}

// fillInvitations fills in the invitations that match the search.
func (p *Pages) fillInvitations(ctx context.Context, s *screen) error {
	all, err := p.accounts.Invitations(ctx)
	if err != nil {
		return err
	}
	var ids []int64
	for _, inv := range all {
		if inv.Site != 0 {
			ids = append(ids, inv.Site)
		}
	}
	names, err := p.accounts.SiteNames(ctx, ids)
	if err != nil {
		return err
	}
	for _, inv := range all {
		switch {
		case !contains(inv.Name, s.Search):
		case len(s.Invitations) == maxInvitations:
			s.MorePending++
		default:
			s.Invitations = append(s.Invitations, invitation{
				ID: inv.ID, Name: inv.Name, Role: roleName(inv.Role), Site: names[inv.Site], By: inv.CreatedBy,
				Expires: shell.NewWhen(p.shell.Now(), inv.ExpiresAt),
			})
		}
	}
	return nil
}

func contains(name, search string) bool {
	return strings.Contains(name, strings.ToLower(strings.TrimSpace(search)))
}
