package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// prepareFile makes an empty file where there is none, and makes sure that only
// its owner may read it. An existing file is not opened here: closing any handle
// of it would drop the locks that this process has on it.
func prepareFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return createFile(path)
	case err != nil:
		return fault(CodeUnreadable, err, "%s cannot be opened: %v", path, reason(err))
	case !info.Mode().IsRegular():
		return fault(CodeNotADatabase, nil, "%s is not a file; give the name of a file with --database, for example %s", path, filepath.Join(path, "crossgate.db"))
	}
	return restrict(path)
}

// createFile makes an empty file. Another process may be first, which is as well.
func createFile(path string) error {
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return fault(CodeNoSuchDirectory, err, "the folder %s does not exist; make it, or give another file with --database", folder)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, fileMode)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fault(CodeReadOnly, err, "%s cannot be made: %v; give this user the right to write in the folder, or give another file with --database", path, reason(err))
	}
	// The permissions are set again because a umask may have taken some away, and
	// the name is to survive a power cut as the records do.
	return errors.Join(f.Chmod(fileMode), f.Close(), syncPath(folder))
}

// restrict takes the files away from everybody but their owner. Where they belong
// to somebody else, that is theirs to do.
func restrict(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} { // SQLite gives its own the permissions of the database
		info, err := os.Stat(path + suffix)
		if errors.Is(err, fs.ErrNotExist) || (err == nil && info.Mode().Perm()&^fileMode == 0) {
			continue
		}
		if err != nil {
			return err
		}
		err = os.Chmod(path+suffix, info.Mode().Perm()&fileMode)
		if err != nil && !errors.Is(err, fs.ErrPermission) {
			return err
		}
	}
	return nil
}

// intact reports whether the file is still the one that was opened. Without it a
// process would go on writing into a file that nobody will ever find again.
func (db *sqliteFile) intact() error {
	now, err := os.Stat(db.path)
	switch {
	case err != nil:
		return fault(CodeReplaced, err, "%s is gone; stop crossgate, put the file or a backup in its place, and start again", db.path)
	case !os.SameFile(db.file, now):
		return db.replaced()
	case now.Size() == 0:
		return fault(CodeDamaged, nil, "%s was emptied; stop crossgate, put a backup in its place, and start again", db.path)
	}
	return nil
}

func (db *sqliteFile) replaced() error {
	return fault(CodeReplaced, nil, "%s is not the database that was opened: another one was put in its place; start crossgate again to use that one", db.path)
}

// reason is the bare reason of a file system's error.
func reason(err error) error {
	if bad, ok := errors.AsType[*fs.PathError](err); ok {
		return bad.Err
	}
	if bad, ok := errors.AsType[*os.LinkError](err); ok {
		return bad.Err
	}
	return err
}
