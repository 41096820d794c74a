package control_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/internal/store"
)

// absentStore stands for a database that cannot be reached.
type absentStore struct{ err error }

func (s absentStore) Head(context.Context) (control.Head, error)               { return control.Head{}, s.err }
func (s absentStore) Follow(context.Context, func(control.Reader) error) error { return s.err }
func (s absentStore) View(context.Context, func(control.Reader) error) error   { return s.err }
func (s absentStore) Update(context.Context, func(control.Writer) error) error { return s.err }
func (s absentStore) Tally(context.Context, func(control.Writer) error) error  { return s.err }
func (absentStore) Close() error                                               { return nil }

var errAbsent = errors.New("connection refused")

// keeping is a control plane over a file that keeps what it decides by in another one.
func keeping(t *testing.T, s control.Store, file string) *control.Service {
	t.Helper()
	c, err := control.New(control.Config{Store: s, Keep: control.Keep{File: file, Database: "the same"}})
	must(t, err)
	return c
}

func open(t *testing.T, path string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), path, store.Config{})
	must(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

// following runs Follow, and returns what ends it.
func following(t *testing.T, c *control.Service) (*snapshot.Holder, *reports, func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	to, got, done := new(snapshot.Holder), new(reports), make(chan struct{})
	go func() {
		defer close(done)
		if err := c.Follow(ctx, control.SiteSettings{}, to, got.add); err != nil {
			t.Errorf("Follow: %v", err)
		}
	}()
	return to, got, func() { cancel(); <-done }
}

// Promise P1: a node starts without its database, from what it decided by last; when the
// database is back it follows again.
func TestStartWithoutTheDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		file := filepath.Join(folder, "crossgate.db.snapshot")
		db := open(t, filepath.Join(folder, "crossgate.db"))
		first := keeping(t, db, file)
		to, _, end := following(t, first)
		time.Sleep(time.Second)
		add(t, first, "app.example.com")
		add(t, first, "gone.example.com")
		_, err := first.RemoveDomains(t.Context(), anna, []int64{find(t, first, "gone.example.com").ID})
		must(t, err)
		at := to.Load().Revision
		time.Sleep(time.Minute)
		if kept := first.Following(); kept.KeptAt.IsZero() || kept.Outage != nil || kept.Unkept != nil {
			t.Errorf("while all is well: %+v", kept)
		}
		end()

		away := storeOf(absentStore{errAbsent})
		second := keeping(t, away, file)
		to, told, end := following(t, second)
		time.Sleep(time.Second)
		same(t, to.Load() != nil && to.Load().Revision == at, true)
		if !allows(to, page) || allows(to, "https://gone.example.com") {
			t.Error("from the disk other pages are allowed")
		}
		now := second.Following()
		same(t, []any{now.FromDisk, errors.Is(now.Outage, errAbsent), now.StandIn != nil, told.count()}, []any{true, true, true, 2})

		add(t, first, "new.example.com")
		away.become(db)
		time.Sleep(2 * time.Second)
		now = second.Following()
		same(t, []any{now.FromDisk, now.Outage, now.StandIn, allows(to, "https://new.example.com")}, []any{false, error(nil), error(nil), true})
		end()
	})
}

// Promise P2: with neither database nor snapshot nothing is allowed, and it is said why.
func TestStartWithNeither(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := keeping(t, absentStore{errAbsent}, filepath.Join(t.TempDir(), "a.snapshot"))
		to, told, end := following(t, c)
		time.Sleep(time.Minute)
		if now := c.Following(); to.Load() != nil || now.StandIn == nil || told.count() != 2 {
			t.Errorf("%+v, told %d times", now, told.count())
		}
		end()
	})
}

// Promise P7: wherever a node ends, as a kill or a power cut would end it, it never starts
// with less than what it had served. What is on the disk at any moment is what such a
// process finds.
func TestStartNeverGoesBack(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "crossgate.db.snapshot")
	db := open(t, filepath.Join(folder, "crossgate.db"))
	c := keeping(t, db, file)
	to, _, end := following(t, c)
	defer end()
	var stop atomic.Bool
	changed := make(chan struct{})
	go func() {
		defer close(changed)
		for i := 0; !stop.Load(); i++ {
			var err error
			if i%2 == 0 {
				_, _, err = c.AddDomains(context.Background(), anna, control.AddDomains{Text: []string{page}})
			} else if d, findErr := c.FindDomain(context.Background(), page); findErr == nil {
				_, err = c.RemoveDomains(context.Background(), anna, []int64{d.ID})
			}
			if err != nil {
				t.Errorf("change %d: %v", i, err)
			}
			time.Sleep(rand.N(8 * time.Millisecond))
		}
	}()
	const ends = 300
	started := 0
	for range ends {
		time.Sleep(rand.N(8 * time.Millisecond))
		served := int64(0)
		if s := to.Load(); s != nil {
			served = s.Revision
		}
		left := filepath.Join(t.TempDir(), "left.snapshot")
		for _, suffix := range []string{".head", ""} {
			text, err := os.ReadFile(file + suffix)
			if err == nil {
				must(t, os.WriteFile(left+suffix, text, 0o600))
			}
		}
		if revision := revisionFrom(t, left); revision != 0 {
			started++
			if revision < served {
				t.Fatalf("a start from the disk decides by revision %d, and %d was served", revision, served)
			}
		}
	}
	stop.Store(true)
	<-changed
	t.Logf("%d of %d could be started from", started, ends)
	if started == 0 {
		t.Error("none could be started from")
	}
}

// revisionFrom starts without a database and returns what is decided by; 0: nothing.
func revisionFrom(t *testing.T, file string) int64 {
	t.Helper()
	c := keeping(t, absentStore{errAbsent}, file)
	to, _, end := following(t, c)
	defer end()
	for c.Following().StandIn == nil {
		time.Sleep(time.Millisecond)
	}
	s := to.Load()
	if s == nil {
		return 0
	}
	if want := s.Revision%2 == 1; allows(to, page) != want { // each change turns it
		panic(fmt.Sprintf("revision %d allows %v", s.Revision, !want))
	}
	return s.Revision
}
