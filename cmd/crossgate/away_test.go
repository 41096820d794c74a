package main

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
)

// awaitStatus calls the gateway as a page until it is answered with a status.
func awaitStatus(t *testing.T, gateway, origin, want string) {
	t.Helper()
	var got, text string
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(pollEvery) {
		var err error
		got, text, err = request(http.MethodGet, gateway+"/things", "", []string{"Origin: " + origin})
		if err == nil && got == want {
			return
		}
	}
	t.Fatalf("%s: status %s, want %s\n%s", origin, got, want, text)
}

// changeList adds an entry and takes another one away, as the command line does.
func changeList(t *testing.T, database, put, out string) {
	t.Helper()
	db, err := store.Open(t.Context(), database, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	service, err := control.New(control.Config{Store: db})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := service.AddDomains(t.Context(), operator(), control.AddDomains{Text: []string{put}}); err != nil {
		t.Fatal(err)
	}
	if out == "" {
		return
	}
	d, err := service.FindDomain(t.Context(), out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := service.RemoveDomains(t.Context(), operator(), []int64{d.ID}); err != nil {
		t.Fatal(err)
	}
}

// Promises P1 and P7: a process that is killed starts again with its database gone,
// damaged or emptied, from the copy on the disk. It decides by what it decided by last, makes
// no new database, and follows the old one when that is put back.
func TestServesWithoutItsDatabase(t *testing.T) {
	const kept, gone, later = "https://kept.example", "https://gone.example", "https://later.example"
	for name, ruin := range map[string]func(database string) error{
		"gone":    os.Remove,
		"emptied": func(database string) error { return os.Truncate(database, 0) },
		"damaged": func(database string) error {
			return os.WriteFile(database, []byte("This is no database any more."), 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			database := filepath.Join(t.TempDir(), "crossgate.db")
			p, gateway := startHasty(t, database)
			changeList(t, database, gone, "")
			awaitStatus(t, gateway, gone, "404") // the API's own
			changeList(t, database, kept, gone)
			awaitStatus(t, gateway, gone, "403")
			awaitKept(t, database)
			p.kill()

			aside := database + ".aside"
			for _, suffix := range []string{"", "-wal", "-shm"} {
				text, err := os.ReadFile(database + suffix)
				if os.IsNotExist(err) {
					continue
				}
				if err == nil {
					err = os.WriteFile(aside+suffix, text, 0o600)
				}
				if err == nil && suffix != "" {
					err = os.Remove(database + suffix)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if err := ruin(database); err != nil {
				t.Fatal(err)
			}
			p, gateway = startHasty(t, database)
			awaitStatus(t, gateway, kept, "404")
			awaitStatus(t, gateway, gone, "403")
			if _, err := p.await(&p.stderr, "decided by the snapshot"); err != nil {
				t.Error(err)
			}
			if info, err := os.Stat(database); name == "gone" && err == nil {
				t.Errorf("a new database of %d bytes was made", info.Size())
			}

			changeList(t, aside, later, "")
			for _, suffix := range []string{"-wal", "-shm"} {
				_ = os.Remove(database + suffix)
			}
			if err := os.Rename(aside, database); err != nil {
				t.Fatal(err)
			}
			awaitStatus(t, gateway, later, "404")
			awaitStatus(t, gateway, gone, "403")
			p.kill()
		})
	}
}

// awaitKept waits until the snapshot of a database could be started from: the process that
// keeps it has it locked, so a copy is tried.
func awaitKept(t *testing.T, database string) {
	t.Helper()
	settings := &config.Config{Database: database}
	keep := keepOf(settings, database)
	var err error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(pollEvery) {
		copied := keep
		copied.File = filepath.Join(t.TempDir(), "copy.snapshot")
		for _, suffix := range []string{"", ".head"} {
			if text, err := os.ReadFile(keep.File + suffix); err == nil {
				if err := os.WriteFile(copied.File+suffix, text, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err = copied.Usable(time.Now()); err == nil {
			return
		}
	}
	t.Fatal(err)
}
