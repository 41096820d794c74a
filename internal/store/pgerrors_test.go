//go:build unix

package store_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/internal/testkit/pgtest"
)

// What is wrong with a server, or with what it is asked for, is said so that a person
// can act on it, and without the password.
func TestServerRefuses(t *testing.T) {
	c := pgtest.Shared(t)
	c.SQL("postgres",
		`CREATE DATABASE another`, `CREATE DATABASE lesser`, `CREATE DATABASE locked OWNER crossgate`, `CREATE DATABASE sealed OWNER crossgate`,
		`CREATE DATABASE later OWNER crossgate`, `CREATE DATABASE emptied OWNER crossgate`,
		`ALTER DATABASE locked SET default_transaction_read_only = on`,
		`CREATE ROLE guest LOGIN PASSWORD 'hunter2'`, `CREATE ROLE nobody NOLOGIN PASSWORD 'hunter2'`,
		`CREATE ROLE single LOGIN PASSWORD 'hunter2' CONNECTION LIMIT 0`)
	c.SQL("another", `CREATE TABLE recipe (name TEXT)`)
	makeDatabase(t, c.URL("later"))
	c.SQL("later", `UPDATE crossgate_schema SET version = 1000, oldest = 1000`)
	makeDatabase(t, c.URL("emptied"))
	c.SQL("emptied", `DELETE FROM crossgate_schema`)

	as := func(user, password, database string) string {
		return (&url.URL{Scheme: "postgres", User: url.UserPassword(user, password), Host: c.Address(), Path: database, RawQuery: "sslmode=disable"}).String()
	}
	tests := []struct{ name, dsn, code, says string }{
		{"nobody listens", "postgres://ann:hunter2@127.0.0.1:1/x?sslmode=disable", store.CodeUnreachable, "nothing listens there"},
		{"a wrong password", as("crossgate", "hunter2", "sealed"), store.CodeLogin, "refuses the password of crossgate"},
		{"an unknown user", as("stranger", "hunter2", "sealed"), store.CodeLogin, "refuses the password of stranger"},
		{"a user who may not sign in", as("nobody", "hunter2", "sealed"), store.CodeLogin, "does not let nobody in"},
		{"an unknown database", as("guest", "hunter2", "nowhere"), store.CodeNoDatabase, "CREATE DATABASE nowhere OWNER guest"},
		{"no right to make tables", as("guest", "hunter2", "lesser"), store.CodeRights, "ALTER DATABASE lesser OWNER TO guest"},
		{"no schema", c.URL("sealed") + "&search_path=nowhere", store.CodeRights, "make it with CREATE SCHEMA"},
		{"no connection left", as("single", "hunter2", "sealed"), store.CodeBusy, "raise its max_connections"},
		{"no TLS there", c.URLWith("sealed", "sslmode=require"), store.CodeTLS, "switch ssl on there"},
		{"read-only", c.URL("locked"), store.CodeReadOnly, "takes no changes"},
		{"another program's", c.AdminURL("another"), store.CodeNotADatabase, "has tables of another program"},
		{"a newer schema", c.URL("later"), store.CodeNewer, "used by a newer crossgate"},
		{"no schema's version", c.URL("emptied"), store.CodeDamaged, "restore a backup with pg_restore"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			db := open(t, test.dsn)
			err := db.Connect(t.Context())
			wantError(t, err, test.code, test.says)
			cause := fmt.Sprintf("%v %+v %v", err, err, errorsChain(err))
			for _, secret := range []string{"hunter2", c.Password()} {
				if strings.Contains(cause, secret) {
					t.Errorf("the error holds the password: %s", cause)
				}
			}
		})
	}
}

// errorsChain is all that an error says, its causes included.
func errorsChain(err error) (all []string) {
	for err != nil {
		all = append(all, err.Error())
		next, ok := err.(interface{ Unwrap() error })
		if !ok {
			return all
		}
		err = next.Unwrap()
	}
	return all
}

// Addresses that cannot be read are refused at once, and not repeated: what is wrong
// with them may be a password that nobody has escaped.
func TestServerAddressesRefused(t *testing.T) {
	for _, dsn := range []string{
		"postgres://ann:hun%ter2@db/x", "postgres://ann:hun/ter2@db/x", "postgres://ann:hunter2@db:port/x",
		"postgres://ann:hunter2@db/x?sslmode=perhaps", "postgres://ann:hunter2@db/x?target_session_attrs=best",
		"postgres://ann:hunter2@a:1,b:x/y",
		"postgres://ann:h@unter2@db/x", "postgres://ann:12/unter2@db/x", "postgres://ann:12?unter2@db/x", "postgres://ann:12#unter2@db/x",
	} {
		_, err := store.Open(t.Context(), dsn, store.Config{})
		wantError(t, err, store.CodeUnsupported, "it looks like postgres://USER:PASSWORD@HOST:5432/DATABASE")
		if text := fmt.Sprint(errorsChain(err)); strings.Contains(text, "ter2") {
			t.Errorf("%s: the error holds the password: %s", dsn, text)
		}
	}
}

func TestServerByTLS(t *testing.T) {
	c := pgtest.Start(t, pgtest.Fast(), pgtest.TLS())
	c.NewDatabase(t)
	for _, test := range []struct{ query, code, says string }{
		{"sslmode=verify-full&sslrootcert=" + c.Certificate(), "", ""},
		{"sslmode=require", "", ""},
		{"", "", ""}, // prefers TLS
		{"sslmode=verify-full", store.CodeTLS, "not of a trusted authority; name the authority's file with sslrootcert"},
		{"sslmode=disable", store.CodeLogin, "look at its pg_hba.conf, and at sslmode"},
	} {
		err := open(t, c.URLWith("test1", test.query)).Connect(t.Context())
		if test.code == "" {
			must(t, err)
			continue
		}
		wantError(t, err, test.code, test.says)
	}
	other := strings.Replace(c.URLWith("test1", "sslmode=verify-full&sslrootcert="+c.Certificate()), "127.0.0.1", "localhost", 1)
	wantError(t, open(t, other).Connect(t.Context()), store.CodeTLS, "its certificate is for another name")
}

// What the server says while it serves. The full disk is a real one in TestServerDiskFull;
// here it is the server's words alone, which need no rights.
func TestServerErrorsWhileServing(t *testing.T) {
	tests := []struct{ state, code, says string }{
		{"53100", store.CodeFull, "the disk of PostgreSQL at "},
		{"57014", store.CodeBusy, "was busy with other changes for too long"},
		{"55P03", store.CodeBusy, "try again"},
		{"25006", store.CodeReadOnly, "takes no changes"},
		{"53200", store.CodeBusy, "is short of something (no such luck)"},
		{"58030", store.CodeDamaged, "has trouble with its files (no such luck)"},
		{"XX001", store.CodeDamaged, "look at its log"},
		{"57P01", store.CodeUnreachable, "cannot be reached"},
	}
	url := pgtest.NewDatabase(t)
	db := open(t, url)
	add(t, service(t, db), "app.example.com")
	server := plainServer(t, url)
	for _, test := range tests {
		t.Run(test.state, func(t *testing.T) {
			for _, statement := range []string{
				`CREATE OR REPLACE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS
					$$ BEGIN RAISE EXCEPTION 'no such luck' USING ERRCODE = '` + test.state + `'; END $$`,
				`CREATE OR REPLACE TRIGGER fails BEFORE INSERT ON trusted_domain FOR EACH ROW EXECUTE FUNCTION fails()`,
			} {
				_, err := server.Exec(statement)
				must(t, err)
			}
			_, _, err := service(t, db).AddDomains(t.Context(), operator, control.AddDomains{Text: []string{"b.example.com"}})
			wantError(t, err, test.code, test.says)
		})
	}
	_, err := server.Exec(`DROP TRIGGER fails ON trusted_domain`)
	must(t, err)
	add(t, service(t, db), "b.example.com")
}

// A caller who has given up is told so, and nothing else.
func TestServerCallerGivesUp(t *testing.T) {
	db := open(t, pgtest.NewDatabase(t))
	must(t, db.Connect(t.Context()))
	ctx, cancel := context.WithCancel(t.Context())
	err := db.Update(ctx, func(w control.Writer) error {
		cancel()
		_, err := w.Head()
		return err
	})
	if err == nil || ctx.Err() == nil {
		t.Fatalf("error %v", err)
	}
	if _, isFault := err.(*control.Error); isFault {
		t.Errorf("error %v, want what the caller did", err)
	}
	must(t, db.Update(soon(t), func(w control.Writer) error { return nil }))
}

// Records that another database was put in the place of are not written to.
func TestServersRecordsReplaced(t *testing.T) {
	c := pgtest.Shared(t)
	url := c.NewDatabase(t)
	name := databaseOf(t, url)
	db := open(t, url)
	add(t, service(t, db), "app.example.com")
	c.SQL("postgres", `DROP DATABASE `+name+` WITH (FORCE)`)
	wantError(t, db.View(soon(t), func(control.Reader) error { return nil }), store.CodeNoDatabase, "has no database")
	c.SQL("postgres", `CREATE DATABASE `+name+` OWNER crossgate`)
	wantError(t, db.View(soon(t), func(control.Reader) error { return nil }), store.CodeDamaged, "has no records any more")
	makeDatabase(t, url, "evil.example.com")
	wantError(t, db.View(soon(t), func(control.Reader) error { return nil }), store.CodeReplaced, "another one was put in its place")
	wantError(t, db.Update(soon(t), func(control.Writer) error { t.Error("it was asked to write"); return nil }), store.CodeReplaced, "another one was put in its place")
}

// A lock that another program holds for too long.
func TestServerLocked(t *testing.T) {
	url := pgtest.NewDatabase(t)
	db, err := store.Open(t.Context(), url, store.Config{Wait: 50 * time.Millisecond})
	must(t, err)
	t.Cleanup(func() { db.Close() })
	must(t, db.Connect(t.Context()))
	other, err := plainServer(t, url).Begin()
	must(t, err)
	defer other.Rollback()
	_, err = other.Exec(`SELECT * FROM head FOR UPDATE`)
	must(t, err)
	wantError(t, db.Update(soon(t), func(control.Writer) error { return nil }), store.CodeBusy, "try again")
	must(t, db.View(soon(t), func(r control.Reader) error { _, err := r.Head(); return err }))
	must(t, other.Rollback())
	must(t, db.Update(soon(t), func(control.Writer) error { return nil }))
}
