package store_test

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/crossgate/crossgate/internal/store"
)

// asNobody runs do without the superuser's right to write everywhere: permissions
// mean nothing to root, and containers test as root.
func asNobody(t *testing.T, do func()) {
	t.Helper()
	if os.Getuid() != 0 {
		do()
		return
	}
	const nobody = 65534
	runtime.LockOSThread() // the identity is the thread's own
	defer runtime.UnlockOSThread()
	must(t, syscall.Setfsuid(nobody))
	defer syscall.Setfsuid(0)
	do()
}

// openFolder is a folder that nobody may enter, with all above it.
func openFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "store")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(folder) })
	must(t, os.Chmod(folder, 0o755))
	return folder
}

func TestOpenWithoutRights(t *testing.T) {
	tests := []struct {
		name       string
		made       bool // there is a database already
		file       os.FileMode
		folder     os.FileMode
		code, says string
	}{
		{"a folder that cannot be written", false, 0, 0o555, store.CodeReadOnly, "cannot be made: permission denied"},
		{"a file that cannot be read", true, 0o000, 0o755, store.CodeUnreadable, "cannot be opened"},
		{"a file that can only be read", true, 0o444, 0o555, store.CodeReadOnly, "cannot be written"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			folder := openFolder(t)
			path := filepath.Join(folder, "crossgate.db")
			if test.made {
				makeDatabase(t, path, "app.example.com")
				must(t, os.Chmod(path, test.file))
			}
			must(t, os.Chmod(folder, test.folder))
			t.Cleanup(func() { os.Chmod(folder, 0o755) })
			asNobody(t, func() {
				db, err := store.Open(t.Context(), path, store.Config{})
				if err == nil {
					db.Close()
					t.Fatal("it was opened")
				}
				wantError(t, err, test.code, test.says)
			})
		})
	}
}
