package store

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/trust"
)

// Domains returns a page of the list, the newest first. What is passed over on the
// way to the page is passed over in an index.
func (t tx) Domains(site int64, q control.ListQuery) ([]control.Domain, error) {
	if q.Within > 0 && q.Search != "" {
		return t.domainsWithin(site, q)
	}
	return collect(t, scanDomain, `
		SELECT d.id, d.typed, d.domain, d.label, d.enabled, d.expires_at, d.created_at, d.created_by, d.version,
			u.last_seen, coalesce(u.hits, 0)
		FROM (
			SELECT id AS found FROM trusted_domain
			WHERE site_id = $1 AND ($2 = '' OR search LIKE $3 ESCAPE '\')
			ORDER BY id DESC LIMIT $4 OFFSET $5
		) page JOIN trusted_domain d ON d.id = page.found LEFT JOIN domain_usage u ON u.domain_id = d.id
		ORDER BY d.id DESC`, site, q.Search, containing(q.Search), q.Limit, q.Offset)
}

// domainsWithin is Domains of what a search finds among so many of the newest.
func (t tx) domainsWithin(site int64, q control.ListQuery) ([]control.Domain, error) {
	return collect(t, scanDomain, `
		SELECT d.id, d.typed, d.domain, d.label, d.enabled, d.expires_at, d.created_at, d.created_by, d.version,
			u.last_seen, coalesce(u.hits, 0)
		FROM (
			SELECT id AS found FROM (
				SELECT id, search FROM trusted_domain WHERE site_id = $1 ORDER BY id DESC LIMIT $5
			) newest WHERE search LIKE $2 ESCAPE '\'
			ORDER BY id DESC LIMIT $3 OFFSET $4
		) page JOIN trusted_domain d ON d.id = page.found LEFT JOIN domain_usage u ON u.domain_id = d.id
		ORDER BY d.id DESC`, site, containing(q.Search), q.Limit, q.Offset, q.Within)
}

// DomainsBefore returns a page of the list, of entries with a lower id.
func (t tx) DomainsBefore(site int64, search string, before int64, most int) ([]control.Domain, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	return collect(t, scanDomain, `
		SELECT d.id, d.typed, d.domain, d.label, d.enabled, d.expires_at, d.created_at, d.created_by, d.version,
			u.last_seen, coalesce(u.hits, 0)
		FROM (
			SELECT id AS found FROM trusted_domain
			WHERE site_id = $1 AND id < $2 AND ($3 = '' OR search LIKE $4 ESCAPE '\')
			ORDER BY id DESC LIMIT $5
		) page JOIN trusted_domain d ON d.id = page.found LEFT JOIN domain_usage u ON u.domain_id = d.id
		ORDER BY d.id DESC`, site, before, search, containing(search), most)
}

// CountDomains returns how many entries a search finds.
func (t tx) CountDomains(site int64, search string) (n int, err error) {
	err = t.row(`
		SELECT count(*) FROM trusted_domain
		WHERE site_id = $1 AND ($2 = '' OR search LIKE $3 ESCAPE '\')`, site, search, containing(search)).Scan(&n)
	return n, err
}

// Domain returns one entry by its id.
func (t tx) Domain(site, id int64) (control.Domain, error) {
	d, err := scanDomain(t.row(`
		SELECT d.id, d.typed, d.domain, d.label, d.enabled, d.expires_at, d.created_at, d.created_by, d.version,
			u.last_seen, coalesce(u.hits, 0)
		FROM trusted_domain d LEFT JOIN domain_usage u ON u.domain_id = d.id
		WHERE d.site_id = $1 AND d.id = $2`, site, id))
	return d, found(err)
}

// DomainOf returns the entry of a domain.
func (t tx) DomainOf(site int64, of trust.Domain) (control.Domain, error) {
	d, err := scanDomain(t.row(`
		SELECT d.id, d.typed, d.domain, d.label, d.enabled, d.expires_at, d.created_at, d.created_by, d.version,
			u.last_seen, coalesce(u.hits, 0)
		FROM trusted_domain d LEFT JOIN domain_usage u ON u.domain_id = d.id
		WHERE d.site_id = $1 AND d.domain = $2`, site, entry(of)))
	return d, found(err)
}

func scanDomain(row scanner) (control.Domain, error) {
	var d control.Domain
	err := row.Scan(&d.ID, &d.Typed, (*entry)(&d.Domain), &d.Label, &d.Enabled, (*moment)(&d.ExpiresAt),
		(*moment)(&d.CreatedAt), &d.CreatedBy, &d.Version, (*moment)(&d.LastSeen), &d.Hits)
	return d, err
}

// Entries returns the whole list.
func (t tx) Entries(site int64) ([]trust.Entry, error) {
	return collect(t, scanEntry, `
		SELECT id, domain, enabled = 0, expires_at
		FROM trusted_domain WHERE site_id = $1 ORDER BY id`, site)
}

// EntriesNamed returns the entries of these domains that are on the list.
func (t tx) EntriesNamed(site int64, domains []string) ([]trust.Entry, error) {
	var all []trust.Entry
	for part := range slices.Chunk(domains, namesAtOnce) {
		list, err := collect(t, scanEntry, `
			SELECT id, domain, enabled = 0, expires_at
			FROM trusted_domain WHERE site_id = $1 AND domain IN (`+places(2, len(part))+`) ORDER BY id`, with(site, part)...)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// namesAtOnce is how many names one statement asks for.
const namesAtOnce = 200

// places is $2, $3 and so on: n of them from the first.
func places(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", first+i)
	}
	return b.String()
}

func with(site int64, names []string) []any {
	args := make([]any, 0, len(names)+1)
	args = append(args, site)
	for _, name := range names {
		args = append(args, name)
	}
	return args
}

// EachEntry visits the lists of all sites, one after the other.
func (t tx) EachEntry(visit func(int64, trust.Entry) error) error {
	return visitRows(t, func(row scanner) error {
		var site int64
		var e trust.Entry
		if err := row.Scan(&site, &e.ID, (*entry)(&e.Domain), &e.Disabled, (*moment)(&e.Expires)); err != nil {
			return err
		}
		return visit(site, e)
	}, `
		SELECT site_id, id, domain, enabled = 0, expires_at
		FROM trusted_domain ORDER BY site_id, id`)
}

func scanEntry(row scanner) (trust.Entry, error) {
	var e trust.Entry
	err := row.Scan(&e.ID, (*entry)(&e.Domain), &e.Disabled, (*moment)(&e.Expires))
	return e, err
}

// InsertDomain writes an entry, with its own id where it has one already.
func (t tx) InsertDomain(site int64, d control.Domain) (int64, error) {
	if d.ID != 0 {
		return d.ID, t.restoreDomain(site, d)
	}
	err := t.row(`
		INSERT INTO trusted_domain (site_id, typed, domain, label, search, enabled, expires_at, created_at, created_by, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		RETURNING id`,
		site, d.Typed, entry(d.Domain), d.Label, searchText(d), d.Enabled, moment(d.ExpiresAt),
		moment(d.CreatedAt), d.CreatedBy, d.Version).Scan(&d.ID)
	return d.ID, err
}

func (t tx) restoreDomain(site int64, d control.Domain) error {
	return t.exec(`
		INSERT INTO trusted_domain (id, site_id, typed, domain, label, search, enabled, expires_at, created_at, created_by, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		d.ID, site, d.Typed, entry(d.Domain), d.Label, searchText(d), d.Enabled, moment(d.ExpiresAt),
		moment(d.CreatedAt), d.CreatedBy, d.Version)
}

// UpdateDomain writes what can change of an entry.
func (t tx) UpdateDomain(site int64, d control.Domain) error {
	return t.execOne(`
		UPDATE trusted_domain SET label = $3, search = $4, enabled = $5, expires_at = $6, version = $7
		WHERE site_id = $1 AND id = $2`,
		site, d.ID, d.Label, searchText(d), d.Enabled, moment(d.ExpiresAt), d.Version)
}

// DeleteDomain takes an entry off the list.
func (t tx) DeleteDomain(site, id int64) error {
	return t.execOne(`DELETE FROM trusted_domain WHERE site_id = $1 AND id = $2`, site, id)
}

// searchText is what a person may look for: the entry as normalised, readable
// and typed, and its label.
func searchText(d control.Domain) string {
	text := d.Domain.String()
	if readable := d.Domain.Unicode(); readable != text {
		text += " " + readable
	}
	return strings.ToLower(fmt.Sprintf("%s %s", text, d.Label))
}
