package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
)

func TestOpenRefuses(t *testing.T) {
	folder := t.TempDir()
	file := func(name string) string { return filepath.Join(folder, name) }
	writeFile(t, file("notes.txt"), []byte(strings.Repeat("These are not records.\n", 100)))
	execSQL(t, file("other.db"), `CREATE TABLE recipe (name TEXT)`)
	makeDatabase(t, file("newer.db"))
	execSQL(t, file("newer.db"), `PRAGMA user_version = 1000; UPDATE crossgate_schema SET oldest = 1000`)
	makeDatabase(t, file("bare.db"))
	execSQL(t, file("bare.db"), `PRAGMA user_version = 0`)

	tests := []struct{ name, dsn, code, says string }{
		{"nothing", "", store.CodeUnsupported, "give one with --database"},
		{"a server that cannot be read", "postgres://ann:hunter2@db:x/crossgate", store.CodeUnsupported, "it looks like postgres://USER"},
		{"another database", "mysql://db.example.com", store.CodeUnsupported, "mysql:// is not known"},
		{"a missing folder", file("missing/crossgate.db"), store.CodeNoSuchDirectory, "does not exist; make it"},
		{"a file for a folder", file("notes.txt/crossgate.db"), store.CodeUnreadable, "not a directory"},
		{"a folder", folder, store.CodeNotADatabase, "is not a file"},
		{"no database", file("notes.txt"), store.CodeNotADatabase, "is not a database of Crossgate's"},
		{"another program's", file("other.db"), store.CodeNotADatabase, "of another program"},
		{"a newer schema", file("newer.db"), store.CodeNewer, "made by a newer crossgate"},
		{"no schema", file("bare.db"), store.CodeDamaged, "put a backup in its place"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			db, err := store.Open(t.Context(), test.dsn, store.Config{})
			if err == nil {
				db.Close()
				t.Fatal("it was opened")
			}
			wantError(t, err, test.code, test.says)
			if strings.Contains(fmt.Sprintf("%v %+v", err, err), "hunter2") {
				t.Error("the error holds the password")
			}
		})
	}
}

// A file that is not Crossgate's stays as it was, to the byte.
func TestOpenLeavesOthersAlone(t *testing.T) {
	path := newPath(t)
	execSQL(t, path, `CREATE TABLE recipe (name TEXT)`)
	before := readFile(t, path)
	if db, err := store.Open(t.Context(), path, store.Config{}); err == nil {
		db.Close()
		t.Fatal("it was opened")
	}
	if string(readFile(t, path)) != string(before) {
		t.Error("another program's database was changed")
	}
}

func TestOpenMakesPrivateFiles(t *testing.T) {
	path := newPath(t)
	writeFile(t, path, nil)
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	db := open(t, path)
	if !db.Created() {
		t.Error("records were made and Created is false")
	}
	add(t, service(t, db), "app.example.com")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%q has the permissions %o, want 600", suffix, mode)
		}
	}
}

func TestOpenAgain(t *testing.T) {
	path := newPath(t)
	makeDatabase(t, path, "app.example.com")
	db := open(t, path)
	if db.Created() {
		t.Error("nothing was made and Created is true")
	}
	if _, err := service(t, db).FindDomain(t.Context(), "app.example.com"); err != nil {
		t.Error(err)
	}
}

// wantError wants a control.Error with a code, whose message says something.
func wantError(t *testing.T, err error, code, says string) {
	t.Helper()
	bad, ok := errors.AsType[*control.Error](err)
	if !ok {
		t.Fatalf("error %v, want a control.Error", err)
	}
	if bad.Code != code || !strings.Contains(bad.Message, says) {
		t.Errorf("error %s %q, want %s with %q", bad.Code, bad.Message, code, says)
	}
	if strings.Contains(bad.Message, "\n") {
		t.Errorf("the message has several lines: %q", bad.Message)
	}
}

// makeDatabase makes a database with some entries, and closes it.
func makeDatabase(t *testing.T, path string, entries ...string) {
	t.Helper()
	db, err := store.Open(t.Context(), path, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	must(t, db.Connect(t.Context()))
	if len(entries) > 0 {
		add(t, service(t, db), entries...)
	}
}

// execSQL does to a file what the store would not.
func execSQL(t *testing.T, path, statement string, args ...any) {
	t.Helper()
	db := plainSQL(t, path)
	defer db.Close()
	if _, err := db.Exec(statement, args...); err != nil {
		t.Fatal(err)
	}
}

func plainSQL(t *testing.T, path string) *sql.DB {
	t.Helper()
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	db, err := sql.Open("sqlite", "file:"+escaped)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func writeFile(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
