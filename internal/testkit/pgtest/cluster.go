//go:build unix

package pgtest

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// The roles of every cluster. Tests are to use the owner, who is no superuser.
const (
	superuser = "postgres"
	owner     = "crossgate"
)

// patience is how long a server may take to start, to stop or to be promoted. It is
// generous: on a busy machine a test is to wait, not to fail.
const patience = 60 * time.Second

// A Cluster is a PostgreSQL server with its folder. Its methods are for one goroutine
// at a time, but for those that return an address.
type Cluster struct {
	t        testing.TB
	folder   string // of everything below
	data     string
	port     int
	password string
	settings []string
	tls      bool
	query    string // of addresses
	disks    []string
	account  *account // whom it runs as; nil: as the test
	server   *server  // nil while it is stopped

	names *atomic.Int64 // of databases and schemas that were given out
}

// An Option changes how a cluster is set up.
type Option func(*Cluster)

// Fast makes the cluster forget to wait for the disk: for tests of which none
// looks at what survives a crash.
func Fast() Option { return With("fsync=off", "synchronous_commit=off", "full_page_writes=off") }

// With sets settings of postgresql.conf, each as name=value.
func With(settings ...string) Option {
	return func(c *Cluster) { c.settings = append(c.settings, settings...) }
}

// Start makes a cluster and starts it. It ends with the test.
func Start(t testing.TB, options ...Option) *Cluster {
	t.Helper()
	c := newCluster(t, options...)
	c.password = rand.Text()
	secret := filepath.Join(c.folder, "password")
	c.write(secret, c.password+"\n")
	c.run("initdb", "--no-sync", "--pgdata="+c.data, "--username="+superuser, "--pwfile="+secret,
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions")
	c.append("pg_hba.conf", "host replication all 127.0.0.1/32 scram-sha-256\n")
	c.configure()
	mode := "disable"
	if c.tls {
		c.makeCertificate()
		mode = "require"
	}
	c.query = "sslmode=" + mode
	c.Start()
	c.SQL("postgres", "CREATE ROLE "+owner+" LOGIN PASSWORD '"+c.password+"'")
	return c
}

// newCluster makes the folder of a cluster, and has it taken away with the test.
func newCluster(t testing.TB, options ...Option) *Cluster {
	t.Helper()
	folder, err := os.MkdirTemp("", "pgtest") // short: a socket's path may have about 100 bytes
	if err != nil {
		t.Fatal(err)
	}
	c := &Cluster{t: t, folder: folder, data: filepath.Join(folder, "data"), port: freePort(t), account: unprivileged(t), names: new(atomic.Int64)}
	for _, option := range options {
		option(c)
	}
	if err := c.account.own(folder); err != nil {
		t.Fatal(err)
	}
	guard, err := startGuard(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if c.server != nil {
			c.server.end()
			_ = os.Remove(c.pidFile())
		}
		c.tellLog()
		c.unmount()
		guard.end()
	})
	return c
}

// configure writes the settings that every cluster has, and its own.
func (c *Cluster) configure() {
	settings := append([]string{
		"listen_addresses='127.0.0.1'",
		"port=" + strconv.Itoa(c.port),
		"unix_socket_directories='" + c.folder + "'",
		"shared_buffers=16MB",
		"min_wal_size=32MB",
		"max_connections=60",
		"wal_level=replica",
		"max_wal_senders=4",
		"wal_sender_timeout=5s",
		"logging_collector=off",
		"log_line_prefix='%m [%p] %q%u@%d '",
		"restart_after_crash=on",
		"timezone='UTC'",
	}, c.settings...)
	c.append("postgresql.conf", strings.Join(settings, "\n")+"\n")
}

// Set changes a setting of postgresql.conf from the next start on.
func (c *Cluster) Set(settings ...string) {
	c.append("postgresql.conf", strings.Join(settings, "\n")+"\n")
}

// Port returns the port on 127.0.0.1, the same for as long as the cluster lives.
func (c *Cluster) Port() int { return c.port }

// Address returns host and port.
func (c *Cluster) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)) }

// URL returns the address of a database for its owner, who is no superuser.
func (c *Cluster) URL(database string) string { return c.url(owner, database) }

// AdminURL returns the address of a database for the superuser.
func (c *Cluster) AdminURL(database string) string { return c.url(superuser, database) }

// Password returns the password of both roles.
func (c *Cluster) Password() string { return c.password }

func (c *Cluster) url(user, database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(user, c.password),
		Host: c.Address(), Path: "/" + database, RawQuery: c.query,
	}
	return u.String()
}

// NewDatabase makes an empty database, and returns its address for its owner. It goes
// with the cluster.
func (c *Cluster) NewDatabase(t testing.TB) string {
	t.Helper()
	name := c.newName()
	if err := c.exec("postgres", "CREATE DATABASE "+name+" OWNER "+owner); err != nil {
		t.Fatal(err)
	}
	return c.URL(name)
}

// newName is a name that was not given before.
func (c *Cluster) newName() string {
	return "test" + strconv.FormatInt(c.names.Add(1), 10)
}

// NewSchema makes an empty schema in a database, and returns an address that leads
// there: as good as a database of its own for most tests, and quicker to make.
func (c *Cluster) NewSchema(t testing.TB, database string) string {
	t.Helper()
	name := c.newName()
	if err := c.exec(database, "CREATE SCHEMA "+name+" AUTHORIZATION "+owner); err != nil {
		t.Fatal(err)
	}
	return c.URL(database) + "&search_path=" + name
}

// SQL executes statements as the superuser, outside of a transaction.
func (c *Cluster) SQL(database string, statements ...string) {
	c.t.Helper()
	for _, statement := range statements {
		if err := c.exec(database, statement); err != nil {
			c.t.Fatalf("%s: %v", statement, err)
		}
	}
}

// Ask returns the one value, as text, that a query of the superuser gives.
func (c *Cluster) Ask(database, query string) string {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.AdminURL(database))
	if err != nil {
		c.t.Fatal(err)
	}
	defer conn.Close(ctx)
	var value string
	if err := conn.QueryRow(ctx, "SELECT ("+query+")::text").Scan(&value); err != nil {
		c.t.Fatalf("%s: %v", query, err)
	}
	return value
}

func (c *Cluster) exec(database, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.AdminURL(database))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

// write makes a file that the cluster alone may read.
func (c *Cluster) write(file, text string) {
	c.t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
	if err := c.account.own(file); err != nil {
		c.t.Fatal(err)
	}
}

// append adds to a file in the data folder.
func (c *Cluster) append(name, text string) {
	c.t.Helper()
	f, err := os.OpenFile(filepath.Join(c.data, name), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		c.t.Fatal(err)
	}
}

// tellLog shows the end of the server's log where the test has failed.
func (c *Cluster) tellLog() {
	const most = 4 << 10
	if !c.t.Failed() {
		return
	}
	text, err := os.ReadFile(c.logFile())
	if err != nil {
		return
	}
	c.t.Logf("the end of PostgreSQL's log:\n%s", text[max(0, len(text)-most):])
}

func (c *Cluster) logFile() string { return filepath.Join(c.folder, "log") }

// pidFile holds the postmaster's process id while it runs.
func (c *Cluster) pidFile() string { return filepath.Join(c.folder, "pid") }

// freePort returns a port that nobody listens on. It is below those that systems give
// away by themselves (RFC 6335 has them from 49152 on, Linux from 32768): nobody who
// connects somewhere takes it while the cluster is down.
func freePort(t testing.TB) int {
	t.Helper()
	const lowest, highest, tries = 15_000, 32_000, 100
	var err error
	for range tries {
		port := lowest + mathrand.IntN(highest-lowest)
		var l net.Listener
		if l, err = net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
			_ = l.Close() // nothing was sent
			return port
		}
	}
	t.Fatal(fmt.Errorf("looking for a free port: %w", err))
	return 0
}
