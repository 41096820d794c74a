package store

import (
	"math"

	"github.com/crossgate/crossgate/internal/control"
)

// Audited returns one row of the audit log.
func (t tx) Audited(id int64) (control.AuditRecord, error) {
	r, err := scanAudited(t.row(`
		SELECT coalesce(site_id, 0), id, at, actor_kind, actor_name, actor_address, action, summary,
			undone_by IS NOT NULL, reason, node, before, after
		FROM audit WHERE id = $1`, id))
	return r, found(err)
}

// Changes returns the audit log of a site, newest first, with what is of no site.
func (t tx) Changes(site int64, q control.ListQuery) ([]control.Change, error) {
	return collect(t, scanChange, `
		SELECT id, at, actor_kind, actor_name, actor_address, action, summary, undone_by IS NOT NULL
		FROM audit WHERE coalesce(site_id, $1) = $1
		ORDER BY id DESC LIMIT $2 OFFSET $3`, site, q.Limit, q.Offset)
}

// AuditLog returns a page of the audit log of a site, newest first, with what is of
// no site.
func (t tx) AuditLog(site int64, q control.AuditQuery) ([]control.AuditRecord, error) {
	before, to := q.Before, q.To.UnixMilli()
	if before == 0 {
		before = math.MaxInt64
	}
	if q.IsPlain() {
		return t.plainLog(site, before, q)
	}
	if q.To.IsZero() {
		to = math.MaxInt64
	}
	floor := int64(0)
	if q.Within > 0 {
		floor = max(0, q.Before-q.Within)
	}
	args := []any{
		site, before, q.From.UnixMilli(), to, q.Action, below(q.Action), q.Actor,
		q.Search, containing(q.Search), control.MaxAuditShown, q.Limit, flag(q.Own),
		flag(q.Everywhere), floor,
	}
	onNode := "" // where nobody asks for it, an index has all that is looked at
	if q.Node != "" {
		onNode, args = `AND lower(node) = $15 `, append(args, q.Node)
	}
	return collect(t, scanAudited, `
		SELECT coalesce(site_id, 0), id, at, actor_kind, actor_name, actor_address, action, summary,
			undone_by IS NOT NULL, reason, node,
			CASE WHEN length(before) + length(after) <= $10 THEN before END,
			CASE WHEN length(before) + length(after) <= $10 THEN after END
		FROM (
			SELECT id AS found FROM audit
			WHERE id < $2 AND id >= $14 AND (site_id = $1 OR ($12 = 0 AND (site_id IS NULL OR $13 = 1))) AND at >= $3 AND at < $4
				AND ($5 = '' OR action = $5 OR action LIKE $6 ESCAPE '\')
				AND ($7 = '' OR lower(actor_name) = $7)
				`+onNode+`AND ($8 = '' OR search LIKE $9 ESCAPE '\')
			ORDER BY id DESC LIMIT $11
		) page JOIN audit ON id = page.found
		ORDER BY id DESC`, args...)
}

// plainLog is AuditLog of a query that leaves nothing out but what is of other sites. A
// site with few changes among many of others has them in an index.
func (t tx) plainLog(site, before int64, q control.AuditQuery) ([]control.AuditRecord, error) {
	return collect(t, scanAudited, `
		SELECT coalesce(site_id, 0), id, at, actor_kind, actor_name, actor_address, action, summary,
			undone_by IS NOT NULL, reason, node,
			CASE WHEN length(before) + length(after) <= $3 THEN before END,
			CASE WHEN length(before) + length(after) <= $3 THEN after END
		FROM (
			SELECT found FROM (
				SELECT id AS found FROM audit WHERE site_id = $1 AND id < $2 ORDER BY id DESC LIMIT $4
			) its
			UNION ALL
			SELECT found FROM (
				SELECT id AS found FROM audit WHERE site_id IS NULL AND $5 = 0 AND id < $2 ORDER BY id DESC LIMIT $4
			) nobodys
			ORDER BY found DESC LIMIT $4
		) page JOIN audit ON id = page.found
		ORDER BY id DESC`, site, before, control.MaxAuditShown, q.Limit, flag(q.Own))
}

func scanAudited(row scanner) (control.AuditRecord, error) {
	var r control.AuditRecord
	err := row.Scan(&r.Site, &r.ID, (*moment)(&r.At), &r.Actor.Kind, &r.Actor.Name, &r.Actor.Address,
		&r.Action, &r.Summary, &r.Undone, &r.Reason, &r.Node, (*document)(&r.Before), (*document)(&r.After))
	return r, err
}

// LastChange returns the last change to any subject of a kind.
func (t tx) LastChange(site int64, kind string) (control.Change, error) {
	c, err := scanChange(t.row(`
		SELECT id, at, actor_kind, actor_name, actor_address, action, summary, undone_by IS NOT NULL
		FROM audit WHERE id = (SELECT max(audit_id) FROM change WHERE site_id = $1 AND kind = $2)`, site, kind))
	return c, found(err)
}

func scanChange(row scanner) (control.Change, error) {
	var c control.Change
	err := row.Scan(&c.ID, (*moment)(&c.At), &c.Actor.Kind, &c.Actor.Name, &c.Actor.Address,
		&c.Action, &c.Summary, &c.Undone)
	return c, err
}

// MarkUndone says which change took another one back.
func (t tx) MarkUndone(id, by int64) error {
	return t.execOne(`UPDATE audit SET undone_by = $2 WHERE id = $1`, id, by)
}
