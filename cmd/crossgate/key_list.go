package main

import (
	"context"
	"flag"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func keyListCommand() command {
	return command{
		name: "key list", json: true, settings: config.ForData,
		summary: "List the management keys, the newest first",
		example: `crossgate key list --search deploy`,
		verb:    func() verb { return new(keyList) },
	}
}

// keyList is crossgate key list.
type keyList struct{ search string }

func (v *keyList) flags(fs *flag.FlagSet) {
	fs.StringVar(&v.search, "search", "", "`TEXT` only keys with this in their name or id")
}

func (v *keyList) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		all, err := allKeys(ctx, service, v.search)
		if err != nil {
			return err
		}
		names, err := namesOf(ctx, service, all...)
		switch {
		case err != nil:
			return err
		case c.json:
			list := make([]keyJSON, len(all))
			for i, k := range all {
				list[i] = keyToJSON(k, names)
			}
			return c.printJSON(list)
		case len(all) == 0 && v.search == "":
			c.note("no management keys; make one with: crossgate key create --name TEXT --role viewer")
			return nil
		case len(all) == 0:
			c.note("no management key has %q in its name or id", v.search)
			return nil
		}
		return c.tabulateKeys(all, names, time.Now())
	})
}

// allKeys returns all pages of the list.
func allKeys(ctx context.Context, service *control.Service, search string) ([]control.Key, error) {
	var all []control.Key
	for {
		page, _, err := service.Keys(ctx, control.ListQuery{Search: search, Offset: len(all), Limit: control.MaxPage})
		if all = append(all, page...); err != nil || len(page) < control.MaxPage {
			return all, err
		}
	}
}

func (c *call) tabulateKeys(all []control.Key, names siteNames, now time.Time) error {
	t := newTable(c.stdout, "ID", "NAME", "ROLE", "STATE", "EXPIRES", "ADDED", "BY", "LAST USED", "SITE")
	for _, k := range all {
		site := "all"
		if of := names.of(k.Site); of != nil {
			site = *of
		}
		t.row(k.ID, k.Name, string(k.Role), validity(k.RevokedAt, k.ExpiresAt, now), shownTime(k.ExpiresAt),
			shownTime(k.CreatedAt), k.CreatedBy, shownTime(k.LastUsed), site)
	}
	return t.flush()
}
