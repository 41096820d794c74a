package store

import (
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

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

// Invitations returns all invitations, by name, those that have expired included.
func (t tx) Invitations() ([]control.Invitation, error) {
	return collect(t, scanInvitation, `
		SELECT id, name, role, created_at, created_by, expires_at, coalesce(site_id, 0)
		FROM invitation ORDER BY name`)
}

// Invitation returns one invitation by its id.
func (t tx) Invitation(id int64) (control.Invitation, error) {
	i, err := scanInvitation(t.row(`
		SELECT id, name, role, created_at, created_by, expires_at, coalesce(site_id, 0)
		FROM invitation WHERE id = $1`, id))
	return i, found(err)
}

// InvitationOf returns the invitation of a link's digest.
func (t tx) InvitationOf(d control.SecretDigest) (control.Invitation, error) {
	i, err := scanInvitation(t.row(`
		SELECT id, name, role, created_at, created_by, expires_at, coalesce(site_id, 0)
		FROM invitation WHERE digest = $1`, digest(d)))
	return i, found(err)
}

func scanInvitation(row scanner) (control.Invitation, error) {
	var i control.Invitation
	err := row.Scan(&i.ID, &i.Name, &i.Role, (*moment)(&i.CreatedAt), &i.CreatedBy, (*moment)(&i.ExpiresAt), &i.Site)
	return i, err
}

// InsertInvitation writes a new invitation.
func (t tx) InsertInvitation(i control.Invitation, d control.SecretDigest) (id int64, err error) {
	err = t.row(`
		INSERT INTO invitation (name, role, digest, created_at, created_by, expires_at, site_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		RETURNING id`,
		i.Name, i.Role, digest(d), moment(i.CreatedAt), i.CreatedBy, moment(i.ExpiresAt), reference(i.Site)).Scan(&id)
	return id, err
}

// DeleteInvitation makes an invitation's link invalid.
func (t tx) DeleteInvitation(id int64) error {
	return t.execOne(`DELETE FROM invitation WHERE id = $1`, id)
}
