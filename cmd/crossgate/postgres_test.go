//go:build unix

package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/crossgate/crossgate/internal/testkit/pgtest"
)

// TestScriptsOnPostgreSQL runs the scripts of TestScripts once more: the program is the
// same to whoever uses it with another database.
func TestScriptsOnPostgreSQL(t *testing.T) {
	all, err := filepath.Glob("testdata/script/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(name string) bool { return aboutFiles(t, name) })
	params := scripts(t)
	params.Dir, params.Files, params.UpdateScripts = "", all, false
	params.Setup = func(env *testscript.Env) error {
		key := make([]byte, 32)
		rand.Read(key)
		env.Setenv("CROSSGATE_DATABASE", pgtest.NewDatabase(t))
		env.Setenv("CROSSGATE_SECRET_KEY", base64.StdEncoding.EncodeToString(key))
		return nil
	}
	testscript.Run(t, params)
}

// aboutFiles reports whether a script is about SQLite's files, or has a database
// of its own or none.
func aboutFiles(t *testing.T, name string) bool {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(text, []byte("crossgate.db")) || slices.Contains([]string{"explain.txt", "postgres.txt"}, filepath.Base(name))
}
