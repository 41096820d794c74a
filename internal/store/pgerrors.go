package store

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/crossgate/crossgate/internal/control"
)

// What PostgreSQL calls what went wrong: appendix A of its manual.
const (
	codeReadOnlyTransaction = "25006"
	codeSerialization       = "40001"
	codeDeadlock            = "40P01"
	codeNoLogin             = "28000"
	codeWrongPassword       = "28P01"
	codeNoDatabase          = "3D000"
	codeNoSchema            = "3F000"
	codeNoRight             = "42501"
	codeNoTable             = "42P01"
	codeNoFunction          = "42883"
	codeSyntax              = "42601"
	codeUnsupported         = "0A000"
	codeDiskFull            = "53100"
	codeTooManyConnections  = "53300"
	codeLockTimeout         = "55P03"
	codeCanceled            = "57014"

	classConnection = "08"
	classResources  = "53"
	classOperator   = "57" // shut down, starting up, failing over
	classSystem     = "58" // errors of reading and writing
	classCorrupted  = "XX"
)

// explainServer turns what PostgreSQL, the network and the driver say into what a
// person can act on. Other errors are returned as they are, and so is the end of a
// caller who has given up.
func explainServer(ctx context.Context, config *pgx.ConnConfig, err error) error {
	if err == nil || errors.Is(context.Cause(ctx), context.Canceled) {
		return err
	}
	if _, done := errors.AsType[*control.Error](err); done {
		return err
	}
	if errors.Is(err, pgconn.ErrReadOnlyConnection) {
		return readOnly(config, err)
	}
	if told, ok := errors.AsType[*pgconn.PgError](err); ok {
		return explainCode(config, told, err)
	}
	if problem := tlsProblem(err); problem != "" {
		return fault(CodeTLS, err, "PostgreSQL at %s: %s", hosts(config), problem)
	}
	if lost(err) {
		return unreachable(config, err)
	}
	return err
}

// explainCode explains what the server itself has said.
func explainCode(config *pgx.ConnConfig, told *pgconn.PgError, err error) error {
	at, database, user := hosts(config), config.Database, config.User
	switch told.Code {
	case codeWrongPassword:
		return fault(CodeLogin, err, "PostgreSQL at %s refuses the password of %s; give the right one in --database, or in PGPASSWORD", at, user)
	case codeNoLogin:
		return fault(CodeLogin, err, "PostgreSQL at %s does not let %s in from here to the database %s (%s); look at its pg_hba.conf, and at sslmode in --database where it wants TLS", at, user, database, said(told))
	case codeNoDatabase:
		return fault(CodeNoDatabase, err, "PostgreSQL at %s has no database %s; make it there: CREATE DATABASE %s OWNER %s", at, database, database, user)
	case codeNoRight, codeNoSchema:
		return fault(CodeRights, err, "%s may not do what is needed in the database %s at %s (%s); make it the owner: ALTER DATABASE %s OWNER TO %s", user, database, at, said(told), database, user)
	case codeReadOnlyTransaction:
		return readOnly(config, err)
	case codeDiskFull:
		return fault(CodeFull, err, "the disk of PostgreSQL at %s is full; make room there and try again", at)
	case codeTooManyConnections:
		return fault(CodeBusy, err, "PostgreSQL at %s has no connection left; raise its max_connections, or close programs that use it", at)
	case codeLockTimeout, codeCanceled, codeDeadlock, codeSerialization:
		return fault(CodeBusy, err, "PostgreSQL at %s was busy with other changes for too long; try again", at)
	}
	switch told.Code[:min(2, len(told.Code))] {
	case classConnection, classOperator:
		return unreachable(config, err)
	case classResources:
		return fault(CodeBusy, err, "PostgreSQL at %s is short of something (%s); look at its log", at, said(told))
	case classSystem, classCorrupted:
		return fault(CodeDamaged, err, "PostgreSQL at %s has trouble with its files (%s); look at its log", at, said(told))
	}
	return err
}

// said is the server's own sentence, on one line.
func said(told *pgconn.PgError) string { return strings.Join(strings.Fields(told.Message), " ") }

func readOnly(config *pgx.ConnConfig, err error) error {
	return fault(CodeReadOnly, err, "PostgreSQL at %s takes no changes: it is a standby or set to read-only; name the primary in --database, or all servers with commas between them", hosts(config))
}

func unreachable(config *pgx.ConnConfig, err error) error {
	why := "it does not answer"
	switch {
	case isDNS(err):
		why = "the host is not known"
	case strings.Contains(err.Error(), "refused"):
		why = "nothing listens there"
	}
	return fault(CodeUnreachable, err, "PostgreSQL at %s cannot be reached: %s; look whether it runs, and whether --database is right", hosts(config), why)
}

func isDNS(err error) bool {
	_, ok := errors.AsType[*net.DNSError](err)
	return ok
}

// tlsProblem says what was wrong with TLS, or "".
func tlsProblem(err error) string {
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	_, otherName := errors.AsType[x509.HostnameError](err)
	_, bad := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case strings.Contains(err.Error(), "server refused TLS connection"):
		return "it does not speak TLS, which sslmode asks for; switch ssl on there"
	case unknown:
		return "its certificate is not of a trusted authority; name the authority's file with sslrootcert in --database"
	case otherName:
		return "its certificate is for another name; use that name in --database"
	case bad:
		return "its certificate is not valid; renew it"
	}
	return ""
}

// lost reports whether an error means that the server was not there, or not for long
// enough, so that it is not known what became of what was asked.
func lost(err error) bool {
	if told, ok := errors.AsType[*pgconn.PgError](err); ok {
		class := told.Code[:min(2, len(told.Code))]
		return class == classConnection || class == classOperator && told.Code != codeCanceled
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, net.ErrClosed) || pgconn.Timeout(err) ||
		strings.Contains(err.Error(), "conn closed")
}

// lostToAnother reports whether a transaction was taken back for another one's sake.
func lostToAnother(err error) bool {
	told, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (told.Code == codeDeadlock || told.Code == codeSerialization)
}

// isMissing reports whether the records are not there at all.
func isMissing(err error) bool {
	told, ok := errors.AsType[*pgconn.PgError](err)
	return ok && told.Code == codeNoTable || errors.Is(found(err), control.ErrNoRecord)
}

// isUnsupported reports whether a server that is not quite PostgreSQL lacks something.
func isUnsupported(err error) bool {
	told, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (told.Code == codeUnsupported || told.Code == codeNoFunction || told.Code == codeSyntax)
}
