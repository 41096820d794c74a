package store

import "github.com/crossgate/crossgate/internal/control"

// AddDomainUsage adds to what was seen of an entry, where there is one: its id is of one
// site alone.
func (t tx) AddDomainUsage(id int64, seen control.Seen) error {
	return t.exec(`
		INSERT INTO domain_usage (domain_id, site_id, hits, last_seen)
		SELECT id, site_id, CAST($2 AS BIGINT), CAST($3 AS BIGINT)
		FROM trusted_domain WHERE id = $1
		ON CONFLICT (domain_id) DO UPDATE SET
			hits = domain_usage.hits + excluded.hits,
			last_seen = CASE WHEN excluded.last_seen > domain_usage.last_seen
				THEN excluded.last_seen ELSE domain_usage.last_seen END`,
		id, seen.Hits, moment(seen.Last))
}

// AddTokenUsage adds to what was seen of an access token, where there is one.
func (t tx) AddTokenUsage(id string, seen control.Seen) error {
	return t.exec(`
		INSERT INTO token_usage (token_id, site_id, hits, last_seen)
		SELECT id, site_id, CAST($2 AS BIGINT), CAST($3 AS BIGINT)
		FROM access_token WHERE id = $1
		ON CONFLICT (token_id) DO UPDATE SET
			hits = token_usage.hits + excluded.hits,
			last_seen = CASE WHEN excluded.last_seen > token_usage.last_seen
				THEN excluded.last_seen ELSE token_usage.last_seen END`,
		id, seen.Hits, moment(seen.Last))
}
