package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// applicationID marks the file as Crossgate's in its header ("CGAT").
const applicationID = 0x43474154

// migrate brings the file to this program's schema. The writer's transaction is
// the lock: another process waits for it and then finds the work done.
func (db *sqliteFile) migrate(ctx context.Context) error {
	version, err := db.look(ctx)
	if err != nil {
		return err
	}
	if err := db.writeAhead(ctx); err != nil {
		return err
	}
	if version >= len(db.known) {
		return nil
	}
	if err := db.applyMigrations(ctx); err != nil {
		return err
	}
	// From here on an empty file is one that was emptied.
	_, err = db.writer.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

// writeAhead switches the file to the write-ahead log, which it then stays in. A
// backup is not in it.
func (db *sqliteFile) writeAhead(ctx context.Context) error {
	var mode string
	if err := db.writer.QueryRowContext(ctx, `PRAGMA journal_mode = WAL`).Scan(&mode); err != nil {
		return fmt.Errorf("switching to the write-ahead log: %w", err)
	}
	if mode != "wal" {
		return fault(CodeUnsupported, nil, "the file system of %s cannot share memory between processes, as network shares cannot; put the database on a local disk", db.path)
	}
	return nil
}

func (db *sqliteFile) applyMigrations(ctx context.Context) error {
	tx, err := db.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("locking the database: %w", err)
	}
	defer tx.Rollback()
	version, err := db.identify(ctx, tx)
	if err != nil {
		return err
	}
	if version >= len(db.known) {
		return nil // another process was quicker, and may know more
	}
	for _, m := range db.known[version:] {
		if _, err := tx.ExecContext(ctx, m.text); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
	}
	mark := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d; UPDATE crossgate_schema SET version = %d",
		applicationID, len(db.known), len(db.known))
	if _, err := tx.ExecContext(ctx, mark); err != nil {
		return fmt.Errorf("marking the schema: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	db.made = version == 0
	return nil
}

// look identifies the file before anything is written to it. It reads in one
// transaction, because another process may be making the schema meanwhile.
func (db *sqliteFile) look(ctx context.Context) (version int, err error) {
	tx, err := db.readers.BeginTx(ctx, nil)
	if err != nil {
		return 0, fmt.Errorf("looking at the file: %w", err)
	}
	defer tx.Rollback()
	return db.identify(ctx, tx)
}

// identify returns the version of the schema, 0 for an empty file. It refuses
// what is not Crossgate's, and what a later Crossgate made.
func (db *sqliteFile) identify(ctx context.Context, from *sql.Tx) (version int, err error) {
	var application, tables int
	err = errors.Join(
		from.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&application),
		from.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version),
		from.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables),
	)
	switch {
	case err != nil:
		return 0, fmt.Errorf("looking at the file: %w", err)
	case application == 0 && version == 0 && tables == 0:
		return 0, nil
	case application != applicationID:
		return 0, fault(CodeNotADatabase, nil, "%s is a database of another program; give another file with --database", db.path)
	case version > len(db.known):
		return version, db.compatible(ctx, from)
	case version < 1:
		return 0, fault(CodeDamaged, nil, "%s is damaged: it has no schema; put a backup in its place", db.path)
	}
	return version, nil
}

// compatible refuses a schema that a newer program made where this one knows too little
// of it.
func (db *sqliteFile) compatible(ctx context.Context, from *sql.Tx) error {
	var oldest int
	err := from.QueryRowContext(ctx, `SELECT oldest FROM crossgate_schema WHERE id = 1`).Scan(&oldest)
	if err != nil {
		return fmt.Errorf("looking at the schema: %w", err)
	}
	return db.knows(oldest)
}

// knows refuses records of which this program knows too little.
func (db *sqliteFile) knows(oldest int) error {
	if oldest <= len(db.known) {
		return nil
	}
	return fault(CodeNewer, nil, "%s was made by a newer crossgate (one has to know schema %d, this one knows %d); use that one", db.path, oldest, len(db.known))
}
