package store

import (
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
)

// Policy returns the policy of a site, where somebody has changed it.
func (t tx) Policy(site int64) (control.Policy, error) {
	var p control.Policy
	var seconds int64
	err := t.row(`
		SELECT version, credentials, methods, any_header, headers, max_age, expose, query_carrier,
			exempt, token_required, open_envelopes, mode
		FROM site_policy WHERE site_id = $1`, site).Scan(
		&p.Version, &p.Credentials, (*array[string])(&p.Methods), &p.AnyHeader, (*array[string])(&p.Headers),
		&seconds, (*names)(&p.Expose), &p.QueryCarrier,
		(*array[gate.ExemptPath])(&p.Exempt), &p.TokenRequired, &p.OpenEnvelopes, &p.Mode)
	p.MaxAge = time.Duration(seconds) * time.Second
	return p, found(err)
}

// PutPolicy writes the policy of a site.
func (t tx) PutPolicy(site int64, p control.Policy) error {
	return t.exec(`
		INSERT INTO site_policy (site_id, version, credentials, methods, any_header, headers, max_age, expose,
			query_carrier, exempt, token_required, open_envelopes, mode)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (site_id) DO UPDATE SET
			version = excluded.version, credentials = excluded.credentials, methods = excluded.methods,
			any_header = excluded.any_header, headers = excluded.headers, max_age = excluded.max_age,
			expose = excluded.expose, query_carrier = excluded.query_carrier, exempt = excluded.exempt,
			token_required = excluded.token_required,
			open_envelopes = excluded.open_envelopes, mode = excluded.mode`,
		site, p.Version, p.Credentials, array[string](p.Methods), p.AnyHeader, array[string](p.Headers),
		int64(p.MaxAge/time.Second), names(p.Expose), p.QueryCarrier,
		array[gate.ExemptPath](p.Exempt), p.TokenRequired, p.OpenEnvelopes, p.Mode)
}

// SealedSecret returns a secret of a site as it was sealed.
func (t tx) SealedSecret(site int64, name string) (sealed []byte, err error) {
	err = t.row(`SELECT sealed FROM sealed_secret WHERE site_id = $1 AND name = $2`, site, name).Scan(&sealed)
	return sealed, found(err)
}

// PutSealedSecret writes a sealed secret, in place of an earlier one.
func (t tx) PutSealedSecret(site int64, name string, sealed []byte, at time.Time) error {
	return t.exec(`
		INSERT INTO sealed_secret (site_id, name, sealed, created_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (site_id, name) DO UPDATE SET sealed = excluded.sealed, created_at = excluded.created_at`,
		site, name, sealed, moment(at))
}

// DeleteSealedSecret removes a sealed secret, where there is one.
func (t tx) DeleteSealedSecret(site int64, name string) error {
	return t.exec(`DELETE FROM sealed_secret WHERE site_id = $1 AND name = $2`, site, name)
}
