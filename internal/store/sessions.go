package store

import (
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// Session returns the session of a cookie's digest, whether it has ended or not.
func (t tx) Session(d control.SecretDigest) (control.Session, error) {
	s, err := scanSession(t.row(`
		SELECT s.id, a.id, a.name, a.role, a.confined, a.created_at, a.last_login, s.created_at, s.seen_at, s.address, s.user_agent
		FROM session s JOIN account a ON a.id = s.account_id
		WHERE s.digest = $1`, digest(d)))
	return s, found(err)
}

// SessionOfID returns the session with an id, whether it has ended or not.
func (t tx) SessionOfID(id string) (control.Session, error) {
	s, err := scanSession(t.row(`
		SELECT s.id, a.id, a.name, a.role, a.confined, a.created_at, a.last_login, s.created_at, s.seen_at, s.address, s.user_agent
		FROM session s JOIN account a ON a.id = s.account_id
		WHERE s.id = $1`, id))
	return s, found(err)
}

// SessionsOf returns the sessions of an account, those used last first.
func (t tx) SessionsOf(account int64) ([]control.Session, error) {
	return collect(t, scanSession, `
		SELECT s.id, a.id, a.name, a.role, a.confined, a.created_at, a.last_login, s.created_at, s.seen_at, s.address, s.user_agent
		FROM session s JOIN account a ON a.id = s.account_id
		WHERE s.account_id = $1 ORDER BY s.seen_at DESC, s.created_at DESC, s.id`, account)
}

func scanSession(row scanner) (control.Session, error) {
	var s control.Session
	err := row.Scan(&s.ID, &s.Account.ID, &s.Account.Name, &s.Account.Role, (*flag)(&s.Account.Confined),
		(*moment)(&s.Account.CreatedAt), (*moment)(&s.Account.LastLogin),
		(*moment)(&s.CreatedAt), (*moment)(&s.SeenAt), &s.Address, &s.UserAgent)
	return s, err
}

// InsertSession writes a new session.
func (t tx) InsertSession(d control.SecretDigest, s control.Session) error {
	return t.exec(`
		INSERT INTO session (digest, id, account_id, created_at, seen_at, address, user_agent)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		digest(d), s.ID, s.Account.ID, moment(s.CreatedAt), moment(s.SeenAt), s.Address, s.UserAgent)
}

// TouchSession writes when a session was last used; one that is gone stays gone.
func (t tx) TouchSession(d control.SecretDigest, at time.Time) error {
	return t.exec(`UPDATE session SET seen_at = $2 WHERE digest = $1`, digest(d), moment(at))
}

// DeleteSession ends a session.
func (t tx) DeleteSession(d control.SecretDigest) error {
	return t.exec(`DELETE FROM session WHERE digest = $1`, digest(d))
}

// DeleteSessionOfID ends the session with an id.
func (t tx) DeleteSessionOfID(id string) error {
	return t.execOne(`DELETE FROM session WHERE id = $1`, id)
}

// DeleteSessionsOf ends the sessions of an account, but for the one with an id.
func (t tx) DeleteSessionsOf(account int64, except string) error {
	return t.exec(`DELETE FROM session WHERE account_id = $1 AND id <> $2`, account, except)
}

// KeepSessions ends all but the sessions of an account that were used last.
func (t tx) KeepSessions(account int64, most int) error {
	return t.exec(`
		DELETE FROM session WHERE account_id = $1 AND digest NOT IN (
			SELECT digest FROM session WHERE account_id = $1
			ORDER BY seen_at DESC, created_at DESC LIMIT $2)`, account, most)
}

// DeleteSessionsBefore clears sessions away that were made or last used before.
func (t tx) DeleteSessionsBefore(created, seen time.Time) error {
	return t.exec(`DELETE FROM session WHERE created_at < $1 OR seen_at < $2`, moment(created), moment(seen))
}
