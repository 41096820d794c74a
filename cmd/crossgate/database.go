package main

import (
	"context"
	"os/user"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
)

// withDatabase opens the database of the settings for as long as do runs.
func (c *call) withDatabase(ctx context.Context, do func(*store.DB) error) (err error) {
	db, err := store.Open(ctx, c.settings.Database, store.Config{})
	if err != nil {
		return err
	}
	defer func() {
		if e := db.Close(); e != nil && err == nil {
			err = cannot("close the database "+db.Path(), e)
		}
	}()
	if err := db.Connect(ctx); err != nil {
		return err
	}
	if db.Created() {
		c.note("made a new database: %s", db.Path())
	}
	return do(db)
}

// withControl opens the control plane over the database of the settings for as
// long as do runs.
func (c *call) withControl(ctx context.Context, do func(*control.Service) error) error {
	return c.withDatabase(ctx, func(db *store.DB) error {
		sealer, err := newSealer(c.settings)
		if err != nil {
			return err
		}
		service, err := control.New(control.Config{Store: db, Own: c.settings.PublicURLs, Sealer: sealer})
		if err != nil {
			return err
		}
		here, err := c.siteOf(ctx, service)
		if err != nil {
			return err
		}
		return do(here)
	})
}

// operator is who runs the command line, for the audit log.
func operator() control.Actor {
	name := "unknown"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return control.Actor{Kind: "command-line", Name: name}
}
