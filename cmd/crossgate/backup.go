package main

import (
	"context"
	"flag"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/store"
)

func backupCommand() command {
	return command{
		name: "backup", args: "FILE", min: 1, max: 1, json: true, settings: config.ForData,
		summary: "Copy the database, as it is at one moment, to a new file",
		about: `
The server may run on meanwhile. A file that exists is never overwritten. The copy
is a database that can be used as it is: put it in the place of the old one. The
key that seals the upstream credential is not in it: keep that, too. PostgreSQL has
its own tool for this, pg_dump: the command says how to call it.`,
		example: `crossgate backup crossgate-backup.db`,
		verb:    func() verb { return new(backup) },
	}
}

// backup is crossgate backup.
type backup struct{}

func (*backup) flags(*flag.FlagSet) {}

// backupJSON is the result as scripts read it.
type backupJSON struct {
	Database string `json:"database"`
	Backup   string `json:"backup"`
}

func (*backup) run(ctx context.Context, c *call) error {
	return c.withDatabase(ctx, func(db *store.DB) error {
		if err := db.Backup(ctx, c.args[0]); err != nil {
			return err
		}
		if c.json {
			return c.printJSON(backupJSON{Database: db.Path(), Backup: c.args[0]})
		}
		c.say("copied %s to %s", db.Path(), c.args[0])
		return nil
	})
}
