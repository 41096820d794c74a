package sites

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// maxMembers is how many members a page shows.
const maxMembers = 25

// A membersScreen is the page of who has a role at a site.
type membersScreen struct {
	shell.Spot
	shell.Span
	Site        string
	Members     []member
	Invitations []invitation
	Invited     *invited // nil: nobody was invited just now
	Form        memberForm
	Confined    bool   // the visitor sees nothing of other people
	Lacks       string // why the visitor cannot change anything here, or ""
}

// A member is somebody with a role at the site.
type member struct {
	Name       string
	Roles      []choice
	Role       string
	Everywhere string // the role at every site; "": none
	Confined   bool
	IsSelf     bool
	URL        string // below which its forms are
}

// A choice is a role to choose.
type choice struct {
	Role   control.Role
	Name   string
	Means  string
	Chosen bool
}

// An invitation is one to the site that can still be accepted.
type invitation struct {
	ID      int64
	Name    string
	Role    string
	By      string
	Expires shell.When
}

// invited is the invitation that was just made, with its link.
type invited struct {
	Name    string
	Role    string
	Link    string
	Expires shell.When
}

// A memberForm is the form that gives somebody a role, with what was typed.
type memberForm struct {
	Name   string
	Roles  []choice
	Error  string
	Errors map[string]string // by field
}

func choices(chosen control.Role) []choice {
	all := []choice{
		{Role: control.RoleViewer, Name: "Viewer", Means: "sees this site, and changes nothing"},
		{Role: control.RoleEditor, Name: "Editor", Means: "changes its Trusted Domains and access tokens"},
		{Role: control.RoleOwner, Name: "Owner", Means: "changes its policy and members too"},
	}
	for i := range all {
		all[i].Chosen = all[i].Role == chosen
	}
	return all
}

func nameOf(role control.Role) string {
	for _, c := range choices(role) {
		if c.Chosen {
			return c.Name
		}
	}
	return string(role)
}

func (p *Pages) showMembers(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	message, err := p.newsOf(r.Context(), who, r.URL.Query())
	if err != nil {
		return err
	}
	return p.renderMembers(w, r, who, http.StatusOK, membersScreen{Form: memberForm{Roles: choices(control.RoleViewer)}}, message)
}

// renderMembers answers with the page around what the caller has filled in.
func (p *Pages) renderMembers(w http.ResponseWriter, r *http.Request, who shell.Visitor, status int, s membersScreen, message *shell.Message) error {
	s.Site, s.Lacks, s.Confined = who.Site.Name, who.Lacks(control.RoleOwner), who.Everywhere == ""
	s.Spot = shell.SpotOf(MembersPath, r.URL.Query())
	if err := p.fillMembers(r.Context(), &s, who); err != nil {
		return err
	}
	open, err := p.members.InvitationsTo(r.Context())
	if err != nil {
		return err
	}
	for _, inv := range open[:min(len(open), maxMembers)] {
		s.Invitations = append(s.Invitations, invitation{
			ID: inv.ID, Name: inv.Name, Role: nameOf(inv.Role), By: inv.CreatedBy, Expires: shell.NewWhen(p.shell.Now(), inv.ExpiresAt),
		})
	}
	return p.shell.Render(w, status, p.people, shell.Page{Title: "Members", Path: MembersPath, Visitor: &who, Message: message, Body: s})
}

// fillMembers fills in one page of the members that match the search, or the last one.
func (p *Pages) fillMembers(ctx context.Context, s *membersScreen, who shell.Visitor) error {
	all, err := p.members.Members(ctx)
	if err != nil {
		return err
	}
	var found []control.Member
	for _, m := range all {
		if strings.Contains(m.Account, strings.ToLower(strings.TrimSpace(s.Search))) {
			found = append(found, m)
		}
	}
	s.Page = min(s.Page, shell.LastPage(len(found), maxMembers))
	first := (s.Page - 1) * maxMembers
	shown := found[first:min(first+maxMembers, len(found))]
	for _, m := range shown {
		s.Members = append(s.Members, member{
			Name: m.Account, Role: nameOf(m.Role), Roles: choices(m.Role), Everywhere: nameOf(m.Everywhere),
			Confined: m.Everywhere == "", IsSelf: m.Account == who.Name, URL: MembersPath + "/" + url.PathEscape(m.Account),
		})
	}
	s.Span = shell.SpanAt(s.Spot, maxMembers, len(shown), len(found))
	return nil
}

// putMember gives somebody with an account a role at the site, and invites anybody else.
// The answer to that is the page itself: the link is known now, and never again.
func (p *Pages) putMember(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	name, role := values.Get("name"), control.Role(values.Get("role"))
	made, err := p.admit(r, who, name, role)
	if refused, ok := errors.AsType[*control.Error](err); ok {
		form := memberForm{Name: name, Roles: choices(role)}
		form.explain(refused)
		return p.renderMembers(w, r, who, shell.StatusOf(refused), membersScreen{Form: form}, nil)
	}
	if err != nil {
		return err
	}
	if made == nil {
		return shell.Redirect(w, r, who, MembersPath+"?notice=done")
	}
	return p.renderMembers(w, r, who, http.StatusOK, membersScreen{Form: memberForm{Roles: choices(control.RoleViewer)}, Invited: made}, nil)
}

// admit gives somebody a role; nil is returned where they have an account already.
func (p *Pages) admit(r *http.Request, who shell.Visitor, name string, role control.Role) (*invited, error) {
	known, err := p.members.HasAccount(r.Context(), name)
	if err != nil {
		return nil, err
	}
	if known {
		return nil, p.members.SetMember(r.Context(), who.Actor, name, role)
	}
	secret, inv, err := p.members.InviteTo(r.Context(), who.Actor, name, role)
	if err != nil {
		return nil, err
	}
	return &invited{
		Name: inv.Name, Role: nameOf(inv.Role), Expires: shell.NewWhen(p.shell.Now(), inv.ExpiresAt),
		Link: p.guard.Origin(r) + p.link + "?" + url.Values{"secret": {secret}}.Encode(),
	}, nil
}

// explain puts a refusal where it belongs in the form.
func (f *memberForm) explain(refused *control.Error) {
	text := shell.Sentence(refused.Message)
	if refused.Field == "name" || refused.Field == "role" {
		f.Errors = map[string]string{refused.Field: text}
		return
	}
	f.Error = text
}

// setRole gives a member another role.
func (p *Pages) setRole(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, shell.MaxForm)
	if err != nil {
		return err
	}
	return p.done(w, r, who, p.members.SetMember(r.Context(), who.Actor, r.PathValue("name"), control.Role(values.Get("role"))))
}

// removeMember takes somebody's role at the site away.
func (p *Pages) removeMember(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	return p.done(w, r, who, p.members.RemoveMember(r.Context(), who.Actor, r.PathValue("name")))
}

// revoke makes the link of an invitation to the site invalid.
func (p *Pages) revoke(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return shell.NotFound
	}
	return p.done(w, r, who, p.members.RevokeInvitationTo(r.Context(), who.Actor, id))
}

// done leads back to the list after a change, or shows it with why nothing was changed.
func (p *Pages) done(w http.ResponseWriter, r *http.Request, who shell.Visitor, err error) error {
	if refused, ok := errors.AsType[*control.Error](err); ok {
		message := &shell.Message{Kind: "error", Text: shell.Sentence(refused.Message)}
		return p.renderMembers(w, r, who, shell.StatusOf(refused), membersScreen{Form: memberForm{Roles: choices(control.RoleViewer)}}, message)
	}
	if err != nil {
		return err
	}
	return shell.Redirect(w, r, who, MembersPath+"?notice=done")
}

// What is told of a change, and for how long.
const (
	newsFor  = 5 * time.Minute
	maxShown = 200 // characters of a summary
)

// newsOf tells the visitor what they did last at the site, where the address asks for it
// and it is news. The text comes from the audit log.
func (p *Pages) newsOf(ctx context.Context, who shell.Visitor, query url.Values) (*shell.Message, error) {
	if query.Get("notice") == "" {
		return nil, nil
	}
	last, err := p.members.Audit(ctx, control.AuditQuery{ListQuery: control.ListQuery{Limit: 1}, Actor: who.Name, Own: true})
	if err != nil || len(last) == 0 || p.shell.Now().Sub(last[0].At) >= newsFor {
		return nil, err
	}
	switch last[0].Action {
	case "site.member", "site.member-remove", "invitation.revoke":
		return &shell.Message{Kind: "done", Text: shell.Sentence(shell.Cut(last[0].Summary, maxShown))}, nil
	}
	return nil, nil
}
