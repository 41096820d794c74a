package control_test

import (
	"context"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// hungStore answers nothing while it hangs, whatever becomes of the context: the worst
// that a database, a network or a disk can do.
type hungStore struct {
	control.Store
	mu    sync.Mutex
	until chan struct{} // nil: it answers
	heads atomic.Int64

	hangAfterUpdate atomic.Bool
}

func (s *hungStore) hang() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.until = make(chan struct{})
}

func (s *hungStore) goOn() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.until)
	s.until = nil
}

func (s *hungStore) wait() {
	s.mu.Lock()
	until := s.until
	s.mu.Unlock()
	if until != nil {
		<-until
	}
}

func (s *hungStore) Head(ctx context.Context) (control.Head, error) {
	s.heads.Add(1)
	s.wait()
	return s.Store.Head(ctx)
}

func (s *hungStore) Update(ctx context.Context, write func(control.Writer) error) error {
	err := s.Store.Update(ctx, write)
	if s.hangAfterUpdate.Load() {
		s.hang()
	}
	return err
}

func (s *hungStore) Follow(ctx context.Context, read func(control.Reader) error) error {
	return s.View(ctx, read)
}

func (s *hungStore) View(ctx context.Context, read func(control.Reader) error) error {
	s.wait()
	return s.Store.View(ctx, read)
}

// A database that hangs is told of, asked no second question while it has not answered the
// first, and followed again when it does; a change waits for it no longer than it may.
func TestHungDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "crossgate.db")
		other := controlOver(t, path, nil)
		s := &hungStore{Store: open(t, path)}
		c, err := control.New(control.Config{Store: s})
		must(t, err)
		to, told, end := following(t, c)
		time.Sleep(time.Second)
		add(t, c, "app.example.com")
		before := to.Load()

		s.hangAfterUpdate.Store(true)
		asked := s.heads.Load()
		_, _, err = c.AddDomains(t.Context(), anna, control.AddDomains{Text: []string{"late.example.com"}})
		wantCode(t, err, control.CodeSavedNotLive)
		time.Sleep(time.Minute)
		same(t, []any{to.Load() == before, told.count(), s.heads.Load()-asked < 30, c.Following().Outage != nil}, []any{true, 1, true, true})

		s.goOn()
		time.Sleep(2 * time.Second)
		same(t, []any{allows(to, "https://late.example.com"), told.count(), c.Following().Outage}, []any{true, 1, error(nil)})
		add(t, other, "other.example.com")
		time.Sleep(time.Second)
		same(t, allows(to, "https://other.example.com"), true)
		end()
	})
}

// While the database cannot be reached it is asked once a second at most, and the first
// answer counts within a second.
func TestOutageIsPolledGently(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "crossgate.db")
		db := open(t, path)
		away := storeOf(db)
		s := &hungStore{Store: away}
		c, err := control.New(control.Config{Store: s})
		must(t, err)
		to, told, end := following(t, c)
		time.Sleep(time.Second)
		away.become(absentStore{errAbsent})
		time.Sleep(2 * time.Second)
		asked := s.heads.Load()
		time.Sleep(time.Minute)
		if n := s.heads.Load() - asked; n < 55 || n > 80 {
			t.Errorf("asked %d times in a minute", n)
		}
		add(t, controlOver(t, path, nil), "app.example.com")
		away.become(db)
		time.Sleep(1200 * time.Millisecond)
		same(t, []any{allows(to, page), told.count()}, []any{true, 1})
		end()
	})
}

// watchedStore tells of changes when it is told to.
type watchedStore struct {
	control.Store
	changed chan struct{}
}

func (s watchedStore) Watch(ctx context.Context, changed func()) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.changed:
			changed()
		}
	}
}

// A hint is acted on at once.
func TestHintIsActedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "crossgate.db")
		s := watchedStore{open(t, path), make(chan struct{})}
		c, err := control.New(control.Config{Store: s})
		must(t, err)
		to, _, end := following(t, c)
		synctest.Wait()
		add(t, controlOver(t, path, nil), "app.example.com")
		if allows(to, page) {
			t.Fatal("it was followed before anybody could know")
		}
		s.changed <- struct{}{}
		synctest.Wait()
		same(t, allows(to, page), true)
		end()
	})
}

// Promise P7: after a failover to an earlier state a node decides by that, and then by
// what is changed there, though the revision is the same.
func TestFailoverIsFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		db := open(t, filepath.Join(folder, "a.db"))
		swap := storeOf(db)
		c, err := control.New(control.Config{Store: swap})
		must(t, err)
		to, _, end := following(t, c)
		time.Sleep(time.Second)
		add(t, c, "a.example.com")
		must(t, db.Backup(t.Context(), filepath.Join(folder, "standby.db")))
		add(t, c, "b.example.com")
		at := to.Load().Revision

		standby := open(t, filepath.Join(folder, "standby.db"))
		swap.become(standby)
		time.Sleep(time.Second)
		same(t, []any{to.Load().Revision, allows(to, "https://a.example.com"), allows(to, "https://b.example.com")}, []any{at - 1, true, false})
		there, err := control.New(control.Config{Store: standby})
		must(t, err)
		add(t, there, "c.example.com")
		time.Sleep(time.Second)
		same(t, []any{to.Load().Revision, allows(to, "https://b.example.com"), allows(to, "https://c.example.com")}, []any{at, false, true})
		end()
	})
}

// movedStore is one store, and then another.
type movedStore struct{ now atomic.Pointer[control.Store] }

func storeOf(s control.Store) *movedStore {
	m := new(movedStore)
	m.become(s)
	return m
}

func (m *movedStore) become(s control.Store) { m.now.Store(&s) }

func (m *movedStore) Head(ctx context.Context) (control.Head, error) {
	return (*m.now.Load()).Head(ctx)
}

func (m *movedStore) Follow(ctx context.Context, read func(control.Reader) error) error {
	return m.View(ctx, read)
}

func (m *movedStore) View(ctx context.Context, read func(control.Reader) error) error {
	return (*m.now.Load()).View(ctx, read)
}

func (m *movedStore) Update(ctx context.Context, write func(control.Writer) error) error {
	return (*m.now.Load()).Update(ctx, write)
}

func (m *movedStore) Tally(ctx context.Context, write func(control.Writer) error) error {
	return (*m.now.Load()).Tally(ctx, write)
}

func (m *movedStore) Close() error { return (*m.now.Load()).Close() }
