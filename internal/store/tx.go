package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/crossgate/crossgate/internal/control"
)

// A tx is one transaction; its context is that of the call that it lives in.
type tx struct {
	ctx context.Context
	sql *sql.Tx
}

var _ control.Writer = tx{}

func (t tx) row(query string, args ...any) *sql.Row {
	return t.sql.QueryRowContext(t.ctx, query, bound(args)...)
}

func (t tx) exec(query string, args ...any) error {
	_, err := t.sql.ExecContext(t.ctx, query, bound(args)...)
	return err
}

// execOne is exec for a statement that is to change one row.
func (t tx) execOne(query string, args ...any) error {
	result, err := t.sql.ExecContext(t.ctx, query, bound(args)...)
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
	rows, err := t.sql.QueryContext(t.ctx, query, bound(args)...)
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
	rows, err := t.sql.QueryContext(t.ctx, query, bound(args)...)
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
