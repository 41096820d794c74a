package main

import (
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// userCommands are the commands of dashboard accounts.
func userCommands() []command {
	return []command{userAddCommand(), userInviteCommand(), userListCommand(), userRoleCommand(), userConfineCommand(), userFreeCommand(), userSessionsCommand(), userSignOutCommand(), userPasswordCommand(), userRemoveCommand()}
}

// accountJSON is an account as scripts read it.
type accountJSON struct {
	Name      string       `json:"name"`
	Role      control.Role `json:"role"`
	Confined  bool         `json:"confined"` // to the sites where it is a member
	CreatedAt *time.Time   `json:"created_at"`
	LastLogin *time.Time   `json:"last_login"`
}

func accountToJSON(a control.Account) accountJSON {
	return accountJSON{Name: a.Name, Role: a.Role, Confined: a.Confined, CreatedAt: jsonTime(a.CreatedAt), LastLogin: jsonTime(a.LastLogin)}
}
