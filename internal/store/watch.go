package store

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// How a connection that listens is kept. [DB.Watch] is a hint, so it takes its time:
// polling finds out what is not heard.
const (
	listenQuiet = 30 * time.Second       // without a word, after which it is asked whether it is there
	listenWait  = 5 * time.Second        // for an answer
	backoffMin  = 100 * time.Millisecond // before the first attempt to connect again
	backoffMax  = 10 * time.Second       // before each after some that failed
)

// watch listens, again and again.
func (db *pgServer) watch(ctx context.Context, changed func()) error {
	tell, stop := coalesced(ctx, changed)
	defer stop()
	for wait := backoffMin; ; wait = min(2*wait, backoffMax) {
		if heard := db.listen(ctx, tell); heard {
			wait = backoffMin
		}
		if !pause(ctx, wait) {
			return ctx.Err()
		}
	}
}

// listen listens until the connection is lost, and reports whether it had begun.
func (db *pgServer) listen(ctx context.Context, tell func()) (heard bool) {
	conn, err := pgx.ConnectConfig(ctx, db.config)
	if err != nil {
		return false
	}
	defer closeSoon(conn)
	if err := bounded(ctx, func(ctx context.Context) error {
		_, err := conn.Exec(ctx, `LISTEN crossgate_head`)
		return err
	}); err != nil {
		return false
	}
	for tell(); ; tell() { // first what was missed before
		if err := db.hear(ctx, conn); err != nil {
			return true
		}
	}
}

// hear returns when there is a notification, or with an error when the connection is of
// no use any more.
func (db *pgServer) hear(ctx context.Context, conn *pgx.Conn) error {
	for {
		quiet, cancel := context.WithTimeout(ctx, listenQuiet)
		_, err := conn.WaitForNotification(quiet)
		cancel()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil || !pgconn.Timeout(err) && !errors.Is(err, context.DeadlineExceeded):
			return err
		}
		if err := bounded(ctx, conn.Ping); err != nil {
			return err
		}
	}
}

// bounded gives an answer a short time.
func bounded(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, listenWait)
	defer cancel()
	return ask(ctx)
}

func closeSoon(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), listenWait)
	defer cancel()
	_ = conn.Close(ctx) // it is of no use any more
}

// coalesced calls changed in a goroutine of its own, once for all that was told while
// it ran before. It ends with stop.
func coalesced(ctx context.Context, changed func()) (tell, stop func()) {
	told := make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(ctx)
	var calling sync.WaitGroup
	calling.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-told:
				changed()
			}
		}
	})
	tell = func() {
		select {
		case told <- struct{}{}:
		default:
		}
	}
	return tell, func() { cancel(); calling.Wait() }
}
