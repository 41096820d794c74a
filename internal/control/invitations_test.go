package control_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// invite invites somebody and returns the link's secret.
func invite(t *testing.T, c *control.Service, name string, role control.Role) (string, control.Invitation) {
	t.Helper()
	secret, inv, err := c.Invite(t.Context(), anna, name, role)
	must(t, err)
	return secret, inv
}

func TestInvitationMakesAnAccount(t *testing.T) {
	c, at := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	secret, inv := invite(t, c, " Bob ", control.RoleEditor)
	same(t, inv, control.Invitation{
		ID: inv.ID, Name: "bob", Role: control.RoleEditor, CreatedBy: "anna",
		CreatedAt: at.Now(), ExpiresAt: at.Now().Add(7 * 24 * time.Hour),
	})
	if len(secret) < 43 {
		t.Errorf("the secret %q has no 256 bits", secret)
	}
	got, err := c.InvitationOf(t.Context(), secret)
	must(t, err)
	same(t, got, inv)
	_, err = c.AcceptInvitation(t.Context(), secret, "short", address)
	wantCode(t, err, control.CodeWeakPassword) // and the link is good still
	made, err := c.AcceptInvitation(t.Context(), secret, password, address)
	must(t, err)
	same(t, made.Role, control.RoleEditor)
	_, err = c.SignIn(t.Context(), "bob", password, address, "a browser")
	must(t, err)

	list, err := c.Changes(t.Context(), control.ListQuery{})
	must(t, err)
	same(t, changes(t, c)[:2], []string{"invitation.accept: bob accepted the invitation of anna", "invitation.create: invited bob as an editor"})
	same(t, list[0].Actor, control.Actor{Kind: "user", Name: "bob", Address: address})
}

// Whatever is no open invitation is refused in the same words, and makes nothing.
func TestInvitationIsRefused(t *testing.T) {
	tests := []struct {
		name string
		do   func(t *testing.T, c *control.Service, at *clock, secret string, inv control.Invitation) string
	}{
		{"used", func(t *testing.T, c *control.Service, _ *clock, secret string, _ control.Invitation) string {
			_, err := c.AcceptInvitation(t.Context(), secret, password, address)
			must(t, err)
			must(t, c.RemoveAccount(t.Context(), anna, "bob"))
			return secret
		}},
		{"expired", func(_ *testing.T, _ *control.Service, at *clock, secret string, _ control.Invitation) string {
			at.forward(control.InvitationLifetime)
			return secret
		}},
		{"revoked", func(t *testing.T, c *control.Service, _ *clock, secret string, inv control.Invitation) string {
			must(t, c.RevokeInvitation(t.Context(), anna, inv.ID))
			return secret
		}},
		{"replaced by another one", func(t *testing.T, c *control.Service, _ *clock, secret string, _ control.Invitation) string {
			invite(t, c, "bob", control.RoleViewer)
			return secret
		}},
		{"mistyped", func(_ *testing.T, _ *control.Service, _ *clock, secret string, _ control.Invitation) string {
			return secret[1:]
		}},
		{"nothing", func(*testing.T, *control.Service, *clock, string, control.Invitation) string { return "" }},
	}
	c, at := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	messages := map[string]bool{}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			secret, inv := invite(t, c, "bob", control.RoleOwner)
			secret = test.do(t, c, at, secret, inv)
			_, err := c.InvitationOf(t.Context(), secret)
			messages[wantCode(t, err, control.CodeWrongSecret).Message] = true
			_, err = c.AcceptInvitation(t.Context(), secret, password, address)
			wantCode(t, err, control.CodeWrongSecret)
			same(t, roles(t, c), map[string]control.Role{"anna": control.RoleOwner})
		})
	}
	if len(messages) != 1 {
		t.Errorf("the reasons are told apart: %v", messages)
	}
}

func TestInviteRules(t *testing.T) {
	c, at := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	for _, test := range []struct {
		name, account string
		role          control.Role
		code          string
	}{
		{"plain", "bob", control.RoleViewer, ""},
		{"no name", "", control.RoleViewer, control.CodeInvalid},
		{"no role", "carl", "", control.CodeInvalid},
		{"an account that exists", "ANNA", control.RoleViewer, control.CodeExists},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := c.Invite(t.Context(), anna, test.account, test.role)
			wantCode(t, err, test.code)
		})
	}
	wantCode(t, c.RevokeInvitation(t.Context(), anna, 99), control.CodeNotFound)
	open, err := c.Invitations(t.Context())
	must(t, err)
	same(t, len(open), 1)
	at.forward(control.InvitationLifetime)
	open, err = c.Invitations(t.Context())
	must(t, err)
	same(t, len(open), 0)
}

// An account that was added meanwhile is not taken over by an invitation.
func TestInvitationDoesNotTakeOver(t *testing.T) {
	c, _ := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	secret, _ := invite(t, c, "bob", control.RoleOwner)
	person(t, c, "bob", control.RoleViewer)
	_, err := c.AcceptInvitation(t.Context(), secret, other, address)
	wantCode(t, err, control.CodeExists)
	same(t, roles(t, c)["bob"], control.RoleViewer)
	_, err = c.SignIn(t.Context(), "bob", password, address, "a browser")
	must(t, err)
}

// Of several who accept at once, one does.
func TestInvitationIsAcceptedOnce(t *testing.T) {
	c, _ := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	secret, _ := invite(t, c, "bob", control.RoleOwner)
	var accepted atomic.Int32
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			if _, err := c.AcceptInvitation(t.Context(), secret, password+strings.Repeat("!", i), address); err == nil {
				accepted.Add(1)
			}
		})
	}
	wg.Wait()
	same(t, accepted.Load(), int32(1))
}

// Somebody who may not invite any more has no way back in by a link that was kept.
func TestInvitationsEndWithTheirMaker(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *control.Service){
		"removed": func(t *testing.T, c *control.Service) {
			must(t, c.RemoveAccount(t.Context(), control.Actor{Kind: "operator", Name: "root"}, "anna"))
		},
		"no owner any more": func(t *testing.T, c *control.Service) {
			_, err := c.SetRole(t.Context(), control.Actor{Kind: "operator", Name: "root"}, "anna", control.RoleEditor)
			must(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := newControl(t)
			person(t, c, "anna", control.RoleOwner)
			person(t, c, "zoe", control.RoleOwner)
			kept, _ := invite(t, c, "bob", control.RoleOwner)
			others, _, err := c.Invite(t.Context(), control.Actor{Kind: "operator", Name: "root"}, "carl", control.RoleViewer)
			must(t, err)
			end(t, c)
			_, err = c.AcceptInvitation(t.Context(), kept, password, address)
			wantCode(t, err, control.CodeWrongSecret)
			_, err = c.AcceptInvitation(t.Context(), others, password, address)
			must(t, err)
		})
	}
}

// So it is with a key that is revoked: what it has made ends, and what other keys have stays.
func TestInvitationsEndWithTheirKey(t *testing.T) {
	c, _ := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	inviteBy := func(name string) (string, control.Key) {
		_, k := newKey(t, c, control.CreateKey{Name: "deploy", Role: control.RoleOwner})
		secret, _, err := c.Invite(t.Context(), control.Actor{Kind: "key", Name: k.ID, Address: address}, name, control.RoleOwner)
		must(t, err)
		return secret, k
	}
	kept, leaked := inviteBy("bob")
	others, _ := inviteBy("carl")
	_, err := c.RevokeKey(t.Context(), anna, leaked.ID)
	must(t, err)
	_, err = c.AcceptInvitation(t.Context(), kept, password, address)
	wantCode(t, err, control.CodeWrongSecret)
	_, err = c.AcceptInvitation(t.Context(), others, password, address)
	must(t, err)
}
