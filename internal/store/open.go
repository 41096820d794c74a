package store

import (
	"context"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// Config is how a database is opened. The zero Config is a good one.
type Config struct {
	Readers int           // connections that read at once; 0: DefaultReaders
	Wait    time.Duration // for another's lock; 0: DefaultWait
}

// The defaults of [Config].
const (
	DefaultReaders = 4
	DefaultWait    = 10 * time.Second
)

// DB is the records in a database. It is safe for use by several goroutines, and
// other processes may use the same database.
type DB struct{ backend }

var (
	_ control.Store   = (*DB)(nil)
	_ control.Watcher = (*DB)(nil)
)

// A backend is a kind of database.
type backend interface {
	// transact runs do in one transaction.
	transact(ctx context.Context, k kind, do func(tx) error) error
	// head reads the head as cheaply as can be.
	head(ctx context.Context) (control.Head, error)
	// connect makes sure that the records can be had now, and are up to date.
	connect(ctx context.Context) error
	created() bool // whether connect made the records
	name() string  // for people, without secrets
	backup(ctx context.Context, file string) error
	watch(ctx context.Context, changed func()) error
	close() error
}

// followers is how many connections there are for those who follow the head: one asks,
// another one reads.
const followers = 2

// A kind of transaction.
type kind int

const (
	reading   kind = iota // sees one state
	following             // the same, on connections of its own
	writing               // reads and writes, alone
	tallying              // writes what makes no revision, beside a writer
)

// Open opens a database: a file of SQLite, which is made or migrated first where that
// is needed, or the postgres:// address of a PostgreSQL database. The latter is looked
// for when it is first used, and again when it is used after that has failed: a server
// can start while its database is away. The errors that a person can do something
// about are [control.Error]; none holds a password.
func Open(ctx context.Context, dsn string, cfg Config) (*DB, error) {
	if cfg.Readers <= 0 {
		cfg.Readers = DefaultReaders
	}
	if cfg.Wait <= 0 {
		cfg.Wait = DefaultWait
	}
	scheme, _, isURL := strings.Cut(dsn, "://")
	var b backend
	var err error
	switch {
	case dsn == "":
		err = fault(CodeUnsupported, nil, "a database is missing; give one with --database, for example crossgate.db")
	case isURL && (scheme == "postgres" || scheme == "postgresql"):
		b, err = openServer(dsn, cfg, knownToServer())
	case isURL:
		err = fault(CodeUnsupported, nil, "a database of the kind %s:// is not known; give a file name, for example --database crossgate.db, or a postgres:// address", scheme)
	default:
		b, err = openFile(ctx, dsn, cfg, knownToFile())
	}
	if err != nil {
		return nil, err
	}
	return &DB{b}, nil
}

// Head reads where the records are. See [control.Store].
func (db *DB) Head(ctx context.Context) (control.Head, error) { return db.head(ctx) }

// Follow reads one state of the records, and waits for no other reader. See [control.Store].
func (db *DB) Follow(ctx context.Context, read func(control.Reader) error) error {
	return db.transact(ctx, following, func(t tx) error { return read(t) })
}

// View reads one state of the records. See [control.Store].
func (db *DB) View(ctx context.Context, read func(control.Reader) error) error {
	return db.transact(ctx, reading, func(t tx) error { return read(t) })
}

// Update reads and writes, alone. See [control.Store].
func (db *DB) Update(ctx context.Context, write func(control.Writer) error) error {
	return db.transact(ctx, writing, func(t tx) error { return write(t) })
}

// Tally writes what makes no revision. In a file there is one writer at a time anyway;
// in PostgreSQL it runs beside one. See [control.Store].
func (db *DB) Tally(ctx context.Context, write func(control.Writer) error) error {
	return db.transact(ctx, tallying, func(t tx) error { return write(t) })
}

// Connect makes sure that the records can be had now: PostgreSQL's are looked for, and
// made or migrated where that is needed. It is for those who would rather know before
// they begin; others connect by themselves.
func (db *DB) Connect(ctx context.Context) error { return db.connect(ctx) }

// Created reports whether the records were made by this DB, because there were none:
// worth telling a person who expected to find some.
func (db *DB) Created() bool { return db.created() }

// Path returns where the records are, for people: the absolute path of the file, or
// the server's address, without a password.
func (db *DB) Path() string { return db.name() }

// String is Path: printing a DB gives no secret away.
func (db *DB) String() string { return db.name() }

// Watch calls changed when the head may have moved, until ctx ends: at once when it
// begins to hear of that, again whenever it has heard nothing for a while because the
// connection was lost, and for each change or several together. It is a hint: what is
// lost on the way is found by polling. A file tells nobody of its changes. The error is
// that of ctx.
func (db *DB) Watch(ctx context.Context, changed func()) error { return db.watch(ctx, changed) }

// Backup writes a copy of the records, as they are at one moment, to a new file that
// only its owner can read. The server may run on meanwhile. A file that exists is
// never overwritten, and one that is there is whole. PostgreSQL has a tool of its own
// for that, which the error names.
func (db *DB) Backup(ctx context.Context, file string) error { return db.backup(ctx, file) }

// Close ends all connections.
func (db *DB) Close() error { return db.close() }
