//go:build unix

package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/internal/testkit/pgtest"
)

// A load is writers of several nodes, which go on whatever happens to the server, and
// what was acknowledged to them.
type load struct {
	stop context.CancelFunc
	done sync.WaitGroup

	lock         sync.Mutex
	acknowledged []string
	uncertain    int // of which nobody knows whether they were saved
	refused      map[string]int
}

// writeThrough starts a load on a database, from as many nodes.
func writeThrough(t *testing.T, url string, nodes int) *load {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l := &load{stop: cancel, refused: map[string]int{}}
	t.Cleanup(l.end)
	for node := range nodes {
		c := service(t, open(t, url))
		l.done.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				l.write(ctx, c, fmt.Sprintf("n%d.node%d.example.com", i, node))
			}
		})
	}
	return l
}

func (l *load) write(ctx context.Context, c *control.Service, entry string) {
	each, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	_, _, err := c.AddDomains(each, operator, control.AddDomains{Text: []string{entry}})
	l.lock.Lock()
	bad, isFault := errors.AsType[*control.Error](err)
	switch {
	case err == nil:
		l.acknowledged = append(l.acknowledged, entry)
	case isFault && bad.Code != store.CodeUncertain:
		l.refused[bad.Code]++
	default:
		l.uncertain++
	}
	l.lock.Unlock()
	if err != nil {
		time.Sleep(5 * time.Millisecond)
	}
}

func (l *load) end() {
	l.stop()
	l.done.Wait()
}

func (l *load) count() int {
	l.lock.Lock()
	defer l.lock.Unlock()
	return len(l.acknowledged)
}

// more returns when that many more writes were acknowledged.
func (l *load) more(t *testing.T, n int) {
	t.Helper()
	want := l.count() + n
	for end := time.Now().Add(time.Minute); l.count() < want; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("writes are not acknowledged any more; refused: %v", l.refused)
		}
	}
}

// wantKept wants all that was acknowledged to be there (promise P3), each with its
// audit row and its revision (P8), and nothing that nobody has asked for.
func (l *load) wantKept(t *testing.T, url string) {
	t.Helper()
	l.end()
	db := open(t, url)
	c := service(t, db)
	for _, entry := range l.acknowledged {
		if _, err := c.FindDomain(t.Context(), entry); err != nil {
			t.Errorf("%s was acknowledged and is lost: %v", entry, err)
		}
	}
	_, total, err := c.Domains(t.Context(), control.ListQuery{})
	must(t, err)
	var rows int
	must(t, plainServer(t, url).QueryRow(`SELECT count(*) FROM audit`).Scan(&rows))
	_, head := journal(t, db)
	if total < len(l.acknowledged) || total > len(l.acknowledged)+l.uncertain || rows != total || head.Revision != int64(total) {
		t.Errorf("%d acknowledged and %d uncertain, but %d entries, %d audit rows, revision %d",
			len(l.acknowledged), l.uncertain, total, rows, head.Revision)
	}
	t.Logf("%d writes acknowledged, 0 lost; %d uncertain, refused: %v", len(l.acknowledged), l.uncertain, l.refused)
}

// Promise P3, of a server that is killed again and again.
func TestServerKilledWhileWriting(t *testing.T) {
	const kills, each = 20, 15
	c := pgtest.Start(t)
	url := c.NewDatabase(t)
	l := writeThrough(t, url, 3)
	for range kills {
		l.more(t, each)
		c.Kill()
		c.Start()
	}
	l.more(t, each)
	l.wantKept(t, url)
}

// A node that is killed while it writes loses nothing, and holds nobody up.
func TestNodeKilledWhileWriting(t *testing.T) {
	const kills, each = 5, 20
	url := pgtest.NewDatabase(t)
	var want []string
	for range kills {
		want = append(want, writeUntilKilled(t, url, each)...)
	}
	c := service(t, open(t, url))
	for _, entry := range want {
		if _, err := c.FindDomain(t.Context(), entry); err != nil {
			t.Errorf("%s was acknowledged and is lost: %v", entry, err)
		}
	}
}

// A restart is nobody's error but of those who were in the middle of something: the
// connections that it has ended are replaced before anything is asked.
func TestServerRestarted(t *testing.T) {
	c := pgtest.Start(t, pgtest.Fast())
	db := open(t, c.NewDatabase(t))
	s := service(t, db)
	add(t, s, "app.example.com")
	var views sync.WaitGroup // all connections are in use at once, and idle then
	var together sync.WaitGroup
	together.Add(store.DefaultReaders)
	for range store.DefaultReaders {
		views.Go(func() {
			err := db.View(soon(t), func(control.Reader) error { together.Done(); together.Wait(); return nil })
			if err != nil {
				t.Error(err)
			}
		})
	}
	views.Wait()
	c.Restart()
	_, err := db.Head(soon(t))
	must(t, err)
	for range 3 {
		must(t, db.View(soon(t), func(r control.Reader) error { _, err := r.Head(); return err }))
	}
	add(t, s, "b.example.com")
}

// A server that hangs holds nobody up for longer than they want to wait, whether they
// have a connection or need one; and it is used again when it goes on.
func TestServerHangs(t *testing.T) {
	c := pgtest.Start(t, pgtest.Fast())
	url := c.NewDatabase(t)
	db, fresh := open(t, url), open(t, url)
	add(t, service(t, db), "app.example.com")
	read := func(r control.Reader) error { _, err := r.Head(); return err }
	write := func(w control.Writer) error { return w.DeleteSetupSecret() }
	c.Pause()
	for name, ask := range map[string]func(context.Context) error{
		"reading":       func(ctx context.Context) error { return db.View(ctx, read) },
		"writing":       func(ctx context.Context) error { return db.Update(ctx, write) },
		"the head":      func(ctx context.Context) error { _, err := db.Head(ctx); return err },
		"tallying":      func(ctx context.Context) error { return db.Tally(ctx, write) },
		"connecting":    func(ctx context.Context) error { return fresh.View(ctx, read) },
		"reading again": func(ctx context.Context) error { return db.View(ctx, read) },
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		returned := make(chan error, 1)
		go func() { returned <- ask(ctx) }()
		select {
		case err := <-returned:
			wantError(t, err, store.CodeUnreachable, "does not answer")
		case <-time.After(time.Minute):
			t.Fatalf("%s: a caller is held up beyond its deadline", name)
		}
		cancel()
	}
	c.Resume()
	for _, db := range []*store.DB{db, fresh} {
		eventually(t, func() error { return db.View(soon(t), read) })
		eventually(t, func() error { return db.Update(soon(t), write) })
	}
}

// A node that was cut off in the middle of a change does not keep others from making
// theirs: the server gives its transaction up.
func TestNodeCutOffWhileWriting(t *testing.T) {
	c := pgtest.Shared(t)
	url := c.NewDatabase(t)
	proxy := pgtest.NewProxy(t, c.Address())
	lost := open(t, proxy.Through(t, url)+"&idle_in_transaction_session_timeout=500")
	other := service(t, open(t, url))
	add(t, service(t, lost), "app.example.com")

	ctx, cancel := context.WithCancel(t.Context())
	holds, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- lost.Update(ctx, func(w control.Writer) error {
			proxy.Stall()
			close(holds)
			<-ctx.Done()
			return ctx.Err()
		})
	}()
	<-holds
	add(t, other, "b.example.com")
	cancel()
	if err := <-ended; err == nil {
		t.Error("the change of the node that was cut off was acknowledged")
	}
	proxy.Heal()
	eventually(t, func() error { return lost.Update(soon(t), func(control.Writer) error { return nil }) })
}

// After a failover the other server is used, with all that was acknowledged where the
// commits waited for it; and one that came back read-only is let go of.
func TestServerFailsOver(t *testing.T) {
	primary := pgtest.Start(t)
	url := primary.NewDatabase(t)
	makeDatabase(t, url)
	standby := primary.Standby(pgtest.Sync)
	both := strings.Replace(url, primary.Address(), primary.Address()+","+standby.Address(), 1)
	l := writeThrough(t, both, 3)
	l.more(t, 50)
	primary.Kill()
	standby.Promote()
	l.more(t, 50)
	l.wantKept(t, both)
}

// A standby alone is no database to change anything in; nor is a server that becomes
// read-only while connections to it are open.
func TestServerBecomesReadOnly(t *testing.T) {
	primary := pgtest.Start(t, pgtest.Fast())
	url := primary.NewDatabase(t)
	standby := primary.Standby(pgtest.Async)
	only := strings.Replace(url, primary.Address(), standby.Address(), 1)
	wantError(t, open(t, only).Connect(soon(t)), store.CodeReadOnly, "name the primary in --database")

	db := open(t, strings.Replace(url, primary.Address(), primary.Address()+","+standby.Address(), 1))
	makeDatabase(t, url)
	caughtUp(t, primary, standby)
	must(t, db.Update(soon(t), func(w control.Writer) error { return w.DeleteSetupSecret() }))
	primary.SQL("postgres", `ALTER SYSTEM SET default_transaction_read_only = on`, `SELECT pg_reload_conf()`)
	standby.Promote()
	eventually(t, func() error { return db.Update(soon(t), func(w control.Writer) error { return w.DeleteSetupSecret() }) })
	var address string
	must(t, db.View(soon(t), func(control.Reader) error { return nil }))
	address = settingOf(t, db, "port")
	if want := fmt.Sprint(standby.Port()); address != want {
		t.Errorf("changes go to port %s, want %s", address, want)
	}
}

// A failover to a standby that was behind takes the revision back: the head says so,
// and reading goes on.
func TestServerFailsOverToThePast(t *testing.T) {
	primary := pgtest.Start(t, pgtest.Fast())
	url := primary.NewDatabase(t)
	makeDatabase(t, url, "a.example.com")
	standby := primary.Standby(pgtest.Async)
	caughtUp(t, primary, standby)
	_, before := journal(t, open(t, url))

	db := open(t, strings.Replace(url, primary.Address(), primary.Address()+","+standby.Address(), 1))
	standby.Detach()
	add(t, service(t, db), "b.example.com")
	_, ahead := journal(t, db)
	primary.Kill()
	standby.Promote()
	var after control.Head
	eventually(t, func() error {
		return db.View(soon(t), func(r control.Reader) (err error) { after, err = r.Head(); return err })
	})
	if after != before || after == ahead {
		t.Errorf("the head is %v, want %v, which was before %v", after, before, ahead)
	}
}

// A password that is changed locks out who does not know the new one, but not the
// connections that are open.
func TestServersPasswordChanged(t *testing.T) {
	c := pgtest.Start(t, pgtest.Fast())
	url := c.NewDatabase(t)
	db := open(t, url)
	add(t, service(t, db), "app.example.com")
	c.SQL("postgres", `ALTER ROLE crossgate PASSWORD 'other'`)
	add(t, service(t, db), "b.example.com")
	wantError(t, open(t, url).Connect(soon(t)), store.CodeLogin, "refuses the password of crossgate")
	c.Restart()
	read := func(r control.Reader) error { _, err := r.Head(); return err }
	wantError(t, db.View(soon(t), read), store.CodeLogin, "refuses the password of crossgate")
	c.SQL("postgres", `ALTER ROLE crossgate PASSWORD '`+c.Password()+`'`)
	must(t, db.View(soon(t), read))
}

// Where the disk is full, changes are refused, what was acknowledged stays and can be
// read, and with room again all goes on. The disk is a small file system in memory, which
// only root can make; others are shown the server's own words in
// TestServerErrorsWhileServing.
func TestServerDiskFull(t *testing.T) {
	if os.Getuid() != 0 {
		t.Log("not root: no file system can be made")
		return
	}
	c := pgtest.Start(t, pgtest.Fast())
	small := c.SmallDisk("size=24m")
	c.SQL("postgres", `CREATE TABLESPACE small LOCATION '`+small+`'`, `CREATE DATABASE filled OWNER crossgate TABLESPACE small`)
	url := c.URL("filled")
	db := open(t, url)
	s := service(t, db)
	var kept int
	var full error
	for i := 0; full == nil && i < 1000; i++ {
		var lines []string
		for n := range 500 {
			lines = append(lines, fmt.Sprintf("n%d-%d.%s.example.com", i, n, strings.Repeat("x", 60)))
		}
		_, _, full = s.AddDomains(soon(t), operator, control.AddDomains{Text: lines})
		if full == nil {
			kept += len(lines)
		}
	}
	wantError(t, full, store.CodeFull, "make room there and try again")
	_, total, err := s.Domains(soon(t), control.ListQuery{})
	must(t, err)
	if total != kept || kept == 0 {
		t.Errorf("%d entries were acknowledged, %d are there", kept, total)
	}
	c.GrowDisk(small, "size=64m")
	add(t, s, "more.example.com")
}

// caughtUp returns when a standby has what its primary has.
func caughtUp(t *testing.T, primary, standby *pgtest.Cluster) {
	t.Helper()
	at := primary.Ask("postgres", `SELECT pg_current_wal_lsn()`)
	eventually(t, func() error {
		if standby.Ask("postgres", `SELECT coalesce(pg_last_wal_replay_lsn() >= '`+at+`'::pg_lsn, false)`) != "true" {
			return errors.New("it is behind")
		}
		return nil
	})
}

// eventually tries until there is no error.
func eventually(t *testing.T, try func() error) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
}
