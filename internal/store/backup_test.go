package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
)

func TestBackupIsWholeAndPrivate(t *testing.T) {
	db := open(t, newPath(t))
	c := service(t, db)
	add(t, c, "app.example.com", "*.example.org")
	file := filepath.Join(t.TempDir(), "backup.db")
	if err := db.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("the backup has the permissions %o, want 600", mode)
	}
	add(t, c, "later.example.com")

	copied := service(t, open(t, file))
	_, total, err := copied.Domains(t.Context(), control.ListQuery{})
	if err != nil || total != 2 {
		t.Errorf("the backup has %d entries, error %v; want 2", total, err)
	}
	wantOnly(t, filepath.Dir(file), "backup.db", "backup.db-shm", "backup.db-wal")
}

func TestBackupRefuses(t *testing.T) {
	folder := t.TempDir()
	file := func(name string) string { return filepath.Join(folder, name) }
	writeFile(t, file("there.db"), []byte("precious"))
	if err := os.Symlink(file("nowhere"), file("link.db")); err != nil {
		t.Fatal(err)
	}
	db := open(t, newPath(t))
	tests := []struct{ name, file, says string }{
		{"a file that exists", file("there.db"), "exists already; give another name"},
		{"a link that leads nowhere", file("link.db"), "exists already"},
		{"a folder", folder, "exists already"},
		{"a missing folder", file("missing/b.db"), "no such file or directory"},
		{"a file for a folder", file("there.db/b.db"), "not a directory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantError(t, db.Backup(t.Context(), test.file), store.CodeBackup, test.says)
		})
	}
	if got := string(readFile(t, file("there.db"))); got != "precious" {
		t.Errorf("the file that was there is %q now", got)
	}
	wantOnly(t, folder, "link.db", "there.db")
}

// wantOnly wants a folder to hold nothing but some files.
func wantOnly(t *testing.T, folder string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	allowed := map[string]bool{}
	for _, name := range names {
		allowed[name] = true
	}
	for _, entry := range entries {
		if !allowed[entry.Name()] {
			t.Errorf("%s was left behind", entry.Name())
		}
	}
}
