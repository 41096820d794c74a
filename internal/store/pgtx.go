package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/crossgate/crossgate/internal/control"
)

const (
	maxRetries = 5                     // of a transaction that lost to another one
	retryPause = 10 * time.Millisecond // before the first of them, twice that before the next, and so on
)

// transact runs a transaction, and runs it again where another one was in its way: then
// nothing of it was done. So do may run more than once.
func (db *pgServer) transact(ctx context.Context, k kind, do func(tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, maxTransaction)
	defer cancel()
	if err := db.connect(ctx); err != nil {
		return err
	}
	for try := 0; ; try++ {
		err := db.once(ctx, k, do)
		if err == nil {
			return nil
		}
		if try < maxRetries && lostToAnother(err) && pause(ctx, retryPause<<try) {
			continue
		}
		db.suspect(err)
		return explainServer(ctx, db.config, err)
	}
}

// once runs a transaction once.
func (db *pgServer) once(ctx context.Context, k kind, do func(tx) error) error {
	in, err := db.begin(ctx, k)
	if err != nil {
		return err
	}
	defer in.sql.Rollback()
	if err := do(in); err != nil {
		return err
	}
	if err := in.sql.Commit(); err != nil {
		return uncertain(ctx, k, err)
	}
	return nil
}

// begin begins a transaction on the records that were opened. Connections that were
// lost since they were last used show here, where nothing has been done.
func (db *pgServer) begin(ctx context.Context, k kind) (in tx, err error) {
	pool, options := db.views, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	switch k {
	case following:
		pool = db.follows
	case writing:
		pool, options = db.updates, &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	case tallying:
		pool, options = db.tallies, &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	}
	err = afresh(ctx, pool, func() error {
		in, err = db.beginOn(ctx, pool, options, k)
		return err
	})
	return in, err
}

// afresh does again what was lost with its connection, and may be done twice: with each
// connection that was idle, and then with a new one.
func afresh(ctx context.Context, pool *sql.DB, do func() error) error {
	for tries := pool.Stats().MaxOpenConnections; ; tries-- {
		err := do()
		if _, isNew := errors.AsType[*pgconn.ConnectError](err); err == nil || tries == 0 || isNew || !lost(err) || ctx.Err() != nil {
			return err
		}
	}
}

// head reads the head in one statement, which every node asks several times a second.
func (db *pgServer) head(ctx context.Context) (h control.Head, err error) {
	ctx, cancel := context.WithTimeout(ctx, maxTransaction)
	defer cancel()
	if err := db.connect(ctx); err != nil {
		return h, err
	}
	err = afresh(ctx, db.follows, func() error {
		var store string
		var oldest int
		err := db.follows.QueryRowContext(ctx, `
			SELECT h.store_id, s.oldest, h.revision, h.change_id
			FROM head h, crossgate_schema s WHERE h.id = 1 AND s.id = 1`).
			Scan(&store, &oldest, &h.Revision, &h.ChangeID)
		return db.still(store, oldest, err)
	})
	return h, explainServer(ctx, db.config, err)
}

func (db *pgServer) beginOn(ctx context.Context, pool *sql.DB, options *sql.TxOptions, k kind) (tx, error) {
	t, err := pool.BeginTx(ctx, options)
	if err != nil {
		return tx{}, fmt.Errorf("beginning a transaction: %w", err)
	}
	in := tx{ctx, t}
	if err := db.same(in, k); err != nil {
		t.Rollback()
		return tx{}, err
	}
	return in, nil
}

// same makes sure that these are still the records that were opened, and that this
// program knows enough of them. A writer takes its turn here: it locks the head.
func (db *pgServer) same(t tx, k kind) error {
	statement := `SELECT h.store_id, s.oldest FROM head h, crossgate_schema s WHERE h.id = 1 AND s.id = 1`
	if k == writing {
		statement += ` FOR UPDATE OF h`
	}
	var store string
	var oldest int
	err := t.row(statement).Scan(&store, &oldest)
	return db.still(store, oldest, err)
}

// still judges what was read of the records, or why it was not.
func (db *pgServer) still(store string, oldest int, err error) error {
	switch {
	case isMissing(err):
		return fault(CodeDamaged, err, "%s has no records any more; stop crossgate and restore a backup with pg_restore", where(db.config))
	case err != nil:
		return err
	case store != db.opened.Load().store:
		return fault(CodeReplaced, nil, "%s is not the database that was opened: another one was put in its place; start crossgate again to use that one", where(db.config))
	case oldest > len(db.known):
		return db.tooNew(oldest)
	}
	return nil
}

// suspect lets go of the connections of a server that is not what it was: after a
// failover one that went on as a standby would refuse every change.
func (db *pgServer) suspect(err error) {
	if bad, ok := errors.AsType[*pgconn.PgError](err); ok && bad.Code == codeReadOnlyTransaction {
		db.idle.Add(1)
	}
}

// generation is the key of what stamp leaves on a connection.
const generation = "crossgate-generation"

// stamp remembers when a connection was made.
func (db *pgServer) stamp(_ context.Context, conn *pgx.Conn) error {
	conn.PgConn().CustomData()[generation] = db.idle.Load()
	return nil
}

// fresh refuses to use a connection again that was made before the server changed.
func (db *pgServer) fresh(_ context.Context, conn *pgx.Conn) error {
	if conn.PgConn().CustomData()[generation] != db.idle.Load() {
		return driver.ErrBadConn
	}
	return nil
}

// uncertain is the error of a commit: where it was lost on the way, nobody knows here
// whether it was done.
func uncertain(ctx context.Context, k kind, err error) error {
	err = fmt.Errorf("committing: %w", err)
	if k == reading || errors.Is(err, sql.ErrTxDone) || !lost(err) && ctx.Err() == nil {
		return err
	}
	return fault(CodeUncertain, err, "the connection to PostgreSQL was lost while a change was being saved, so it may or may not be saved; look before you try again")
}

// pause waits for about as long, and reports whether there is still time.
func pause(ctx context.Context, about time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(about/2 + rand.N(about)):
		return true
	}
}
