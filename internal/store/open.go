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
	"strings"
	"time"

	"modernc.org/sqlite"

	"github.com/crossgate/crossgate/internal/control"
)

// Config is how a database is opened. The zero Config is a good one.
type Config struct {
	Readers int           // connections that read at once; 0: DefaultReaders
	Wait    time.Duration // for another process's lock; 0: DefaultWait
}

// The defaults of [Config].
const (
	DefaultReaders = 4
	DefaultWait    = 10 * time.Second
)

// fileMode is who may read and write the database: its owner.
const fileMode fs.FileMode = 0o600

// DB is the records in an SQLite file. It is safe for use by several goroutines,
// and other processes may use the same file.
type DB struct {
	path    string
	id      string // store_id of what was opened
	created bool
	file    fs.FileInfo
	writer  *sql.DB // one connection, BEGIN IMMEDIATE
	readers *sql.DB
}

var _ control.Store = (*DB)(nil)

// Open opens the database in a file, and makes or migrates it first where that is
// needed. The errors that a person can do something about are [control.Error].
func Open(ctx context.Context, dsn string, cfg Config) (*DB, error) {
	path, err := filePath(dsn)
	if err != nil {
		return nil, err
	}
	if cfg.Readers <= 0 {
		cfg.Readers = DefaultReaders
	}
	if cfg.Wait <= 0 {
		cfg.Wait = DefaultWait
	}
	if err := prepareFile(path); err != nil {
		return nil, err
	}
	db, err := connect(path, cfg)
	if err != nil {
		return nil, err
	}
	if err := db.start(ctx, cfg.Wait); err != nil {
		db.Close() // nothing was written: the first error is the one to tell
		return nil, explain(path, err)
	}
	return db, nil
}

// Created reports whether Open made the records, because there was no file or an
// empty one: worth telling a person who expected to find some.
func (db *DB) Created() bool { return db.created }

// Path returns the absolute path of the file.
func (db *DB) Path() string { return db.path }

// Close ends all connections.
func (db *DB) Close() error { return errors.Join(db.readers.Close(), db.writer.Close()) }

// filePath returns the absolute path that a database setting means.
func filePath(dsn string) (string, error) {
	scheme, _, isURL := strings.Cut(dsn, "://")
	switch {
	case dsn == "":
		return "", fault(CodeUnsupported, nil, "a database file is missing; give one with --database, for example crossgate.db")
	case isURL && (scheme == "postgres" || scheme == "postgresql"):
		return "", fault(CodeUnsupported, nil, "this build keeps its records in SQLite and cannot use PostgreSQL; give a file name instead, for example --database crossgate.db")
	case isURL:
		return "", fault(CodeUnsupported, nil, "a database of the kind %s:// is not known; give a file name instead, for example --database crossgate.db", scheme)
	}
	path, err := filepath.Abs(dsn)
	if err != nil {
		return "", fault(CodeUnreadable, err, "the current folder cannot be found; give the whole path of the database with --database")
	}
	return path, nil
}

// connect makes the connections, none of which is opened yet.
func connect(path string, cfg Config) (*DB, error) {
	write, err := sqlite.NewConnector(connection(path, cfg.Wait, "_txlock=immediate"))
	if err != nil {
		return nil, fmt.Errorf("connecting to %s: %w", path, err)
	}
	read, err := sqlite.NewConnector(connection(path, cfg.Wait, "_query_only=true"))
	if err != nil {
		return nil, fmt.Errorf("connecting to %s: %w", path, err)
	}
	db := &DB{path: path, writer: sql.OpenDB(write), readers: sql.OpenDB(read)}
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
func (db *DB) start(ctx context.Context, wait time.Duration) error {
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
