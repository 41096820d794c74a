package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/crossgate/crossgate/internal/control"
)

// A tx is one transaction; its context is that of the call that it lives in.
type tx struct {
	ctx context.Context
	sql *sql.Tx
}

var _ control.Writer = tx{}

// View reads one state of the records. See [control.Store].
func (db *DB) View(ctx context.Context, read func(control.Reader) error) error {
	return db.transact(ctx, db.readers, func(t tx) error { return read(t) })
}

// Update reads and writes, alone. See [control.Store].
func (db *DB) Update(ctx context.Context, write func(control.Writer) error) error {
	return db.transact(ctx, db.writer, func(t tx) error { return write(t) })
}

// Tally writes what makes no revision. In a file there is one writer at a time anyway.
func (db *DB) Tally(ctx context.Context, write func(control.Writer) error) error {
	return db.Update(ctx, write)
}

func (db *DB) transact(ctx context.Context, on *sql.DB, do func(tx) error) error {
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

// same makes sure that these are still the records that were opened, and not new
// ones that another process made in an emptied file.
func (db *DB) same(t tx) error {
	var id string
	err := t.row(`SELECT store_id FROM head WHERE id = 1`).Scan(&id)
	switch {
	case isMissingTable(err):
		return fault(CodeDamaged, err, "%s has no records any more; stop crossgate and put a backup in its place", db.path)
	case err == nil && id != db.id:
		return db.replaced()
	}
	return found(err)
}

func (t tx) row(query string, args ...any) *sql.Row {
	return t.sql.QueryRowContext(t.ctx, query, args...)
}

func (t tx) exec(query string, args ...any) error {
	_, err := t.sql.ExecContext(t.ctx, query, args...)
	return err
}

// execOne is exec for a statement that is to change one row.
func (t tx) execOne(query string, args ...any) error {
	result, err := t.sql.ExecContext(t.ctx, query, args...)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		return control.ErrNoRecord
	}
	return err
}

// scanner is a row, or the current one of several.
type scanner interface{ Scan(into ...any) error }

// collect reads all rows of a query.
func collect[T any](t tx, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := t.sql.QueryContext(t.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err()
}

// visitRows visits all rows of a query. An error of visit ends it and is returned.
func visitRows(t tx, visit func(scanner) error, query string, args ...any) error {
	rows, err := t.sql.QueryContext(t.ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := visit(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// found names a missing row as control does.
func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return control.ErrNoRecord
	}
	return err
}
