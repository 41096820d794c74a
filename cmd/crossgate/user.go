package main

import (
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// userCommands are the commands of dashboard accounts.
func userCommands() []command {
	return []command{userAddCommand(), userListCommand(), userPasswordCommand(), userRemoveCommand()}
}

// accountJSON is an account as scripts read it.
type accountJSON struct {
	Name      string     `json:"name"`
	CreatedAt *time.Time `json:"created_at"`
	LastLogin *time.Time `json:"last_login"`
}

func accountToJSON(a control.Account) accountJSON {
	return accountJSON{Name: a.Name, CreatedAt: jsonTime(a.CreatedAt), LastLogin: jsonTime(a.LastLogin)}
}
