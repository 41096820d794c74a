package store

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
)

// What the promises rest on, as each kind of connection has it.
func TestConnections(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "crossgate.db"), Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	file := db.backend.(*sqliteFile)
	// A connection learns of the write-ahead log when it first reads.
	if err := db.View(t.Context(), func(r control.Reader) error { _, err := r.Head(); return err }); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		pragma         string
		writer, reader string
	}{
		{"journal_mode", "wal", "wal"},
		{"synchronous", "2", "2"}, // FULL: an acknowledged change survives a power cut
		{"foreign_keys", "1", "1"},
		{"query_only", "0", "1"},
		{"busy_timeout", "10000", "10000"},
		{"trusted_schema", "0", "0"},
		{"cell_size_check", "1", "1"},
	}
	for _, test := range tests {
		t.Run(test.pragma, func(t *testing.T) {
			wantPragma(t, file.writer, test.pragma, test.writer)
			wantPragma(t, file.readers, test.pragma, test.reader)
		})
	}
	if n := file.writer.Stats().MaxOpenConnections; n != 1 {
		t.Errorf("%d writers, want 1", n)
	}
}

func wantPragma(t *testing.T, db *sql.DB, name, want string) {
	t.Helper()
	var got string
	if err := db.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&got); err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("%s is %s, want %s", name, got, want)
	}
}

func TestMigrationsAreNumbered(t *testing.T) {
	for _, folder := range []string{"migrations", "migrations/postgres"} {
		all, err := migrations(folder)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) == 0 || all[0].name != "0001_records.sql" {
			t.Errorf("the migrations of %s are %v", folder, all)
		}
	}
}
