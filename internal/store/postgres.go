package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// MaxConnections is how many connections one process has to a PostgreSQL server at
// most. One more listens, where [DB.Watch] runs.
const MaxConnections = followers + DefaultReaders + pgWriters + pgTalliers

const (
	pgWriters  = 1 // updates are alone: those of this process wait for each other here
	pgTalliers = 1
	pgIdle     = time.Minute      // after which a connection that nobody uses is closed
	pgAge      = 30 * time.Minute // after which a connection makes way for a new one

	// maxTransaction is the longest that a transaction may take, whatever its caller
	// would wait for: reading a million entries takes seconds.
	maxTransaction = 2 * time.Minute
)

// A pgServer is the records in a PostgreSQL database. Nothing is asked of the server
// before it is needed.
type pgServer struct {
	config  *pgx.ConnConfig
	wait    time.Duration
	known   []migration
	follows *sql.DB
	views   *sql.DB
	updates *sql.DB
	tallies *sql.DB
	idle    atomic.Int64 // generation of the connections that may be used again
	life    context.Context
	end     context.CancelFunc

	lock    sync.Mutex
	opening *attempt // nil: none is under way
	opened  atomic.Pointer[identity]
	made    atomic.Bool
}

// An identity says which records were opened.
type identity struct{ store string }

// openServer checks the address of a database and reaches for nothing.
func openServer(dsn string, cfg Config, known []migration) (*pgServer, error) {
	config, err := parseServer(dsn, cfg.Wait)
	if err != nil {
		return nil, err
	}
	db := &pgServer{config: config, wait: cfg.Wait, known: known}
	db.life, db.end = context.WithCancel(context.Background())
	db.follows = db.pool(followers)
	db.views, db.updates, db.tallies = db.pool(cfg.Readers), db.pool(pgWriters), db.pool(pgTalliers)
	return db, nil
}

// pool makes a pool of connections, none of which is opened yet.
func (db *pgServer) pool(most int) *sql.DB {
	// A connection that was lost shows when a transaction begins, which is then begun
	// again: asking beforehand would double the questions.
	noPing := stdlib.OptionShouldPing(func(context.Context, stdlib.ShouldPingParams) bool { return false })
	pool := sql.OpenDB(stdlib.GetConnector(*db.config,
		noPing, stdlib.OptionAfterConnect(db.stamp), stdlib.OptionResetSession(db.fresh)))
	pool.SetMaxOpenConns(most)
	pool.SetMaxIdleConns(most)
	pool.SetConnMaxIdleTime(pgIdle)
	pool.SetConnMaxLifetime(pgAge)
	return pool
}

func (db *pgServer) created() bool { return db.made.Load() }

func (db *pgServer) name() string { return where(db.config) }

func (db *pgServer) close() error {
	db.end()
	return errors.Join(db.follows.Close(), db.views.Close(), db.updates.Close(), db.tallies.Close())
}

// backup names the tool that does it.
func (db *pgServer) backup(_ context.Context, file string) error {
	return fault(CodeBackup, nil, "PostgreSQL's records are copied by its own tool, while Crossgate runs: pg_dump --format=custom --file=%s '%s'",
		file, toolURL(db.config))
}
