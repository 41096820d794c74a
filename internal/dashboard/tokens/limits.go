package tokens

import (
	"fmt"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/token"
)

// How much of a token a row shows: a page of the longest stays below 60 KB.
const (
	maxShown        = 200 // characters of a name, as many as there can be
	maxPrefixShown  = 80  // characters of a path prefix
	maxDomainsShown = 3
)

// A fact is one limit of a token, in words.
type fact struct{ Name, Text string }

// A tokenView is a token as it is shown.
type tokenView struct {
	ID      string
	Name    string
	Badges  []badge
	Revoked bool
	Limits  []string // in words, shortened
	Facts   []fact   // in words, whole
	Used    shell.When
	Created shell.When
	By      string
}

// A badge is one thing to know of a token at a glance.
type badge struct{ Kind, Text, Hint string }

func newTokenView(now time.Time, t control.Token) tokenView {
	return tokenView{
		ID: t.ID, Name: shell.Cut(t.Name, maxShown),
		Badges: badges(now, t), Revoked: !t.RevokedAt.IsZero(),
		Limits: limits(t), Facts: facts(t),
		Used: shell.NewWhen(now, t.LastUsed), Created: shell.NewWhen(now, t.CreatedAt), By: t.CreatedBy,
	}
}

// badges says whether a token is of use, and until when.
func badges(now time.Time, t control.Token) []badge {
	if !t.RevokedAt.IsZero() {
		when := shell.NewWhen(now, t.RevokedAt)
		return []badge{{"expired", "Revoked " + when.Text, "Revoked on " + when.Exact + ": requests with it are refused."}}
	}
	if t.ExpiresAt.IsZero() {
		return nil
	}
	when := shell.NewWhen(now, t.ExpiresAt)
	if !now.Before(t.ExpiresAt) {
		return []badge{{"expired", "Expired " + when.Text, "Expired on " + when.Exact + ": requests with it are refused."}}
	}
	return []badge{{"soon", "Expires " + when.Text, "Of use until " + when.Exact + "."}}
}

// limits says in a few words what a token is not good for; nothing is everything.
func limits(t control.Token) []string {
	var all []string
	if t.Methods != nil {
		all = append(all, strings.Join(t.Methods, ", ")+" only")
	}
	if t.PathPrefix != "" {
		all = append(all, "below "+shell.Cut(t.PathPrefix, maxPrefixShown))
	}
	if t.Domains != nil {
		all = append(all, "pages of "+domainNames(t, maxDomainsShown)+serversToo(t))
	}
	switch t.QueryCarrier {
	case token.QueryOff:
		all = append(all, "not in a query")
	case token.QueryRead:
		all = append(all, "in the query of GET and HEAD only")
	}
	return all
}

// domainNames lists the entries that a token is bound to, at most limit of them.
func domainNames(t control.Token, limit int) string {
	var names []string
	for i, d := range t.Domains {
		if i == limit {
			return strings.Join(names, ", ") + fmt.Sprintf(" and %d more", len(t.Domains)-limit)
		}
		names = append(names, d.String())
	}
	return strings.Join(names, ", ")
}

func serversToo(t control.Token) string {
	if t.Servers {
		return ", and servers"
	}
	return ""
}

// facts says all of what a token is good for.
func facts(t control.Token) []fact {
	methods, paths := "Every method that the site policy grants", "Every path"
	if t.Methods != nil {
		methods = strings.Join(t.Methods, ", ")
	}
	if t.PathPrefix != "" {
		paths = t.PathPrefix + " and everything below it"
	}
	return []fact{{"Methods", methods}, {"Paths", paths}, {"Pages", pagesText(t)}, {"In a query", queryText(t.QueryCarrier)}}
}

func pagesText(t control.Token) string {
	switch {
	case t.Domains == nil:
		return "Of every Trusted Domain; servers, too"
	case t.Servers:
		return "Of " + domainNames(t, len(t.Domains)) + "; servers, too"
	}
	return "Of " + domainNames(t, len(t.Domains)) + "; no servers"
}

func queryText(q token.QueryCarrier) string {
	switch q {
	case token.QueryOff:
		return "Never; only in the Authorization header or in the body"
	case token.QueryRead:
		return "Of GET and HEAD"
	}
	return "Of every request"
}
