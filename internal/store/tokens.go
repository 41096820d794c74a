package store

import (
	"database/sql"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// Tokens returns a page of the access tokens, the newest first.
func (t tx) Tokens(site int64, q control.ListQuery) ([]control.Token, error) {
	if q.Within > 0 && q.Search != "" {
		return t.tokensWithin(site, q)
	}
	return collect(t, scanToken, `
		SELECT a.id, a.name, a.expires_at, a.revoked_at, a.methods, a.path_prefix, a.domains, a.servers,
			a.created_at, a.created_by, a.query_carrier, u.last_seen
		FROM (
			SELECT id AS found FROM access_token
			WHERE site_id = $1 AND ($2 = '' OR search LIKE $3 ESCAPE '\')
			ORDER BY created_at DESC, id DESC LIMIT $4 OFFSET $5
		) page JOIN access_token a ON a.id = page.found LEFT JOIN token_usage u ON u.token_id = a.id
		ORDER BY a.created_at DESC, a.id DESC`, site, q.Search, containing(q.Search), q.Limit, q.Offset)
}

// tokensWithin is Tokens of what a search finds among so many of the newest.
func (t tx) tokensWithin(site int64, q control.ListQuery) ([]control.Token, error) {
	return collect(t, scanToken, `
		SELECT a.id, a.name, a.expires_at, a.revoked_at, a.methods, a.path_prefix, a.domains, a.servers,
			a.created_at, a.created_by, a.query_carrier, u.last_seen
		FROM (
			SELECT id AS found FROM (
				SELECT id, created_at, search FROM access_token WHERE site_id = $1 ORDER BY created_at DESC, id DESC LIMIT $5
			) newest WHERE search LIKE $2 ESCAPE '\'
			ORDER BY created_at DESC, id DESC LIMIT $3 OFFSET $4
		) page JOIN access_token a ON a.id = page.found LEFT JOIN token_usage u ON u.token_id = a.id
		ORDER BY a.created_at DESC, a.id DESC`, site, containing(q.Search), q.Limit, q.Offset, q.Within)
}

// CountTokens returns how many tokens a search finds.
func (t tx) CountTokens(site int64, search string) (n int, err error) {
	err = t.row(`
		SELECT count(*) FROM access_token
		WHERE site_id = $1 AND ($2 = '' OR search LIKE $3 ESCAPE '\')`, site, search, containing(search)).Scan(&n)
	return n, err
}

// Token returns one token by its id.
func (t tx) Token(site int64, id string) (control.Token, error) {
	got, err := scanToken(t.row(`
		SELECT a.id, a.name, a.expires_at, a.revoked_at, a.methods, a.path_prefix, a.domains, a.servers,
			a.created_at, a.created_by, a.query_carrier, u.last_seen
		FROM access_token a LEFT JOIN token_usage u ON u.token_id = a.id
		WHERE a.site_id = $1 AND a.id = $2`, site, id))
	return got, found(err)
}

func scanToken(row scanner) (control.Token, error) {
	var k control.Token
	err := row.Scan(&k.ID, &k.Name, (*moment)(&k.ExpiresAt), (*moment)(&k.RevokedAt),
		(*array[string])(&k.Methods), &k.PathPrefix, (*array[trust.Domain])(&k.Domains), &k.Servers,
		(*moment)(&k.CreatedAt), &k.CreatedBy, &k.QueryCarrier, (*moment)(&k.LastUsed))
	return k, err
}

// EachGrant visits what every token of a site allows; of 0, of all sites, one after the other.
func (t tx) EachGrant(site int64, visit func(int64, token.Digest, *token.Grant) error) error {
	of, where, args := site, `WHERE site_id = $1`, []any{site}
	if site == 0 {
		where, args = `ORDER BY site_id`, nil // in one condition with the other it would read all for one
	}
	return visitRows(t, func(row scanner) error {
		g, err := scanGrant(row, &of)
		if err != nil {
			return err
		}
		return visit(of, g.digest, &g.Grant)
	}, `SELECT `+grantColumns+` FROM access_token `+where, args...)
}

// Grant returns what one token allows, and its digest.
func (t tx) Grant(site int64, id string) (token.Digest, *token.Grant, error) {
	g, err := scanGrant(t.row(`
		SELECT `+grantColumns+`
		FROM access_token WHERE site_id = $1 AND id = $2`, site, id), new(int64))
	return g.digest, &g.Grant, found(err)
}

// grantColumns are those that requests are judged by. What most tokens have is null: a
// million of them are read when a node starts, and nulls take the least time.
const grantColumns = `site_id, digest, id, name, expires_at, revoked_at IS NOT NULL, servers,
	nullif(methods, '[]'), nullif(path_prefix, ''), nullif(domains, '[]'), nullif(query_carrier, 'full')`

type grant struct {
	digest token.Digest
	token.Grant
}

func scanGrant(row scanner, site *int64) (*grant, error) {
	var g grant
	var prefix, carrier sql.NullString
	err := row.Scan(site, (*digest)(&g.digest), &g.ID, &g.Subject, (*moment)(&g.Expires), &g.Revoked, &g.Servers,
		(*array[string])(&g.Methods), &prefix, (*array[trust.Domain])(&g.Domains), &carrier)
	g.PathPrefix, g.QueryCarrier = prefix.String, token.QueryFull
	if carrier.Valid {
		g.QueryCarrier = token.QueryCarrier(carrier.String)
	}
	return &g, err
}

// InsertToken writes a new token.
func (t tx) InsertToken(site int64, k control.TokenRecord) error {
	return t.exec(`
		INSERT INTO access_token (id, site_id, digest, name, search, expires_at, methods, path_prefix, domains, servers, created_at, created_by, query_carrier)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		k.ID, site, digest(k.Digest), k.Name, strings.ToLower(k.Name+" "+k.ID), moment(k.ExpiresAt),
		array[string](k.Methods), k.PathPrefix, array[trust.Domain](k.Domains), k.Servers,
		moment(k.CreatedAt), k.CreatedBy, k.QueryCarrier)
}

// RevokeToken ends a token.
func (t tx) RevokeToken(site int64, id string, at time.Time) error {
	return t.execOne(`UPDATE access_token SET revoked_at = $3 WHERE site_id = $1 AND id = $2`, site, id, moment(at))
}
