package store

import "github.com/crossgate/crossgate/internal/control"

// IgnoredOrigins returns the origins that are kept out of the inbox, the newest first.
func (t tx) IgnoredOrigins(site int64) ([]control.IgnoredOrigin, error) {
	return collect(t, scanIgnoredOrigin, `
		SELECT origin, created_at, created_by
		FROM ignored_origin WHERE site_id = $1 ORDER BY created_at DESC, origin`, site)
}

func scanIgnoredOrigin(row scanner) (control.IgnoredOrigin, error) {
	var o control.IgnoredOrigin
	err := row.Scan(&o.Origin, (*moment)(&o.At), &o.By)
	return o, err
}

// PutIgnoredOrigin writes an origin that is to be ignored.
func (t tx) PutIgnoredOrigin(site int64, o control.IgnoredOrigin) error {
	return t.exec(`
		INSERT INTO ignored_origin (site_id, origin, created_at, created_by)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (site_id, origin) DO NOTHING`,
		site, o.Origin, moment(o.At), o.By)
}

// DeleteIgnoredOrigin takes an origin back into the inbox.
func (t tx) DeleteIgnoredOrigin(site int64, origin string) error {
	return t.execOne(`DELETE FROM ignored_origin WHERE site_id = $1 AND origin = $2`, site, origin)
}
