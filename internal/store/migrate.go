package store

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

//go:embed migrations
var migrationFiles embed.FS

// A migration takes the schema from the version before to its own. Expand, then
// contract: a migration adds, with a default for what others do not know of, so that
// the program before works on beside this one. What is not used any more is removed by
// a later one, which then says in its file which schema a program has to know at least
// (oldest, in crossgate_schema).
type migration struct {
	version int
	name    string
	text    string
}

// knownToFile are the migrations of SQLite.
func knownToFile() []migration { return mustRead("migrations") }

// knownToServer are the migrations of PostgreSQL, with numbers of their own.
func knownToServer() []migration { return mustRead("migrations/postgres") }

// serverTriggers are PostgreSQL's triggers.
func serverTriggers() string {
	text, err := migrationFiles.ReadFile("migrations/postgres/triggers.sql")
	if err != nil {
		panic(err)
	}
	return string(text)
}

// mustRead returns the migrations of a folder in order. They are part of the program:
// a test reads them, too, so that there is no program in which they are wrong.
func mustRead(folder string) []migration {
	list, err := migrations(folder)
	if err != nil {
		panic(err)
	}
	return list
}

// migrations returns those of a folder in order, numbered from 1 without a gap.
func migrations(folder string) ([]migration, error) {
	names, err := fs.Glob(migrationFiles, folder+"/0*.sql")
	if err != nil {
		return nil, err
	}
	list := make([]migration, len(names))
	for i, name := range names {
		base := path.Base(name)
		number, _, _ := strings.Cut(base, "_")
		version, err := strconv.Atoi(number)
		if err != nil || version != i+1 {
			return nil, fmt.Errorf("migration %s is not number %d", base, i+1)
		}
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		list[i] = migration{version, base, string(text)}
	}
	return list, nil
}
