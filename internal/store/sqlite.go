package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
)

// fileMode is who may read and write the database: its owner.
const fileMode fs.FileMode = 0o600

// A sqliteFile is the records in an SQLite file. Other processes may use the same one.
type sqliteFile struct {
	path    string
	id      string // store_id of what was opened
	made    bool
	file    fs.FileInfo
	known   []migration
	writer  *sql.DB // one connection, BEGIN IMMEDIATE
	follows *sql.DB
	readers *sql.DB
}

// openFile opens the database in a file, and makes or migrates it first where that is
// needed.
func openFile(ctx context.Context, name string, cfg Config, known []migration) (*sqliteFile, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return nil, fault(CodeUnreadable, err, "the current folder cannot be found; give the whole path of the database with --database")
	}
	if err := prepareFile(path); err != nil {
		return nil, err
	}
	db, err := connections(path, cfg)
	if err != nil {
		return nil, err
	}
	db.known = known
	if err := db.start(ctx, cfg.Wait); err != nil {
		db.close() // nothing was written: the first error is the one to tell
		return nil, explain(path, err)
	}
	return db, nil
}

// connect of a file that is open is done.
func (db *sqliteFile) connect(context.Context) error { return nil }

func (db *sqliteFile) created() bool { return db.made }

func (db *sqliteFile) name() string { return db.path }

func (db *sqliteFile) close() error {
	return errors.Join(db.follows.Close(), db.readers.Close(), db.writer.Close())
}

// watch hears nothing: a file tells nobody that it was written.
func (db *sqliteFile) watch(ctx context.Context, _ func()) error {
	<-ctx.Done()
	return ctx.Err()
}

// connections makes the connections, none of which is opened yet.
func connections(path string, cfg Config) (*sqliteFile, error) {
	write, err := sqlite.NewConnector(connection(path, cfg.Wait, "_txlock=immediate"))
	if err != nil {
		return nil, fmt.Errorf("connecting to %s: %w", path, err)
	}
	read, err := sqlite.NewConnector(connection(path, cfg.Wait, "_query_only=true"))
	if err != nil {
		return nil, fmt.Errorf("connecting to %s: %w", path, err)
	}
	db := &sqliteFile{path: path, writer: sql.OpenDB(write), follows: sql.OpenDB(read), readers: sql.OpenDB(read)}
	db.follows.SetMaxOpenConns(followers)
	db.follows.SetMaxIdleConns(followers)
	db.writer.SetMaxOpenConns(1)
	db.readers.SetMaxOpenConns(cfg.Readers)
	db.readers.SetMaxIdleConns(cfg.Readers)
	return db, nil
}

// connection is SQLite's URI for the file. Mode rw never makes a file: that is
// done beforehand, with the right permissions.
func connection(path string, wait time.Duration, more string) string {
	u := url.URL{Scheme: "file", Path: path}
	return u.String() + fmt.Sprintf("?mode=rw&_busy_timeout=%d&_foreign_keys=on&_synchronous=FULL"+
		"&_defensive=true&_dqs=false&_error_rc=true&_pragma=trusted_schema(OFF)&_pragma=cell_size_check(ON)&%s",
		wait.Milliseconds(), more)
}

// start makes sure that the file is ours and up to date, and remembers which one it is.
func (db *sqliteFile) start(ctx context.Context, wait time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	if err := whileBusy(ctx, func() error { return db.migrate(ctx) }); err != nil {
		return err
	}
	if err := db.writer.QueryRowContext(ctx, `SELECT store_id FROM head WHERE id = 1`).Scan(&db.id); err != nil {
		return fmt.Errorf("reading the head: %w", err)
	}
	var err error
	db.file, err = os.Stat(db.path)
	return err
}

// whileBusy tries again while another process has the file: switching to the
// write-ahead log does not wait for its turn by itself.
func whileBusy(ctx context.Context, do func() error) error {
	const pause = 20 * time.Millisecond
	for busy := error(nil); ; {
		err := do()
		if busy != nil && ctx.Err() != nil {
			return busy
		}
		if !isBusy(err) {
			return err
		}
		busy = err
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}
