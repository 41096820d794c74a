package people

import (
	"context"
	"errors"
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// An accountScreen is the page of the visitor's own account. It never has a
// password.
type accountScreen struct {
	Name        string
	Role        roleChoice
	Sites       []membership // where they have a role of their own
	MoreSites   int
	MinPassword int // characters
	Error       string
	Errors      map[string]string // by field
	Sessions    []session
}

// A session is a browser that is signed in.
type session struct {
	ID      string
	Device  string // "Firefox on Windows"
	Address string
	Since   shell.When
	Seen    shell.When
	IsThis  bool // the one that asks
}

func (p *Pages) showAccount(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	message, err := p.newsOf(r.Context(), who, r)
	if err != nil {
		return err
	}
	return p.renderAccount(w, r, who, http.StatusOK, accountScreen{}, message)
}

func (p *Pages) renderAccount(w http.ResponseWriter, r *http.Request, who shell.Visitor, status int, s accountScreen, message *shell.Message) (err error) {
	s.Name, s.MinPassword = who.Name, control.MinPassword
	for _, choice := range roleChoices(who.Everywhere) {
		if choice.Chosen {
			s.Role = choice
		}
	}
	at, err := p.accounts.Memberships(r.Context(), who.Name)
	if err != nil {
		return err
	}
	s.Sites, s.MoreSites = memberships(at)
	if s.Sessions, err = p.sessionsOf(r.Context(), who); err != nil {
		return err
	}
	return p.shell.Render(w, status, p.account, shell.Page{
		Title: "Your account", Path: AccountPath, Visitor: &who, Message: message, Body: s,
	})
}

// sessionsOf reads the visitor's sessions, this one first.
func (p *Pages) sessionsOf(ctx context.Context, who shell.Visitor) ([]session, error) {
	open, err := p.accounts.Sessions(ctx, who.Name)
	if err != nil {
		return nil, err
	}
	now := p.shell.Now()
	var these, others []session
	for _, one := range open {
		s := session{
			ID: one.ID, Device: deviceOf(one.UserAgent), Address: one.Address, IsThis: one.ID == who.Actor.Session,
			Since: shell.NewWhen(now, one.CreatedAt), Seen: shell.NewWhen(now, one.SeenAt),
		}
		if s.IsThis {
			these = append(these, s)
		} else {
			others = append(others, s)
		}
	}
	return append(these, others...), nil
}

// maxPasswordForm is the largest form with passwords that is read, in bytes.
const maxPasswordForm = 8 << 10

// changePassword gives the visitor another password.
func (p *Pages) changePassword(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	values, err := shell.Form(w, r, maxPasswordForm)
	if err != nil {
		return err
	}
	err = p.accounts.ChangeOwnPassword(r.Context(), who.Actor, values.Get("current"), values.Get("password"), p.shell.Address(r))
	if refused, ok := errors.AsType[*control.Error](err); ok {
		var s accountScreen
		s.explain(refused)
		return p.renderAccount(w, r, who, shell.StatusOf(refused), s, nil)
	}
	if err != nil {
		return err
	}
	return back(w, r, who, AccountPath)
}

// explain puts a refusal where it belongs in the form.
func (s *accountScreen) explain(refused *control.Error) {
	text := shell.Sentence(refused.Message)
	if refused.Field == "current" || refused.Field == "password" {
		s.Errors = map[string]string{refused.Field: text}
		return
	}
	s.Error = text
}

// endSession ends one of the visitor's own sessions: an owner, who may end
// anybody's, does not do that here.
func (p *Pages) endSession(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	own, err := p.sessionsOf(r.Context(), who)
	if err != nil {
		return err
	}
	for _, s := range own {
		if s.ID == r.PathValue("id") {
			if err := p.accounts.EndSession(r.Context(), who.Actor, s.ID); err != nil {
				return err
			}
			return back(w, r, who, AccountPath)
		}
	}
	message := &shell.Message{Kind: "error", Text: "That session has ended already."}
	return p.renderAccount(w, r, who, http.StatusNotFound, accountScreen{}, message)
}

// signOutEverywhere ends all of the visitor's sessions, this one too.
func (p *Pages) signOutEverywhere(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
	if err := p.accounts.EndSessions(r.Context(), who.Actor, who.Name); err != nil {
		return err
	}
	p.guard.ClearSession(w, r)
	return shell.Redirect(w, r, who, shell.SignInPath+"?notice=signed-out-everywhere")
}
