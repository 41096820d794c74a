//go:build unix

package pgtest_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/crossgate/crossgate/internal/testkit/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	one, two := pgtest.NewDatabase(t), pgtest.NewDatabase(t)
	must(t, do(t, one, `CREATE TABLE here (n BIGINT)`))
	must(t, do(t, two, `CREATE TABLE here (n BIGINT)`))
}

// What was committed survives the death of all processes, and the address stays.
func TestKilled(t *testing.T) {
	c := pgtest.Start(t)
	url := c.NewDatabase(t)
	must(t, do(t, url, `CREATE TABLE here (n BIGINT)`))
	c.Kill()
	if do(t, url, `SELECT 1`) == nil {
		t.Error("a killed server answers")
	}
	c.Start()
	must(t, do(t, url, `INSERT INTO here VALUES (1)`))
	c.Restart()
	must(t, do(t, url, `INSERT INTO here VALUES (2)`))
}

func TestPaused(t *testing.T) {
	c := pgtest.Start(t, pgtest.Fast())
	url := c.NewDatabase(t)
	c.Pause()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err == nil {
		conn.Close(t.Context())
		t.Error("a paused server answers")
	}
	c.Resume()
	must(t, do(t, url, `SELECT 1`))
}

// A standby follows, refuses writes, and takes them once it is promoted.
func TestFailover(t *testing.T) {
	c := pgtest.Start(t)
	must(t, do(t, c.NewDatabase(t), `CREATE TABLE here (n BIGINT)`))
	s := c.Standby(pgtest.Sync)
	must(t, do(t, c.URL("test1"), `INSERT INTO here VALUES (1)`))
	if do(t, s.URL("test1"), `INSERT INTO here VALUES (2)`) == nil {
		t.Error("a standby takes a write")
	}
	c.Kill()
	s.Promote()
	must(t, do(t, s.URL("test1"), `INSERT INTO here VALUES (2)`))
	if n := s.Ask("test1", `SELECT count(*) FROM here`); n != "2" {
		t.Errorf("%s rows after the failover, want 2", n)
	}
}

func TestProxy(t *testing.T) {
	url := pgtest.NewDatabase(t)
	p := pgtest.NewProxy(t, pgtest.Shared(t).Address())
	url = p.Through(t, url)
	must(t, do(t, url, `SELECT 1`))

	conn, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer conn.Close(context.Background())
	p.Stall()
	answer := make(chan error, 1)
	go func() { _, err := conn.Exec(context.Background(), `SELECT 1`); answer <- err }()
	select {
	case err := <-answer:
		t.Errorf("a stalled connection answers: %v", err)
	case <-time.After(200 * time.Millisecond):
	}
	p.Heal()
	must(t, <-answer)

	p.Cut()
	if do(t, url, `SELECT 1`) == nil {
		t.Error("a cut connection answers")
	}
	p.Heal()
	must(t, do(t, url, `SELECT 1`))
}

// do executes a statement on a connection of its own.
func do(t *testing.T, url, statement string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
