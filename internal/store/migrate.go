package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// applicationID marks the file as Crossgate's in its header ("CGAT").
const applicationID = 0x43474154

//go:embed migrations/*.sql
var migrationFiles embed.FS

// A migration takes the schema from the version before to its own.
type migration struct {
	version int
	name    string
	text    string
}

// migrations returns all of them in order, numbered from 1 without a gap.
func migrations() ([]migration, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	list := make([]migration, len(names))
	for i, name := range names {
		base := strings.TrimPrefix(name, "migrations/")
		number, _, _ := strings.Cut(base, "_")
		version, err := strconv.Atoi(number)
		if err != nil || version != i+1 {
			return nil, fmt.Errorf("migration %s is not number %d", base, i+1)
		}
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		list[i] = migration{version, base, string(text)}
	}
	return list, nil
}

// migrate brings the file to this program's schema. The writer's transaction is
// the lock: another process waits for it and then finds the work done.
func (db *DB) migrate(ctx context.Context) error {
	all, err := migrations()
	if err != nil {
		return err
	}
	version, err := db.look(ctx)
	if err != nil {
		return err
	}
	if err := db.writeAhead(ctx); err != nil {
		return err
	}
	if version == len(all) {
		return nil
	}
	if err := db.applyMigrations(ctx, all); err != nil {
		return err
	}
	// From here on an empty file is one that was emptied.
	_, err = db.writer.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

// writeAhead switches the file to the write-ahead log, which it then stays in. A
// backup is not in it.
func (db *DB) writeAhead(ctx context.Context) error {
	var mode string
	if err := db.writer.QueryRowContext(ctx, `PRAGMA journal_mode = WAL`).Scan(&mode); err != nil {
		return fmt.Errorf("switching to the write-ahead log: %w", err)
	}
	if mode != "wal" {
		return fault(CodeUnsupported, nil, "the file system of %s cannot share memory between processes, as network shares cannot; put the database on a local disk", db.path)
	}
	return nil
}

func (db *DB) applyMigrations(ctx context.Context, all []migration) error {
	tx, err := db.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("locking the database: %w", err)
	}
	defer tx.Rollback()
	version, err := db.identify(ctx, tx)
	if err != nil {
		return err
	}
	for _, m := range all[version:] {
		if _, err := tx.ExecContext(ctx, m.text); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
	}
	mark := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, len(all))
	if _, err := tx.ExecContext(ctx, mark); err != nil {
		return fmt.Errorf("marking the schema: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	db.created = version == 0
	return nil
}

// look identifies the file before anything is written to it. It reads in one
// transaction, because another process may be making the schema meanwhile.
func (db *DB) look(ctx context.Context) (version int, err error) {
	tx, err := db.readers.BeginTx(ctx, nil)
	if err != nil {
		return 0, fmt.Errorf("looking at the file: %w", err)
	}
	defer tx.Rollback()
	return db.identify(ctx, tx)
}

// identify returns the version of the schema, 0 for an empty file. It refuses
// what is not Crossgate's, and what a later Crossgate made.
func (db *DB) identify(ctx context.Context, from *sql.Tx) (version int, err error) {
	var application, tables int
	err = errors.Join(
		from.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&application),
		from.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version),
		from.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables),
	)
	switch latest := db.latest(); {
	case err != nil:
		return 0, fmt.Errorf("looking at the file: %w", err)
	case application == 0 && version == 0 && tables == 0:
		return 0, nil
	case application != applicationID:
		return 0, fault(CodeNotADatabase, nil, "%s is a database of another program; give another file with --database", db.path)
	case version > latest:
		return 0, fault(CodeNewer, nil, "%s was made by a newer crossgate (its schema is %d, this one knows %d); use that one", db.path, version, latest)
	case version < 1:
		return 0, fault(CodeDamaged, nil, "%s is damaged: it has no schema; put a backup in its place", db.path)
	}
	return version, nil
}

// latest is the version of this program's schema.
func (db *DB) latest() int {
	all, err := migrations()
	if err != nil {
		return 0
	}
	return len(all)
}
