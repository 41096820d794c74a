package store

import (
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// Accounts returns all accounts, by name.
func (t tx) Accounts() ([]control.AccountRecord, error) {
	return collect(t, scanAccount, `
		SELECT id, name, role, confined, password, created_at, last_login
		FROM account ORDER BY name`)
}

// Account returns one account by its name.
func (t tx) Account(name string) (control.AccountRecord, error) {
	a, err := scanAccount(t.row(`
		SELECT id, name, role, confined, password, created_at, last_login
		FROM account WHERE name = $1`, name))
	return a, found(err)
}

func scanAccount(row scanner) (control.AccountRecord, error) {
	var a control.AccountRecord
	err := row.Scan(&a.ID, &a.Name, &a.Role, (*flag)(&a.Confined), &a.Password, (*moment)(&a.CreatedAt), (*moment)(&a.LastLogin))
	return a, err
}

// InsertAccount writes a new account.
func (t tx) InsertAccount(a control.AccountRecord) (id int64, err error) {
	err = t.row(`
		INSERT INTO account (name, role, confined, password, created_at)
		VALUES ($1, $2, $3, $4, $5)
		RETURNING id`, a.Name, a.Role, flag(a.Confined), a.Password, moment(a.CreatedAt)).Scan(&id)
	return id, err
}

// SetPassword writes an account's password.
func (t tx) SetPassword(account int64, password string) error {
	return t.execOne(`UPDATE account SET password = $2 WHERE id = $1`, account, password)
}

// SetRole writes an account's role.
func (t tx) SetRole(account int64, role control.Role) error {
	return t.execOne(`UPDATE account SET role = $2 WHERE id = $1`, account, role)
}

// SetConfined writes whether an account may do no more than its memberships allow.
func (t tx) SetConfined(account int64, confined bool) error {
	return t.execOne(`UPDATE account SET confined = $2 WHERE id = $1`, account, flag(confined))
}

// SetLastLogin writes when an account signed in.
func (t tx) SetLastLogin(account int64, at time.Time) error {
	return t.execOne(`UPDATE account SET last_login = $2 WHERE id = $1`, account, moment(at))
}

// DeleteAccount removes an account and its sessions.
func (t tx) DeleteAccount(account int64) error {
	return t.execOne(`DELETE FROM account WHERE id = $1`, account)
}
