package store

import (
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// EachSite visits every site that was not removed, by id.
func (t tx) EachSite(visit func(control.Site) error) error {
	addresses, err := t.allAddresses()
	if err != nil {
		return err
	}
	return visitRows(t, func(row scanner) error {
		s, err := scanSite(row)
		if err != nil {
			return err
		}
		s.Addresses = addresses[s.ID]
		return visit(s)
	}, `
		SELECT id, name, upstreams, health_path, enabled, created_at, created_by, version
		FROM site WHERE removed_at IS NULL ORDER BY id`)
}

// allAddresses returns the addresses of all sites, by site.
func (t tx) allAddresses() (map[int64][]string, error) {
	all := make(map[int64][]string)
	return all, visitRows(t, func(row scanner) error {
		var site int64
		var address string
		if err := row.Scan(&site, &address); err != nil {
			return err
		}
		all[site] = append(all[site], address)
		return nil
	}, `SELECT site_id, address FROM site_address ORDER BY site_id, position`)
}

// Sites returns a page of the sites by name, the default one first.
func (t tx) Sites(q control.ListQuery) ([]control.Site, error) {
	list, err := collect(t, scanSite, `
		SELECT id, name, upstreams, health_path, enabled, created_at, created_by, version
		FROM site WHERE removed_at IS NULL AND ($1 = '' OR search LIKE $2 ESCAPE '\')
		ORDER BY CASE WHEN id = 1 THEN 0 ELSE 1 END, name LIMIT $3 OFFSET $4`,
		q.Search, containing(q.Search), q.Limit, q.Offset)
	for i := range list {
		if err == nil {
			list[i].Addresses, err = t.addresses(list[i].ID)
		}
	}
	return list, err
}

// CountSites returns how many sites a search finds.
func (t tx) CountSites(search string) (n int, err error) {
	err = t.row(`
		SELECT count(*) FROM site
		WHERE removed_at IS NULL AND ($1 = '' OR search LIKE $2 ESCAPE '\')`, search, containing(search)).Scan(&n)
	return n, err
}

// SiteOf returns one site by its id.
func (t tx) SiteOf(id int64) (control.Site, error) {
	return t.oneSite(t.row(`
		SELECT id, name, upstreams, health_path, enabled, created_at, created_by, version
		FROM site WHERE id = $1 AND removed_at IS NULL`, id))
}

// SiteNamed returns one site by its name.
func (t tx) SiteNamed(name string) (control.Site, error) {
	return t.oneSite(t.row(`
		SELECT id, name, upstreams, health_path, enabled, created_at, created_by, version
		FROM site WHERE name = $1 AND removed_at IS NULL`, name))
}

func (t tx) oneSite(row scanner) (control.Site, error) {
	s, err := scanSite(row)
	if err != nil {
		return s, found(err)
	}
	s.Addresses, err = t.addresses(s.ID)
	return s, err
}

func scanSite(row scanner) (control.Site, error) {
	var s control.Site
	err := row.Scan(&s.ID, &s.Name, (*array[string])(&s.Upstreams), &s.HealthPath, (*flag)(&s.Enabled),
		(*moment)(&s.CreatedAt), &s.CreatedBy, &s.Version)
	return s, err
}

func (t tx) addresses(site int64) ([]string, error) {
	return collect(t, scanText, `SELECT address FROM site_address WHERE site_id = $1 ORDER BY position`, site)
}

func scanText(row scanner) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}

// SiteAt returns the site that has an address.
func (t tx) SiteAt(address string) (id int64, err error) {
	err = t.row(`SELECT site_id FROM site_address WHERE address = $1`, address).Scan(&id)
	return id, found(err)
}

// SitesWithPolicy returns the sites that have a policy of their own or a sealed secret.
func (t tx) SitesWithPolicy(secret string) ([]int64, error) {
	return collect(t, scanID, `
		SELECT site_id FROM site_policy
		UNION SELECT site_id FROM sealed_secret WHERE name = $1`, secret)
}

func scanID(row scanner) (id int64, err error) {
	err = row.Scan(&id)
	return id, err
}

// InsertSite writes a new site.
func (t tx) InsertSite(s control.Site) (int64, error) {
	err := t.row(`
		INSERT INTO site (name, upstreams, health_path, enabled, created_at, created_by, version, search)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		RETURNING id`,
		s.Name, array[string](s.Upstreams), s.HealthPath, flag(s.Enabled), moment(s.CreatedAt), s.CreatedBy,
		s.Version, siteSearch(s)).Scan(&s.ID)
	if err != nil {
		return 0, err
	}
	return s.ID, t.putAddresses(s)
}

// UpdateSite writes what can change of a site.
func (t tx) UpdateSite(s control.Site) error {
	err := t.execOne(`
		UPDATE site SET upstreams = $2, health_path = $3, enabled = $4, version = $5, search = $6
		WHERE id = $1 AND removed_at IS NULL`,
		s.ID, array[string](s.Upstreams), s.HealthPath, flag(s.Enabled), s.Version, siteSearch(s))
	if err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM site_address WHERE site_id = $1`, s.ID); err != nil {
		return err
	}
	return t.putAddresses(s)
}

func (t tx) putAddresses(s control.Site) error {
	for i, address := range s.Addresses {
		err := t.exec(`INSERT INTO site_address (address, site_id, position) VALUES ($1, $2, $3)`, address, s.ID, i)
		if err != nil {
			return err
		}
	}
	return nil
}

// siteSearch is what a person may look for.
func siteSearch(s control.Site) string {
	text := s.Name
	for _, address := range s.Addresses {
		text += " " + address
	}
	return text
}

// siteTables hold what goes with a site, those that refer to others first.
var siteTables = []string{
	"domain_usage", "token_usage", "trusted_domain", "access_token", "site_policy", "sealed_secret",
	"traffic", "origin_day", "refused_origin", "ignored_origin", "site_member", "site_address", "invitation", "api_key",
}

// RemoveSite takes away all that a site has. Its row stays for the audit log, under a
// name that nobody can type.
func (t tx) RemoveSite(id int64, at time.Time) error {
	for _, table := range siteTables {
		if err := t.exec(`DELETE FROM `+table+` WHERE site_id = $1`, id); err != nil {
			return err
		}
	}
	return t.execOne(`
		UPDATE site SET name = name || ' #' || id, removed_at = $2
		WHERE id = $1 AND removed_at IS NULL`, id, moment(at))
}

// Members returns the accounts that have a role at a site, by name.
func (t tx) Members(site int64) ([]control.Member, error) {
	return collect(t, scanMember, `
		SELECT a.name, m.role, CASE WHEN a.confined = 1 THEN '' ELSE a.role END
		FROM site_member m JOIN account a ON a.id = m.account_id
		WHERE m.site_id = $1 ORDER BY a.name`, site)
}

func scanMember(row scanner) (m control.Member, err error) {
	err = row.Scan(&m.Account, &m.Role, &m.Everywhere)
	return m, err
}

// MemberRole returns what an account may do at a site as its member.
func (t tx) MemberRole(site, account int64) (role control.Role, err error) {
	err = t.row(`SELECT role FROM site_member WHERE site_id = $1 AND account_id = $2`, site, account).Scan(&role)
	return role, found(err)
}

// Memberships returns where an account is a member, by the site's name.
func (t tx) Memberships(account int64) ([]control.Membership, error) {
	return collect(t, scanMembership, `
		SELECT s.id, s.name, m.role
		FROM site_member m JOIN site s ON s.id = m.site_id
		WHERE m.account_id = $1 ORDER BY s.name`, account)
}

func scanMembership(row scanner) (m control.Membership, err error) {
	err = row.Scan(&m.Site.ID, &m.Site.Name, &m.Role)
	return m, err
}

// PutMember writes what an account may do at a site.
func (t tx) PutMember(site, account int64, role control.Role) error {
	return t.exec(`
		INSERT INTO site_member (site_id, account_id, role) VALUES ($1, $2, $3)
		ON CONFLICT (site_id, account_id) DO UPDATE SET role = excluded.role`, site, account, role)
}

// DeleteMember takes that away.
func (t tx) DeleteMember(site, account int64) error {
	return t.execOne(`DELETE FROM site_member WHERE site_id = $1 AND account_id = $2`, site, account)
}
