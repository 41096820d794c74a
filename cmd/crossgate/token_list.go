package main

import (
	"context"
	"flag"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func tokenListCommand() command {
	return command{
		name: "token list", json: true, settings: config.ForData | config.ForPlace,
		summary: "List the access tokens, the newest first, never their secrets",
		example: `crossgate token list --json`,
		verb:    func() verb { return new(tokenList) },
	}
}

// tokenList is crossgate token list.
type tokenList struct{ search string }

func (v *tokenList) flags(fs *flag.FlagSet) {
	fs.StringVar(&v.search, "search", "", "`TEXT` only tokens with this in their name or id")
}

func (v *tokenList) run(ctx context.Context, c *call) error {
	return c.withControl(ctx, func(service *control.Service) error {
		found, err := v.all(ctx, service)
		if err != nil {
			return err
		}
		if c.json {
			list := make([]tokenJSON, len(found))
			for i, t := range found {
				list[i] = tokenToJSON(t)
			}
			return c.printJSON(list)
		}
		return c.tabulateTokens(found, time.Now())
	})
}

// all reads the list page by page.
func (v *tokenList) all(ctx context.Context, service *control.Service) ([]control.Token, error) {
	var list []control.Token
	for {
		page, _, err := service.Tokens(ctx, control.ListQuery{Search: v.search, Offset: len(list), Limit: control.MaxPage})
		list = append(list, page...)
		if err != nil || len(page) < control.MaxPage {
			return list, err
		}
	}
}

func (c *call) tabulateTokens(found []control.Token, now time.Time) error {
	if len(found) == 0 {
		c.note("no access tokens; make one with: crossgate token create --name TEXT")
		return nil
	}
	t := newTable(c.stdout, "ID", "NAME", "STATE", "EXPIRES", "METHODS", "PATH", "DOMAINS", "LAST USED")
	for _, tok := range found {
		var domains []string
		for _, d := range tok.Domains {
			domains = append(domains, d.Unicode())
		}
		t.row(tok.ID, tok.Name, tokenState(tok, now), shownTime(tok.ExpiresAt), strings.Join(tok.Methods, ","),
			tok.PathPrefix, strings.Join(domains, ","), shownTime(tok.LastUsed))
	}
	return t.flush()
}
