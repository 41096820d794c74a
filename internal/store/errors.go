package store

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/crossgate/crossgate/internal/control"
)

// The codes of this package's errors, each a [control.Error]: the records cannot
// be had, whatever was asked of them.
const (
	CodeNoSuchDirectory = "database-no-directory"
	CodeUnreadable      = "database-unreadable"
	CodeReadOnly        = "database-read-only"
	CodeNotADatabase    = "database-not-ours"
	CodeDamaged         = "database-damaged"
	CodeNewer           = "database-newer"
	CodeUnsupported     = "database-unsupported"
	CodeBusy            = "database-busy"
	CodeFull            = "database-full"
	CodeReplaced        = "database-replaced"
	CodeBackup          = "database-backup"

	// Of PostgreSQL alone.
	CodeUnreachable = "database-unreachable"
	CodeLogin       = "database-login"
	CodeNoDatabase  = "database-missing"
	CodeRights      = "database-rights"
	CodeTLS         = "database-tls"
	CodeUncertain   = "database-uncertain" // saved or not, nobody knows
)

// fault makes an error of a code, a cause and a sentence.
func fault(code string, cause error, format string, args ...any) *control.Error {
	return &control.Error{Code: code, Field: "database", Message: fmt.Sprintf(format, args...), Cause: cause}
}

// explain turns what SQLite says into what a person can act on. Other errors are
// returned as they are.
func explain(path string, err error) error {
	bad, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	if _, done := errors.AsType[*control.Error](err); done {
		return err
	}
	switch bad.Code() & 0xff { // the primary result code
	case sqlite3.SQLITE_NOTADB:
		return fault(CodeNotADatabase, err, "%s is not a database of Crossgate's; give another file with --database", path)
	case sqlite3.SQLITE_CORRUPT:
		return fault(CodeDamaged, err, "%s is damaged; stop crossgate and put a backup in its place", path)
	case sqlite3.SQLITE_READONLY:
		return fault(CodeReadOnly, err, "%s cannot be written; give this user the right to write it and its folder", path)
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		return fault(CodeUnreadable, err, "%s cannot be opened; give this user the right to read and write it and its folder", path)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fault(CodeBusy, err, "%s is in use by another program for too long; close that one or try again", path)
	case sqlite3.SQLITE_FULL:
		return fault(CodeFull, err, "the disk of %s is full; make room and try again", path)
	case sqlite3.SQLITE_IOERR:
		return fault(CodeUnreadable, err, "%s could not be read or written; look at the disk, and at the system's log", path)
	}
	return err
}

// isMissingTable reports whether the records are not there at all. SQLite has no
// code of its own for that.
func isMissingTable(err error) bool {
	bad, ok := errors.AsType[*sqlite.Error](err)
	return ok && bad.Code() == sqlite3.SQLITE_ERROR
}

// isBusy reports whether another process had the file locked.
func isBusy(err error) bool {
	bad, ok := errors.AsType[*sqlite.Error](err)
	return ok && bad.Code()&0xff == sqlite3.SQLITE_BUSY
}
