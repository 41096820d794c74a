package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

const (
	databaseName = "crossgate.db"

	// listLength is how many Trusted Domains there are, and how many access tokens.
	listLength = 1_000_000

	// siteCount is how many sites there are beside the default one, each with an address.
	siteCount = 100_000

	accountName     = "ada"
	accountPassword = "four ordinary words together"
)

// fillDatabase makes a database with an account and two long lists, and with a record
// of each entry and token in the log.
func fillDatabase(ctx context.Context, file string) (err error) {
	db, err := store.Open(ctx, file, store.Config{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	service, err := control.New(control.Config{Store: db})
	if err != nil {
		return err
	}
	actor := control.Actor{Kind: "command-line", Name: accountName}
	if _, err := service.AddAccount(ctx, actor, accountName, accountPassword, control.RoleOwner); err != nil {
		return err
	}
	return db.Update(ctx, func(w control.Writer) error {
		for i := range listLength {
			if err := errors.Join(insertDomain(w, actor, i), insertToken(w, actor, i)); err != nil {
				return err
			}
		}
		for i := range siteCount {
			if err := insertSite(w, actor, i); err != nil {
				return err
			}
		}
		return nil
	})
}

func insertSite(w control.Writer, actor control.Actor, i int) error {
	site := control.Site{
		Name: fmt.Sprintf("shop-%06d", i), Addresses: []string{fmt.Sprintf("https://shop-%06d.example.net", i)},
		Upstreams: []string{"http://127.0.0.1:9000"}, Enabled: true, CreatedAt: time.Now(), CreatedBy: actor.Name, Version: 1,
	}
	id, err := w.InsertSite(site)
	if err != nil {
		return err
	}
	return record(w, actor, "site.add", control.Subject{Site: id, Kind: control.SubjectSite, Name: site.Name})
}

func insertDomain(w control.Writer, actor control.Actor, i int) error {
	typed := fmt.Sprintf("shop-%06d.example.com", i)
	domain, err := trust.ParseDomain(typed)
	if err != nil {
		return err
	}
	entry := control.Domain{
		Typed: typed, Domain: domain, Label: fmt.Sprintf("Partner %d", i), Enabled: true,
		CreatedAt: time.Now(), CreatedBy: actor.Name, Version: 1,
	}
	if _, err := w.InsertDomain(control.DefaultSiteID, entry); err != nil {
		return err
	}
	return record(w, actor, "domain.add", control.Subject{Site: control.DefaultSiteID, Kind: control.SubjectDomain, Name: domain.String()})
}

func insertToken(w control.Writer, actor control.Actor, i int) error {
	id := fmt.Sprintf("tok_%020d", i)
	one := control.TokenRecord{
		Token: control.Token{
			ID: id, Name: fmt.Sprintf("Newsletter %d", i), QueryCarrier: token.QueryFull,
			CreatedAt: time.Now(), CreatedBy: actor.Name,
		},
		Digest: sha256.Sum256([]byte(id)),
	}
	if err := w.InsertToken(control.DefaultSiteID, one); err != nil {
		return err
	}
	return record(w, actor, "token.create", control.Subject{Site: control.DefaultSiteID, Kind: control.SubjectToken, Name: id})
}

func record(w control.Writer, actor control.Actor, action string, what control.Subject) error {
	_, err := w.Record(control.AuditRecord{
		Change: control.Change{At: time.Now(), Actor: actor, Action: action, Summary: action + " " + what.Name},
		Site:   control.DefaultSiteID,
		Before: []byte("null"), After: []byte("null"),
	}, []control.Subject{what}, what.Name)
	return err
}
