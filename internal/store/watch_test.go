//go:build unix

package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/internal/testkit/pgtest"
)

// listener starts to watch, and returns what is told, and a function that ends it.
func listener(t *testing.T, db *store.DB) (told chan struct{}, end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	told, returned := make(chan struct{}, 1000), make(chan error, 1)
	go func() { returned <- db.Watch(ctx, func() { told <- struct{}{} }) }()
	end = func() {
		cancel()
		select {
		case err := <-returned:
			if !errors.Is(err, context.Canceled) {
				t.Errorf("Watch returned %v", err)
			}
		case <-time.After(time.Minute):
			t.Error("Watch does not end")
		}
	}
	return told, end
}

// wantTold wants to be told within a minute.
func wantTold(t *testing.T, told <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-told:
	case <-time.After(time.Minute):
		t.Fatalf("nobody told of %s", what)
	}
}

// wantSilence wants nothing more to be on its way: what was told together.
func wantSilence(told <-chan struct{}) {
	for quiet := false; !quiet; {
		select {
		case <-told:
		case <-time.After(200 * time.Millisecond):
			quiet = true
		}
	}
}

// A node is told of its own and of others' changes, and at once when it begins.
func TestWatch(t *testing.T) {
	url := pgtest.NewDatabase(t)
	db := open(t, url)
	other := service(t, open(t, url))
	add(t, other, "app.example.com")
	told, end := listener(t, db)
	wantTold(t, told, "the beginning")
	add(t, other, "b.example.com")
	wantTold(t, told, "another node's change")
	add(t, service(t, db), "c.example.com")
	wantTold(t, told, "its own change")
	end()
}

// A listener that is slow is told once of all that has come meanwhile.
func TestWatchTellsOnce(t *testing.T) {
	url := pgtest.NewDatabase(t)
	s := service(t, open(t, url))
	add(t, s, "app.example.com")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	calls, goOn := make(chan struct{}, 1000), make(chan struct{})
	go open(t, url).Watch(ctx, func() { calls <- struct{}{}; <-goOn })
	wantTold(t, calls, "the beginning")
	for _, entry := range []string{"a.example.com", "b.example.com", "c.example.com", "d.example.com"} {
		add(t, s, entry)
	}
	time.Sleep(200 * time.Millisecond) // on their way
	close(goOn)
	wantTold(t, calls, "the changes")
	wantSilence(calls)
	if n := len(calls); n > 1 {
		t.Errorf("told %d times more", n)
	}
}

// Whatever becomes of the connection, there is a new one, and what was missed is told.
func TestWatchGoesOn(t *testing.T) {
	c := pgtest.Start(t, pgtest.Fast())
	url := c.NewDatabase(t)
	proxy := pgtest.NewProxy(t, c.Address())
	s := service(t, open(t, url))
	add(t, s, "app.example.com")
	told, end := listener(t, open(t, proxy.Through(t, url)))
	wantTold(t, told, "the beginning")
	for _, fault := range []struct {
		name     string
		do, undo func()
	}{
		{"the listener is ended", func() {
			c.SQL("postgres", `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`)
		}, func() {}},
		{"the server is killed", c.Kill, c.Start},
		{"the server is restarted", c.Stop, c.Start},
		{"the network is cut", proxy.Cut, proxy.Heal},
	} {
		fault.do()
		fault.undo()
		wantTold(t, told, fault.name)
		wantSilence(told)
		add(t, service(t, open(t, url)), "a"+fault.name[len(fault.name)-4:]+".example.com")
		wantTold(t, told, "a change after "+fault.name)
	}
	end()
}

// A node starts to watch while its database is away.
func TestWatchBeginsWithoutTheServer(t *testing.T) {
	c := pgtest.Start(t, pgtest.Fast())
	url := c.NewDatabase(t)
	c.Stop()
	told, end := listener(t, open(t, url))
	c.Start()
	wantTold(t, told, "the beginning")
	end()
	_, end = listener(t, open(t, newPath(t))) // a file: nothing is told, and it ends
	end()
}
