package control_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// signIn signs somebody in and returns the cookie and the session.
func signIn(t *testing.T, c *control.Service, name, agent string) (string, control.Session) {
	t.Helper()
	cookie, err := c.SignIn(t.Context(), name, password, address, agent)
	must(t, err)
	s, err := c.Session(t.Context(), cookie)
	must(t, err)
	return cookie, s
}

// by is a signed-in person.
func by(s control.Session) control.Actor {
	return control.Actor{Kind: "user", Name: s.Account.Name, Address: address, Session: s.ID}
}

// sessionIDs returns the sessions of an account, that used last first.
func sessionIDs(t *testing.T, c *control.Service, name string) []string {
	t.Helper()
	list, err := c.Sessions(t.Context(), name)
	must(t, err)
	ids := []string{}
	for _, s := range list {
		ids = append(ids, s.ID)
	}
	return ids
}

func TestSessionsAreListed(t *testing.T) {
	c, at := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	cookie, first := signIn(t, c, "anna", "Mozilla/5.0 \x00\n\u202eevil "+strings.Repeat("x", 1000))
	at.forward(10 * time.Minute)
	_, second := signIn(t, c, "anna", "another")
	list, err := c.Sessions(t.Context(), "ANNA")
	must(t, err)
	same(t, list, []control.SessionInfo{
		{ID: second.ID, CreatedAt: at.Now(), SeenAt: at.Now(), Address: address, UserAgent: "another"},
		{ID: first.ID, CreatedAt: first.CreatedAt, SeenAt: first.CreatedAt, Address: address, UserAgent: list[1].UserAgent},
	})
	agent := list[1].UserAgent
	if !strings.HasPrefix(agent, "Mozilla/5.0 evil x") || len(agent) > control.MaxUserAgent || strings.ContainsAny(agent, "\x00\n\u202e") {
		t.Errorf("the browser is shown as %q", agent)
	}
	if strings.Contains(cookie, first.ID) || first.ID == second.ID || !strings.HasPrefix(first.ID, "ses_") {
		t.Errorf("the ids %q and %q name no sessions", first.ID, second.ID)
	}
	at.forward(control.SessionIdle - 10*time.Minute)
	same(t, sessionIDs(t, c, "anna"), []string{second.ID}) // the first has ended
	_, err = c.Sessions(t.Context(), "nobody")
	wantCode(t, err, control.CodeNotFound)
}

func TestSessionsAreEnded(t *testing.T) {
	tests := []struct {
		name string
		who  string // signed in as
		whom string // whose session is to end
		ok   bool
	}{
		{"one's own", "bob", "bob", true},
		{"an owner, another's", "anna", "bob", true},
		{"an editor, another's", "bob", "anna", false},
		{"a viewer, another's", "carl", "bob", false},
	}
	c, _ := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	person(t, c, "bob", control.RoleEditor)
	person(t, c, "carl", control.RoleViewer)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			who := control.Actor{Kind: "user", Name: test.who}
			code := map[bool]string{true: "", false: control.CodeNotFound}[test.ok]
			cookie, one := signIn(t, c, test.whom, "one")
			_, two := signIn(t, c, test.whom, "two")
			wantCode(t, c.EndSession(t.Context(), who, one.ID), code)
			_, err := c.Session(t.Context(), cookie)
			wantCode(t, err, map[bool]string{true: control.CodeSignedOut, false: ""}[test.ok])
			same(t, slices.Contains(sessionIDs(t, c, test.whom), two.ID), true)
			wantCode(t, c.EndSessions(t.Context(), who, test.whom), code)
			same(t, len(sessionIDs(t, c, test.whom)) == 0, test.ok)
		})
	}
	wantCode(t, c.EndSession(t.Context(), anna, "ses_missing"), control.CodeNotFound)
	wantCode(t, c.EndSessions(t.Context(), anna, "nobody"), control.CodeNotFound)
}

func TestChangeOwnPassword(t *testing.T) {
	c, _ := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	person(t, c, "bob", control.RoleViewer)
	_, own := signIn(t, c, "bob", "asking")
	signIn(t, c, "bob", "elsewhere")
	signIn(t, c, "anna", "somebody else's")
	for _, test := range []struct{ name, current, password, code, field string }{
		{"a wrong current one", other, "a third donkey battery", control.CodeWrongCredentials, "current"},
		{"a weak one", password, "short", control.CodeWeakPassword, "password"},
		{"the same one", password, password, control.CodeWeakPassword, "password"},
	} {
		bad := wantCode(t, c.ChangeOwnPassword(t.Context(), by(own), test.current, test.password, address), test.code)
		same(t, bad.Field, test.field)
	}
	same(t, len(sessionIDs(t, c, "bob")), 2)

	must(t, c.ChangeOwnPassword(t.Context(), by(own), password, other, address))
	same(t, sessionIDs(t, c, "bob"), []string{own.ID})
	same(t, len(sessionIDs(t, c, "anna")), 1)
	_, err := c.SignIn(t.Context(), "bob", other, address, "a browser")
	must(t, err)
	same(t, changes(t, c)[0], "account.password: changed the password of bob")
}

// Guessing the current password is as slow as guessing at the door.
func TestGuessingOwnPasswordIsSlow(t *testing.T) {
	c, _ := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	_, own := signIn(t, c, "anna", "a stolen session")
	for range 6 {
		wantCode(t, c.ChangeOwnPassword(t.Context(), by(own), "a wrong password", other, address), control.CodeWrongCredentials)
	}
	wantCode(t, c.ChangeOwnPassword(t.Context(), by(own), password, other, address), control.CodeTooManyAttempts)
}
