//go:build unix

package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/testkit/pgtest"
	"github.com/crossgate/crossgate/internal/testkit/storetest"
)

// What a later program may add, and what one after that may take away.
const (
	expanded = `
		ALTER TABLE trusted_domain ADD COLUMN colour TEXT NOT NULL DEFAULT '';
		ALTER TABLE audit ADD COLUMN mood TEXT;
		CREATE TABLE later (id INTEGER PRIMARY KEY, site_id INTEGER NOT NULL REFERENCES site (id), name TEXT NOT NULL);
		CREATE INDEX later_by_name ON later (name);`
	contracted = `
		DROP TABLE ignored_origin;
		UPDATE crossgate_schema SET oldest = version + 1;`
)

// grown are migrations with later ones.
func grown(known []migration, texts ...string) []migration {
	known = known[:len(known):len(known)]
	for _, text := range texts {
		version := len(known) + 1
		known = append(known, migration{version, "later.sql", text})
	}
	return known
}

// openKnowing opens a database as a program that knows some migrations.
func openKnowing(t *testing.T, dsn string, texts ...string) (*DB, error) {
	t.Helper()
	cfg := Config{Readers: DefaultReaders, Wait: DefaultWait}
	var b backend
	var err error
	if strings.HasPrefix(dsn, "postgres://") {
		b, err = openServer(dsn, cfg, grown(knownToServer(), texts...))
	} else {
		b, err = openFile(t.Context(), dsn, cfg, grown(knownToFile(), texts...))
	}
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { b.close() })
	db := &DB{b}
	return db, db.Connect(t.Context())
}

// databases are an empty one of each kind for a test.
func databases(t *testing.T) map[string]func(*testing.T) string {
	c := pgtest.Shared(t)
	return map[string]func(*testing.T) string{
		"SQLite":     func(t *testing.T) string { return t.TempDir() + "/crossgate.db" },
		"PostgreSQL": func(t *testing.T) string { return c.NewSchema(t, "postgres") },
	}
}

// Promise P10: this program does all that it does on a database that a later one has
// expanded, and opened before.
func TestWorksOnAnExpandedSchema(t *testing.T) {
	for name, database := range databases(t) {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) control.Store {
				dsn := database(t)
				_, err := openKnowing(t, dsn, expanded)
				if err != nil {
					t.Fatal(err)
				}
				older, err := Open(t.Context(), dsn, Config{})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { older.Close() })
				return older
			})
		})
	}
}

// The two run side by side, each seeing what the other one writes; once a later program
// has taken away what this one needs, it stops, and says why.
func TestExpandThenContract(t *testing.T) {
	for name, database := range databases(t) {
		t.Run(name, func(t *testing.T) {
			dsn := database(t)
			var running [3]*DB
			for i, texts := range [][]string{nil, {expanded}, nil} { // the older one, the newer one, and an older one again
				db, err := openKnowing(t, dsn, texts...)
				if err != nil {
					t.Fatal(err)
				}
				running[i] = db
			}
			if running[0].Created() == running[1].Created() {
				t.Error("the records were made twice, or by nobody")
			}
			for _, db := range running {
				if err := db.Update(t.Context(), func(w control.Writer) error { return record(w) }); err != nil {
					t.Fatal(err)
				}
			}
			for _, db := range running {
				if err := db.View(t.Context(), wantRevision(3)); err != nil {
					t.Error(err)
				}
			}
			if _, err := openKnowing(t, dsn, expanded, contracted); err != nil {
				t.Fatal(err)
			}
			for _, db := range running[:2] {
				err := db.Update(t.Context(), func(control.Writer) error { t.Error("it was asked to write"); return nil })
				if bad, ok := errors.AsType[*control.Error](err); !ok || bad.Code != CodeNewer {
					t.Errorf("error %v, want %s", err, CodeNewer)
				}
			}
			if _, err := openKnowing(t, dsn); err == nil {
				t.Error("a program that knows too little opened it")
			}
		})
	}
}

// record makes a change that changes nothing.
func record(w control.Writer) error {
	_, err := w.Record(control.AuditRecord{Change: control.Change{At: time.UnixMilli(1)}, Site: control.DefaultSiteID, Before: []byte("null"), After: []byte("null")},
		[]control.Subject{{Site: control.DefaultSiteID, Kind: control.SubjectDomain, Name: "x"}}, "c")
	return err
}

func wantRevision(want int64) func(control.Reader) error {
	return func(r control.Reader) error {
		head, err := r.Head()
		if err == nil && head.Revision != want {
			err = errors.New("another revision is seen")
		}
		return err
	}
}
