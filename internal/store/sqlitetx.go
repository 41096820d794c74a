package store

import (
	"context"
	"fmt"

	"github.com/crossgate/crossgate/internal/control"
)

func (db *sqliteFile) transact(ctx context.Context, k kind, do func(tx) error) error {
	on := db.writer
	switch k {
	case reading:
		on = db.readers
	case following:
		on = db.follows
	}
	if err := db.intact(); err != nil {
		return err
	}
	t, err := on.BeginTx(ctx, nil)
	if err != nil {
		return explain(db.path, fmt.Errorf("beginning a transaction: %w", err))
	}
	defer t.Rollback()
	in := tx{ctx, t}
	if err := db.same(in); err != nil {
		return explain(db.path, err)
	}
	if err := do(in); err != nil {
		return explain(db.path, err)
	}
	if err := t.Commit(); err != nil {
		return explain(db.path, fmt.Errorf("committing: %w", err))
	}
	return nil
}

// head reads the head in a transaction: in a file that costs nothing to speak of.
func (db *sqliteFile) head(ctx context.Context) (h control.Head, err error) {
	err = db.transact(ctx, following, func(t tx) (err error) {
		h, err = t.Head()
		return err
	})
	return h, err
}

// same makes sure that these are still the records that were opened, not new ones that
// another process made in an emptied file, and that this program still knows enough of
// them.
func (db *sqliteFile) same(t tx) error {
	var id string
	var oldest int
	err := t.row(`SELECT h.store_id, s.oldest FROM head h, crossgate_schema s WHERE h.id = 1 AND s.id = 1`).Scan(&id, &oldest)
	switch {
	case isMissingTable(err):
		return fault(CodeDamaged, err, "%s has no records any more; stop crossgate and put a backup in its place", db.path)
	case err == nil && id != db.id:
		return db.replaced()
	case err == nil:
		return db.knows(oldest)
	}
	return found(err)
}
