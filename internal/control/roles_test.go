package control_test

import (
	"testing"

	"github.com/crossgate/crossgate/internal/control"
)

func TestRoleAllows(t *testing.T) {
	const viewer, editor, owner, none = control.RoleViewer, control.RoleEditor, control.RoleOwner, control.Role("")
	for _, test := range []struct {
		have control.Role
		may  []control.Role
		not  []control.Role
	}{
		{owner, []control.Role{viewer, editor, owner}, []control.Role{none, "admin"}},
		{editor, []control.Role{viewer, editor}, []control.Role{owner, none}},
		{viewer, []control.Role{viewer}, []control.Role{editor, owner, none}},
		{none, nil, []control.Role{viewer, editor, owner, none}},
		{"Owner", nil, []control.Role{viewer, editor, owner, none}},
	} {
		for _, need := range test.may {
			if !test.have.Allows(need) {
				t.Errorf("%q may not do what takes %q", test.have, need)
			}
		}
		for _, need := range test.not {
			if test.have.Allows(need) {
				t.Errorf("%q may do what takes %q", test.have, need)
			}
		}
	}
}

func TestParseRole(t *testing.T) {
	for text, want := range map[string]control.Role{" Owner ": control.RoleOwner, "editor": control.RoleEditor, "VIEWER": control.RoleViewer} {
		got, err := control.ParseRole(text)
		must(t, err)
		same(t, got, want)
	}
	for _, text := range []string{"", "admin", "owner\nviewer"} {
		_, err := control.ParseRole(text)
		same(t, wantCode(t, err, control.CodeInvalid).Field, "role")
	}
}

// person adds an account.
func person(t *testing.T, c *control.Service, name string, role control.Role) {
	t.Helper()
	_, err := c.AddAccount(t.Context(), anna, name, password, role)
	must(t, err)
}

// roles returns the accounts with their roles.
func roles(t *testing.T, c *control.Service) map[string]control.Role {
	t.Helper()
	list, err := c.Accounts(t.Context())
	must(t, err)
	got := map[string]control.Role{}
	for _, a := range list {
		got[a.Name] = a.Role
	}
	return got
}

func TestFirstAccountIsAnOwner(t *testing.T) {
	c, _ := newControl(t)
	for _, role := range []control.Role{control.RoleViewer, control.RoleEditor} {
		_, err := c.AddAccount(t.Context(), anna, "anna", password, role)
		wantCode(t, err, control.CodeLastOwner)
	}
	_, err := c.AddAccount(t.Context(), anna, "anna", password, "")
	wantCode(t, err, control.CodeInvalid)
	person(t, c, "anna", control.RoleOwner)
	person(t, c, "bob", control.RoleViewer)
}

func TestSetRole(t *testing.T) {
	c, _ := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	person(t, c, "bob", control.RoleViewer)
	cookie, err := c.SignIn(t.Context(), "bob", password, address, "a browser")
	must(t, err)

	_, err = c.SetRole(t.Context(), anna, "nobody", control.RoleOwner)
	wantCode(t, err, control.CodeNotFound)
	_, err = c.SetRole(t.Context(), anna, "bob", "admin")
	wantCode(t, err, control.CodeInvalid)
	got, err := c.SetRole(t.Context(), anna, " Bob ", control.RoleEditor)
	must(t, err)
	same(t, got.Role, control.RoleEditor)
	_, err = c.SetRole(t.Context(), anna, "bob", control.RoleEditor) // nothing to do
	must(t, err)

	s, err := c.Session(t.Context(), cookie)
	must(t, err)
	same(t, s.Account.Role, control.RoleEditor)
	same(t, changes(t, c)[0], "account.role: made bob an editor")
	same(t, len(changes(t, c)), 3)
}

// Nobody can take the last owner away, by any way.
func TestLastOwnerStays(t *testing.T) {
	c, _ := newControl(t)
	person(t, c, "anna", control.RoleOwner)
	person(t, c, "bob", control.RoleEditor)
	_, err := c.SetRole(t.Context(), anna, "anna", control.RoleEditor)
	wantCode(t, err, control.CodeLastOwner)
	wantCode(t, c.RemoveAccount(t.Context(), anna, "anna"), control.CodeLastOwner)

	_, err = c.SetRole(t.Context(), anna, "bob", control.RoleOwner)
	must(t, err)
	_, err = c.SetRole(t.Context(), anna, "anna", control.RoleViewer)
	must(t, err)
	wantCode(t, c.RemoveAccount(t.Context(), anna, "bob"), control.CodeLastOwner)
	must(t, c.RemoveAccount(t.Context(), anna, "anna"))
	same(t, roles(t, c), map[string]control.Role{"bob": control.RoleOwner})
}
