package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
)

// records is a database, or what stands for one until it can be opened.
type records interface {
	control.Store
	control.Watcher
	Created() bool // there were none, and they were made
	Path() string  // where they are, without secrets
}

// keepOf says where a node keeps what it decides by. A database's name is the address
// that people know it by.
func keepOf(settings *config.Config, database string) control.Keep {
	return control.Keep{File: settings.SnapshotFile(), MaxAge: settings.SnapshotMaxAge, Database: database}
}

// openRecords opens the database. PostgreSQL may come up later. A file that cannot be
// used, or that is gone, is no reason not to serve where there is a snapshot to start
// from: then it is tried again, and never made anew, until a person has put it right.
func openRecords(ctx context.Context, settings *config.Config, log *slog.Logger) (records, error) {
	if settings.OnServer() {
		return store.Open(ctx, settings.Database, store.Config{})
	}
	path, err := filepath.Abs(settings.Database)
	if err != nil {
		return nil, err
	}
	late := &lateRecords{path: path}
	if err = late.gone(); err == nil {
		db, openErr := store.Open(ctx, settings.Database, store.Config{})
		if openErr == nil {
			return db, nil
		}
		err = openErr
	}
	if keep := keepOf(settings, path); keep.Usable(time.Now()) == nil {
		log.Error("the database cannot be used, and there is a snapshot of what was decided by: serving from that, and trying the database again", "error", err)
		return late, nil
	}
	return store.Open(ctx, settings.Database, store.Config{})
}

// retryOpen is how long passes before a file is tried again that could not be opened.
const retryOpen = time.Second

// lateRecords are those of a file that could not be opened when the node began.
type lateRecords struct {
	path string

	mu   sync.Mutex
	db   *store.DB
	err  error
	next time.Time // when it may be tried again
}

// gone says that there is no file, or an empty one: what was there was taken away.
func (l *lateRecords) gone() error {
	info, err := os.Stat(l.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &control.Error{Code: store.CodeReplaced, Field: "database", Cause: err, Message: fmt.Sprintf(
			"%s is gone; put it or a backup in its place, or remove the snapshot and start again to begin with no Trusted Domains", l.path)}
	case err == nil && info.Size() == 0:
		return &control.Error{Code: store.CodeDamaged, Field: "database", Message: fmt.Sprintf(
			"%s was emptied; put a backup in its place, or remove the snapshot and start again to begin with no Trusted Domains", l.path)}
	}
	return nil
}

// open opens the file where that can be done by now.
func (l *lateRecords) open(ctx context.Context) (*store.DB, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.db != nil || time.Now().Before(l.next) {
		return l.db, l.err
	}
	if l.err = l.gone(); l.err == nil {
		l.db, l.err = store.Open(ctx, l.path, store.Config{})
	}
	l.next = time.Now().Add(retryOpen)
	return l.db, l.err
}

// Head implements [control.Store].
func (l *lateRecords) Head(ctx context.Context) (control.Head, error) {
	db, err := l.open(ctx)
	if err != nil {
		return control.Head{}, err
	}
	return db.Head(ctx)
}

// View implements [control.Store].
func (l *lateRecords) View(ctx context.Context, read func(control.Reader) error) error {
	db, err := l.open(ctx)
	if err != nil {
		return err
	}
	return db.View(ctx, read)
}

// Follow implements [control.Store].
func (l *lateRecords) Follow(ctx context.Context, read func(control.Reader) error) error {
	db, err := l.open(ctx)
	if err != nil {
		return err
	}
	return db.Follow(ctx, read)
}

// Update implements [control.Store].
func (l *lateRecords) Update(ctx context.Context, write func(control.Writer) error) error {
	db, err := l.open(ctx)
	if err != nil {
		return err
	}
	return db.Update(ctx, write)
}

// Tally implements [control.Store].
func (l *lateRecords) Tally(ctx context.Context, write func(control.Writer) error) error {
	db, err := l.open(ctx)
	if err != nil {
		return err
	}
	return db.Tally(ctx, write)
}

// Watch hears nothing: a file tells nobody that it was written.
func (l *lateRecords) Watch(ctx context.Context, _ func()) error {
	<-ctx.Done()
	return ctx.Err()
}

// Created implements records: what is opened late is never made.
func (l *lateRecords) Created() bool { return false }

// Path implements records.
func (l *lateRecords) Path() string { return l.path }

// Close implements [control.Store].
func (l *lateRecords) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.db == nil {
		return nil
	}
	return l.db.Close()
}
