package store_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/internal/store"
)

// A damage is what can become of the file.
type damage struct {
	name string
	do   func(t *testing.T, path string)
}

var damages = []damage{
	{"gone", func(t *testing.T, path string) { must(t, os.Remove(path)) }},
	{"emptied", func(t *testing.T, path string) { must(t, os.Truncate(path, 0)) }},
	{"cut to a byte", func(t *testing.T, path string) { must(t, os.Truncate(path, 1)) }},
	{"cut in the header", func(t *testing.T, path string) { must(t, os.Truncate(path, 60)) }},
	{"cut to a page", func(t *testing.T, path string) { must(t, os.Truncate(path, 4096)) }},
	{"cut in half", func(t *testing.T, path string) { must(t, os.Truncate(path, size(t, path)/2)) }},
	{"noise all over", func(t *testing.T, path string) { noise(t, path, 0, int(size(t, path))) }},
	{"noise in the header", func(t *testing.T, path string) { noise(t, path, 0, 100) }},
	{"noise in the first page", func(t *testing.T, path string) { noise(t, path, 100, 3000) }},
	{"noise behind the first page", func(t *testing.T, path string) { noise(t, path, 4096, int(size(t, path))-4096) }},
	{"zeros behind the first page", func(t *testing.T, path string) {
		overwrite(t, path, 4096, make([]byte, size(t, path)-4096))
	}},
	{"text", func(t *testing.T, path string) { writeFile(t, path, bytes.Repeat([]byte("not records "), 5000)) }},
	{"exchanged for text", func(t *testing.T, path string) {
		must(t, os.Remove(path))
		writeFile(t, path, bytes.Repeat([]byte("not records "), 5000))
	}},
	{"exchanged for a folder", func(t *testing.T, path string) {
		must(t, os.Remove(path))
		must(t, os.Mkdir(path, 0o700))
	}},
	{"exchanged for another list", func(t *testing.T, path string) {
		must(t, os.Remove(path))
		makeDatabase(t, path, "evil.example.net")
	}},
	{"overwritten with another list", func(t *testing.T, path string) {
		other := newPath(t)
		makeDatabase(t, other, "evil.example.net")
		must(t, os.Truncate(path, 0))
		overwrite(t, path, 0, readFile(t, other))
		for _, suffix := range []string{"-wal", "-shm"} {
			must(t, os.RemoveAll(path+suffix))
		}
	}},
}

// Promises P1 and P2: whatever becomes of the file under a running server, it goes
// on with the last good list and reports that once.
func TestDamageUnderARunningServer(t *testing.T) {
	for _, damage := range damages {
		t.Run(damage.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { damage.underServer(t) })
		})
	}
}

func (d damage) underServer(t *testing.T) {
	path := newPath(t)
	c := service(t, open(t, path))
	add(t, c, "app.example.com", "*.example.org")
	held, reports := follow(t, c)

	d.do(t, path)
	time.Sleep(time.Second) // several polls
	wantAllowed(t, held.Load(), true, "https://app.example.com", "https://a.example.org")
	wantAllowed(t, held.Load(), false, "https://evil.example.net", "null", "")
	if n := reports.Load(); n > 1 {
		t.Errorf("one outage was reported %d times", n)
	}
}

// A change is never acknowledged into a file that nobody will find again.
func TestNoChangeIntoALostFile(t *testing.T) {
	for _, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			path := newPath(t)
			c := service(t, open(t, path))
			add(t, c, "app.example.com")
			before, err := os.Stat(path)
			must(t, err)
			d.do(t, path)
			if now, err := os.Stat(path); err == nil && os.SameFile(before, now) && now.Size() > 0 {
				return // the same file, damaged: what SQLite makes of that is its own
			}
			_, _, err = c.AddDomains(t.Context(), operator, control.AddDomains{Text: []string{"late.example.com"}})
			if err == nil {
				t.Error("a change was acknowledged")
			}
		})
	}
}

// A server that starts on a damaged file opens nothing that was not open before.
func TestDamageBeforeTheStart(t *testing.T) {
	for _, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { d.beforeStart(t) })
		})
	}
}

func (d damage) beforeStart(t *testing.T) {
	path := newPath(t)
	makeDatabase(t, path, "app.example.com", "*.example.org")
	d.do(t, path)
	db, err := store.Open(t.Context(), path, store.Config{})
	if err != nil {
		return
	}
	t.Cleanup(func() { db.Close() })
	held, _ := follow(t, service(t, db))
	wantAllowed(t, held.Load(), false, "https://www.app.example.com", "https://example.org", "null", "")
}

// follow follows until the test ends, and returns after the first attempt.
func follow(t *testing.T, c *control.Service) (held *snapshot.Holder, reports *atomic.Int32) {
	t.Helper()
	held, reports = new(snapshot.Holder), new(atomic.Int32)
	go c.Follow(t.Context(), control.SiteSettings{}, held, func(error) { reports.Add(1) })
	synctest.Wait()
	return held, reports
}

// wantAllowed asks the gate about origins. Without a snapshot nothing is allowed.
func wantAllowed(t *testing.T, s *snapshot.Snapshot, want bool, origins ...string) {
	t.Helper()
	for _, origin := range origins {
		got := s != nil && gate.Check(s.Default.Gate, origin, time.Now()).Allowed
		if got != want {
			t.Errorf("%q is allowed: %v, want %v", origin, got, want)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	return info.Size()
}

// noise overwrites a part of a file with bytes that are the same in each run.
func noise(t *testing.T, path string, from int64, length int) {
	t.Helper()
	b := make([]byte, length)
	rand.NewChaCha8([32]byte{7}).Read(b)
	overwrite(t, path, from, b)
}

// overwrite writes into a file. The handle stays open until the test ends: closing
// it would drop the locks that the database has in this process.
func overwrite(t *testing.T, path string, from int64, b []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	t.Cleanup(func() { f.Close() })
	_, err = f.WriteAt(b, from)
	must(t, err)
}
