package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/internal/testkit/pgtest"
)

const (
	ticksPerSecond = 100 // of /proc's CPU times (proc(5)): the same on every Linux in use
	domainsOfASite = 10
)

// A rig is what pgtest takes for its test: a part of the run.
type rig struct {
	testing.TB // nil: what is not below is not called
	cleanups   []func()
	failed     bool
}

// rigFailed is what Fatal ends a part with.
type rigFailed struct{ err error }

func (r *rig) Helper()                           {}
func (r *rig) Logf(format string, args ...any)   { fmt.Fprintf(os.Stderr, format+"\n", args...) }
func (r *rig) Errorf(format string, args ...any) { r.failed = true; r.Logf(format, args...) }
func (r *rig) Failed() bool                      { return r.failed }
func (r *rig) Cleanup(do func())                 { r.cleanups = append(r.cleanups, do) }
func (r *rig) Fatalf(format string, args ...any) { r.Fatal(fmt.Sprintf(format, args...)) }
func (r *rig) Fatal(args ...any) {
	r.failed = true
	panic(rigFailed{fmt.Errorf("%s", fmt.Sprint(args...))})
}

// withRig runs a part that starts servers, and ends them.
func withRig(do func(*rig) error) (err error) {
	r := new(rig)
	defer func() {
		failed, ours := recover().(rigFailed)
		for i := len(r.cleanups) - 1; i >= 0; i-- {
			r.cleanups[i]()
		}
		if ours {
			err = failed.err
		}
	}()
	return do(r)
}

// A database is a PostgreSQL server with Crossgate's records, and what is asked of it
// behind Crossgate's back.
type database struct {
	*pgtest.Cluster
	url string
}

// newDatabase starts PostgreSQL and makes the records: so many Trusted Domains, ten to a
// site.
func newDatabase(ctx context.Context, r *rig, entries int, settings ...string) (*database, error) {
	settings = append([]string{"shared_preload_libraries=pg_stat_statements", "shared_buffers=512MB", "max_wal_size=4GB"}, settings...)
	d := &database{Cluster: pgtest.Start(r, pgtest.With(settings...))}
	d.url = d.NewDatabase(r)
	db, err := store.Open(ctx, d.url, store.Config{})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	if err := db.View(ctx, func(control.Reader) error { return nil }); err != nil { // makes the tables
		return nil, err
	}
	sites := entries / domainsOfASite
	d.SQL("test1", "CREATE EXTENSION pg_stat_statements",
		fmt.Sprintf(`INSERT INTO site (name, created_at, created_by, search, upstreams)
			SELECT 'shop-' || i, 1, 'bench', 'shop-' || i, '["http://127.0.0.1:9000"]' FROM generate_series(1, %d) i`, sites),
		`INSERT INTO site_address (address, site_id, position)
			SELECT 'https://' || name || '.example.com', id, 0 FROM site WHERE created_by = 'bench'`,
		fmt.Sprintf(`INSERT INTO trusted_domain (site_id, typed, domain, label, search, enabled, created_at, created_by, version)
			SELECT s.id, d, d, '', d, 1, 1, 'bench', 1
			FROM site s, generate_series(1, %d) i, LATERAL (SELECT 'partner-' || i || '.of-' || s.name || '.example.org') AS t (d)
			WHERE s.created_by = 'bench'`, domainsOfASite),
		"ANALYZE",
	)
	return d, nil
}

// silence takes the notifications away: then nodes poll, and nothing else.
func (d *database) silence() { d.SQL("test1", "DROP TRIGGER head_is_told ON head") }

// statements is how many were executed so far, those in the open transactions of
// functions included.
func (d *database) statements() (n float64) {
	n, _ = strconv.ParseFloat(d.Ask("test1", "SELECT sum(calls) FROM pg_stat_statements"), 64)
	return n
}

func (d *database) connections() string {
	return d.Ask("postgres", "SELECT count(*) FROM pg_stat_activity WHERE usename = 'crossgate'")
}

// A serverProcess is one of a PostgreSQL server: what /proc has of it.
type serverProcess struct {
	pid, parent   int
	own, children time.Duration // CPU time; children: of those that have ended
}

// processes returns the server's: the postmaster, and those that it has started.
func (d *database) processes() (list []serverProcess, err error) {
	postmaster, err := d.postmaster()
	if err != nil {
		return nil, err
	}
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, _ := os.ReadFile(file) // of one that has ended meanwhile: nothing
		if p, ok := parseStat(string(text)); ok && (p.pid == postmaster || p.parent == postmaster) {
			list = append(list, p)
		}
	}
	return list, nil
}

// postmaster returns the process that has started the checkpointer.
func (d *database) postmaster() (int, error) {
	child, err := strconv.Atoi(d.Ask("postgres", "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"))
	if err != nil {
		return 0, err
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", child))
	p, _ := parseStat(string(text))
	return p.parent, err
}

// cpu is the CPU time of the server: of all its processes, those that have ended too.
func (d *database) cpu() (total time.Duration, err error) {
	list, err := d.processes()
	for _, p := range list {
		total += p.own + p.children
	}
	return total, err
}

// memory is what the server's processes have of their own, in bytes: not what they share.
func (d *database) memory() (total int64, err error) {
	list, err := d.processes()
	for _, p := range list {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p.pid)) // of one that has ended meanwhile: nothing
		for line := range strings.Lines(string(text)) {
			var kB int64
			if name, value, _ := strings.Cut(line, ":"); strings.HasPrefix(name, "Private_") {
				fmt.Sscan(value, &kB)
				total += kB << 10
			}
		}
	}
	return total, err
}

// parseStat reads a line of /proc/PID/stat: behind the name, which may have anything in
// it, are the state, the parent, and further on user and system time, of the process and
// of its children that have ended.
func parseStat(line string) (p serverProcess, ok bool) {
	const parent, times = 1, 11
	end := strings.LastIndex(line, ")")
	if end < 0 {
		return p, false
	}
	fields := strings.Fields(line[end+1:])
	if len(fields) < times+4 {
		return p, false
	}
	p.pid, _ = strconv.Atoi(strings.Fields(line)[0])
	p.parent, _ = strconv.Atoi(fields[parent])
	p.own, p.children = ticks(fields[times])+ticks(fields[times+1]), ticks(fields[times+2])+ticks(fields[times+3])
	return p, true
}

func ticks(field string) time.Duration {
	n, _ := strconv.ParseInt(field, 10, 64)
	return time.Duration(n) * time.Second / ticksPerSecond
}

// await waits until the server takes changes again.
func (d *database) await(ctx context.Context) error {
	for {
		conn, err := pgx.Connect(ctx, d.url)
		if err == nil {
			return conn.Close(ctx)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		time.Sleep(pollEvery)
	}
}
