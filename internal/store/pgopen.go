package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// migrationLock is the key of the advisory lock that migrations are made under
// ("CGAT").
const migrationLock = 0x43474154

// An attempt is one try to have the records, which all who need them wait for.
type attempt struct {
	done chan struct{}
	err  error
}

// connect returns when the records are opened. The first call opens them, and the
// first after one that failed: together, for whoever calls meanwhile.
func (db *pgServer) connect(ctx context.Context) error {
	if db.opened.Load() != nil {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	db.lock.Lock()
	a := db.opening
	if a == nil {
		a = &attempt{done: make(chan struct{})}
		db.opening = a
		go db.attempt(a)
	}
	db.lock.Unlock()
	select {
	case <-a.done:
		return a.err
	case <-ctx.Done():
		return explainServer(ctx, db.config, ctx.Err())
	}
}

// attempt opens the records, in nobody's context: a caller who gives up takes nothing
// from the others.
func (db *pgServer) attempt(a *attempt) {
	ctx, cancel := context.WithTimeout(db.life, maxTransaction)
	defer cancel()
	a.err = explainServer(ctx, db.config, db.open(ctx))
	db.lock.Lock()
	db.opening = nil
	db.lock.Unlock()
	close(a.done)
}

// open makes or migrates the records where that is needed, and remembers which they are.
func (db *pgServer) open(ctx context.Context) error {
	if db.opened.Load() != nil {
		return nil // by the attempt before, which a caller has just missed
	}
	version, err := db.look(ctx)
	if err != nil {
		return err
	}
	if version < len(db.known) {
		if err := db.migrate(ctx); err != nil {
			return err
		}
	}
	var id identity
	err = db.updates.QueryRowContext(ctx, `SELECT store_id FROM head WHERE id = 1`).Scan(&id.store)
	if err != nil {
		return fmt.Errorf("reading the head: %w", err)
	}
	db.opened.Store(&id)
	return nil
}

// look identifies the records before anything is written.
func (db *pgServer) look(ctx context.Context) (version int, err error) {
	t, err := db.updates.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return 0, fmt.Errorf("looking at the database: %w", err)
	}
	defer t.Rollback()
	return db.identify(tx{ctx, t})
}

// migrate brings the records to this program's schema, in one transaction and under a
// lock: another process waits for it, and then finds the work done.
func (db *pgServer) migrate(ctx context.Context) error {
	t, err := db.updates.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("beginning to migrate: %w", err)
	}
	defer t.Rollback()
	in := tx{ctx, t}
	if err := lockSchema(in); err != nil {
		return fmt.Errorf("locking the schema: %w", err)
	}
	version, err := db.identify(in)
	if err != nil || version >= len(db.known) {
		return err
	}
	for _, m := range db.known[version:] {
		if _, err := t.ExecContext(ctx, m.text); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
	}
	if err := makeTriggers(in); err != nil {
		return fmt.Errorf("making triggers: %w", err)
	}
	if err := in.execOne(`UPDATE crossgate_schema SET version = $1 WHERE id = 1`, len(db.known)); err != nil {
		return fmt.Errorf("marking the schema: %w", err)
	}
	if err := t.Commit(); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	db.made.Store(version == 0)
	return nil
}

// lockSchema takes the lock, on a server that has such locks. On others those who
// migrate at once get in each other's way, and all but one try again.
func lockSchema(t tx) error {
	var has bool
	err := t.row(`SELECT EXISTS (SELECT 1 FROM pg_proc WHERE proname = 'pg_advisory_xact_lock')`).Scan(&has)
	if err != nil || !has {
		return err
	}
	return t.exec(`SELECT pg_advisory_xact_lock($1)`, migrationLock)
}

// makeTriggers makes the triggers, where the server has triggers and what they call.
func makeTriggers(t tx) error {
	if err := t.exec(`SAVEPOINT triggers`); err != nil {
		return err
	}
	_, err := t.sql.ExecContext(t.ctx, serverTriggers())
	if isUnsupported(err) {
		return t.exec(`ROLLBACK TO SAVEPOINT triggers`)
	}
	return err
}

// identify returns the version of the schema, 0 for an empty database. It refuses what
// is not Crossgate's, and what this program knows too little of.
func (db *pgServer) identify(t tx) (version int, err error) {
	var schema sql.NullString
	var tables, ours int
	err = t.row(`
		SELECT current_schema(),
			(SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()),
			(SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'crossgate_schema')`).
		Scan(&schema, &tables, &ours)
	switch {
	case err != nil:
		return 0, fmt.Errorf("looking at the database: %w", err)
	case !schema.Valid:
		return 0, fault(CodeRights, nil, "%s has no schema that %s may use; make it with CREATE SCHEMA, or leave search_path out of the address", where(db.config), db.config.User)
	case tables == 0:
		return 0, nil
	case ours == 0:
		return 0, fault(CodeNotADatabase, nil, "%s has tables of another program; give a database of its own, made with CREATE DATABASE crossgate", where(db.config))
	}
	var oldest int
	err = t.row(`SELECT version, oldest FROM crossgate_schema WHERE id = 1`).Scan(&version, &oldest)
	switch {
	case errors.Is(err, sql.ErrNoRows) || err == nil && version < 1:
		return 0, fault(CodeDamaged, err, "%s is damaged: it does not say which schema it has; restore a backup with pg_restore", where(db.config))
	case err != nil:
		return 0, fmt.Errorf("reading the schema's version: %w", err)
	case oldest > len(db.known):
		return 0, db.tooNew(oldest)
	}
	return version, nil
}

func (db *pgServer) tooNew(oldest int) error {
	return fault(CodeNewer, nil, "%s is used by a newer crossgate (one has to know schema %d, this one knows %d); use that one", where(db.config), oldest, len(db.known))
}
