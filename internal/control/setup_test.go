package control_test

import (
	"testing"

	"github.com/crossgate/crossgate/internal/control"
)

func TestSetup(t *testing.T) {
	c, _ := newControl(t)
	_, err := c.Setup(t.Context(), "", "anna", password, address)
	wantCode(t, err, control.CodeWrongSecret) // no secret was ever made

	first, err := c.SetupSecret(t.Context())
	must(t, err)
	latest, err := c.SetupSecret(t.Context())
	must(t, err)
	steps := []struct{ name, secret, account, password, code string }{
		{"no secret", "", "anna", password, control.CodeWrongSecret},
		{"a guess", "guess", "anna", password, control.CodeWrongSecret},
		{"an earlier link", first, "anna", password, control.CodeWrongSecret},
		{"a weak password", latest, "anna", "short", control.CodeWeakPassword},
		{"a bad name", latest, "<b>", password, control.CodeInvalid},
		{"the latest link", latest, "Anna", password, ""},
		{"the link again", latest, "bob", password, control.CodeAlreadySetUp},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			_, err := c.Setup(t.Context(), step.secret, step.account, step.password, address)
			wantCode(t, err, step.code)
		})
	}
	_, err = c.SignIn(t.Context(), "anna", password, address, "a browser")
	must(t, err)
	secret, err := c.SetupSecret(t.Context())
	must(t, err)
	same(t, secret, "") // an account exists

	list, err := c.Changes(t.Context(), control.ListQuery{})
	must(t, err)
	same(t, list[0].Actor, control.Actor{Kind: "user", Name: "anna", Address: address})
	same(t, changes(t, c), []string{"account.setup: added account anna"})
}

// An account that the command line adds makes the printed link worthless.
func TestSetupAfterCommandLine(t *testing.T) {
	c, _ := newControl(t)
	secret, err := c.SetupSecret(t.Context())
	must(t, err)
	_, err = c.AddAccount(t.Context(), anna, "anna", password, control.RoleOwner)
	must(t, err)
	_, err = c.Setup(t.Context(), secret, "mallory", password, address)
	wantCode(t, err, control.CodeAlreadySetUp)
}
