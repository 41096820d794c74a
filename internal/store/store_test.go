package store_test

import (
	"path/filepath"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/internal/testkit/storetest"
)

func TestSQLiteConforms(t *testing.T) {
	storetest.Run(t, func(t *testing.T) control.Store { return open(t, newPath(t)) })
}

// newPath is a file that does not exist, with a name that is awkward in a URI.
func newPath(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "cross gate?#%.db")
}

// open opens a database, closed when the test ends.
func open(t *testing.T, path string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), path, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// service is the control plane over a database.
func service(t *testing.T, s control.Store) *control.Service {
	t.Helper()
	c, err := control.New(control.Config{Store: s})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var operator = control.Actor{Kind: "command-line", Name: "operator"}

// add adds entries, and fails the test where they are refused.
func add(t *testing.T, c *control.Service, text ...string) control.Change {
	t.Helper()
	_, change, err := c.AddDomains(t.Context(), operator, control.AddDomains{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return change
}
