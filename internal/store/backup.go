package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
)

// backup copies the file as it is at one moment.
func (db *sqliteFile) backup(ctx context.Context, file string) error {
	if err := db.transact(ctx, reading, func(tx) error { return nil }); err != nil {
		return err
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return backupExists(file, err)
	}
	temporary, err := db.copyBeside(ctx, file)
	if temporary != "" {
		defer os.Remove(temporary)
	}
	if err != nil {
		return err
	}
	if err := putInPlace(temporary, file); err != nil {
		return backupExists(file, err)
	}
	return syncPath(filepath.Dir(file))
}

// putInPlace gives a file its name. A link, unlike a rename, fails where somebody
// else was quicker; some file systems have none.
func putInPlace(temporary, file string) error {
	err := os.Link(temporary, file)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.Rename(temporary, file)
}

// copyBeside copies the records to a temporary file in the folder of another one,
// and has it on the disk.
func (db *sqliteFile) copyBeside(ctx context.Context, file string) (temporary string, err error) {
	f, err := os.CreateTemp(filepath.Dir(file), ".crossgate-backup-*") // 0600
	if err != nil {
		return "", fault(CodeBackup, err, "the backup cannot be made in %s: %v; give a file in a folder that this user may write", filepath.Dir(file), reason(err))
	}
	if err := errors.Join(f.Chmod(fileMode), f.Close()); err != nil {
		return f.Name(), fmt.Errorf("making the backup: %w", err)
	}
	if err := db.vacuumInto(ctx, f.Name()); err != nil {
		return f.Name(), explain(file, fmt.Errorf("writing the backup: %w", err))
	}
	return f.Name(), syncPath(f.Name())
}

// vacuumInto copies with a connection of its own, which blocks nobody.
func (db *sqliteFile) vacuumInto(ctx context.Context, file string) error {
	connector, err := sqlite.NewConnector(connection(db.path, DefaultWait, "_txlock=deferred"))
	if err != nil {
		return err
	}
	from := sql.OpenDB(connector)
	defer from.Close()
	_, err = from.ExecContext(ctx, `VACUUM INTO $1`, file)
	return err
}

func backupExists(file string, err error) error {
	if err == nil || errors.Is(err, fs.ErrExist) {
		return fault(CodeBackup, err, "%s exists already; give another name for the backup", file)
	}
	return fault(CodeBackup, err, "the backup cannot be made as %s: %v", file, reason(err))
}

// syncPath has a file, or the names in a folder, on the disk.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
