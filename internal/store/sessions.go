package store

import (
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// Session returns the session of a cookie's digest, whether it has ended or not.
func (t tx) Session(d control.SecretDigest) (control.Session, error) {
	var s control.Session
	err := t.row(`
		SELECT a.id, a.name, a.created_at, a.last_login, s.created_at, s.seen_at
		FROM session s JOIN account a ON a.id = s.account_id
		WHERE s.digest = $1`, digest(d)).Scan(
		&s.Account.ID, &s.Account.Name, (*moment)(&s.Account.CreatedAt), (*moment)(&s.Account.LastLogin),
		(*moment)(&s.CreatedAt), (*moment)(&s.SeenAt))
	return s, found(err)
}

// InsertSession writes a new session.
func (t tx) InsertSession(d control.SecretDigest, s control.Session) error {
	return t.exec(`
		INSERT INTO session (digest, account_id, created_at, seen_at)
		VALUES ($1, $2, $3, $4)`, digest(d), s.Account.ID, moment(s.CreatedAt), moment(s.SeenAt))
}

// TouchSession writes when a session was last used; one that is gone stays gone.
func (t tx) TouchSession(d control.SecretDigest, at time.Time) error {
	return t.exec(`UPDATE session SET seen_at = $2 WHERE digest = $1`, digest(d), moment(at))
}

// DeleteSession ends a session.
func (t tx) DeleteSession(d control.SecretDigest) error {
	return t.exec(`DELETE FROM session WHERE digest = $1`, digest(d))
}

// DeleteSessionsOf ends the sessions of an account.
func (t tx) DeleteSessionsOf(account int64) error {
	return t.exec(`DELETE FROM session WHERE account_id = $1`, account)
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

// SetupSecret returns the digest of the first-run link's secret.
func (t tx) SetupSecret() (control.SecretDigest, error) {
	var d control.SecretDigest
	err := t.row(`SELECT digest FROM setup_secret WHERE id = 1`).Scan((*digest)(&d))
	return d, found(err)
}

// PutSetupSecret writes that digest, in place of an earlier one.
func (t tx) PutSetupSecret(d control.SecretDigest, at time.Time) error {
	return t.exec(`
		INSERT INTO setup_secret (id, digest, created_at)
		VALUES (1, $1, $2)
		ON CONFLICT (id) DO UPDATE SET digest = excluded.digest, created_at = excluded.created_at`,
		digest(d), moment(at))
}

// DeleteSetupSecret makes the first-run link invalid.
func (t tx) DeleteSetupSecret() error { return t.exec(`DELETE FROM setup_secret WHERE id = 1`) }
