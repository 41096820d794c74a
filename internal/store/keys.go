package store

import (
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/token"
)

// Keys returns a page of the management keys, the newest first.
func (t tx) Keys(q control.ListQuery) ([]control.Key, error) {
	return collect(t, scanKey, `
		SELECT id, name, role, created_at, created_by, expires_at, revoked_at, last_used, coalesce(site_id, 0)
		FROM api_key WHERE search LIKE $1 ESCAPE '\'
		ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3`, containing(q.Search), q.Limit, q.Offset)
}

// CountKeys returns how many management keys a search finds.
func (t tx) CountKeys(search string) (n int, err error) {
	err = t.row(`SELECT count(*) FROM api_key WHERE search LIKE $1 ESCAPE '\'`, containing(search)).Scan(&n)
	return n, err
}

// Key returns one management key by its id.
func (t tx) Key(id string) (control.Key, error) {
	k, err := scanKey(t.row(`
		SELECT id, name, role, created_at, created_by, expires_at, revoked_at, last_used, coalesce(site_id, 0)
		FROM api_key WHERE id = $1`, id))
	return k, found(err)
}

// KeyOf returns the management key of a secret's digest.
func (t tx) KeyOf(d token.Digest) (control.Key, error) {
	k, err := scanKey(t.row(`
		SELECT id, name, role, created_at, created_by, expires_at, revoked_at, last_used, coalesce(site_id, 0)
		FROM api_key WHERE digest = $1`, digest(d)))
	return k, found(err)
}

func scanKey(row scanner) (control.Key, error) {
	var k control.Key
	err := row.Scan(&k.ID, &k.Name, &k.Role, (*moment)(&k.CreatedAt), &k.CreatedBy,
		(*moment)(&k.ExpiresAt), (*moment)(&k.RevokedAt), (*moment)(&k.LastUsed), &k.Site)
	return k, err
}

// InsertKey writes a new management key.
func (t tx) InsertKey(k control.KeyRecord) error {
	return t.exec(`
		INSERT INTO api_key (id, digest, name, search, role, created_at, created_by, expires_at, site_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		k.ID, digest(k.Digest), k.Name, strings.ToLower(k.Name+" "+k.ID), k.Role,
		moment(k.CreatedAt), k.CreatedBy, moment(k.ExpiresAt), reference(k.Site))
}

// RevokeKey ends a management key.
func (t tx) RevokeKey(id string, at time.Time) error {
	return t.execOne(`UPDATE api_key SET revoked_at = $2 WHERE id = $1`, id, moment(at))
}

// TouchKey writes when a management key was last used.
func (t tx) TouchKey(id string, at time.Time) error {
	return t.execOne(`UPDATE api_key SET last_used = $2 WHERE id = $1`, id, moment(at))
}
