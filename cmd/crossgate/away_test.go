package main

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/guard"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/internal/testkit/pgtest"
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
			awaitKept(t, keepOf(&config.Config{Database: database}, database))
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

// awaitKept waits until a snapshot could be started from: the process that keeps it has it
// locked, so a copy is tried.
func awaitKept(t *testing.T, keep control.Keep) {
	t.Helper()
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

// Promise P1 with PostgreSQL: a node serves while the server is cut off or does not answer,
// starts again meanwhile, says 503 where the records are needed, and follows when the
// server is back. A node that never knew the records refuses all (P2).
func TestServesWithoutItsServer(t *testing.T) {
	for name, ail := range map[string]func(*pgtest.Proxy){"cut off": (*pgtest.Proxy).Cut, "silent": (*pgtest.Proxy).Stall} {
		t.Run(name, func(t *testing.T) {
			const kept, gone, later = "https://kept.example", "https://gone.example", "https://later.example"
			direct := pgtest.NewDatabase(t)
			at, err := url.Parse(direct)
			if err != nil {
				t.Fatal(err)
			}
			proxy := pgtest.NewProxy(t, at.Host)
			at.Host = proxy.Address()
			database, file := at.String(), filepath.Join(t.TempDir(), "a.snapshot")
			p, gateway := startHasty(t, database, "CROSSGATE_SNAPSHOT="+file)
			changeList(t, direct, gone, "")
			awaitStatus(t, gateway, gone, "404")
			changeList(t, direct, kept, gone)
			awaitStatus(t, gateway, gone, "403")
			key, session := credentialsFor(t, direct)
			db, err := store.Open(t.Context(), database, store.Config{})
			if err != nil {
				t.Fatal(err)
			}
			keep := keepOf(&config.Config{Snapshot: file}, db.Path())
			db.Close()
			awaitKept(t, keep)

			ail(proxy)
			awaitStatus(t, gateway, kept, "404")
			p.kill()
			p, gateway = startHasty(t, database, "CROSSGATE_SNAPSHOT="+file)
			awaitStatus(t, gateway, kept, "404")
			awaitStatus(t, gateway, gone, "403")
			found, err := p.await(&p.stdout, `dashboard (\S+)\n`)
			if err != nil {
				t.Fatal(err)
			}
			for path, want := range map[string]string{"/readyz": "200", "/api/v1/domains": "503", "/settings/security": "503"} {
				got, text, err := request(http.MethodGet, "http://"+found[1]+path, "", []string{"Authorization: Bearer " + key, "Cookie: " + guard.CookieName + "=" + session})
				if err != nil || got != want {
					t.Errorf("%s: %s, %v, want %s\n%s", path, got, err, want, text)
				}
			}
			_, without := startHasty(t, database, "CROSSGATE_SNAPSHOT=off")
			awaitStatus(t, without, kept, "503")

			proxy.Heal()
			changeList(t, direct, later, "")
			awaitStatus(t, gateway, later, "404")
			awaitStatus(t, without, later, "404")
			awaitStatus(t, gateway, gone, "403")
		})
	}
}

// credentialsFor makes a management key and signs somebody in.
func credentialsFor(t *testing.T, database string) (key, session string) {
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
	const password = "correct horse battery staple"
	_, key, err = service.CreateKey(t.Context(), operator(), control.CreateKey{Name: "test", Role: control.RoleOwner})
	if err == nil {
		_, err = service.AddAccount(t.Context(), operator(), "anna", password, control.RoleOwner)
	}
	if err == nil {
		session, err = service.SignIn(t.Context(), "anna", password, "192.0.2.1:1", "a browser")
	}
	if err != nil {
		t.Fatal(err)
	}
	return key, session
}
