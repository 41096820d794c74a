package store

import "context"

// SettingOf asks one of the connections to PostgreSQL for a setting.
func SettingOf(ctx context.Context, db *DB, name string) (value string, err error) {
	err = db.transact(ctx, writing, func(t tx) error {
		return t.row(`SELECT current_setting($1)`, name).Scan(&value)
	})
	return value, err
}
