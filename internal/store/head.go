package store

import (
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// Head returns the revision that the records are at.
func (t tx) Head() (control.Head, error) {
	var h control.Head
	err := t.row(`
		SELECT revision, change_id
		FROM head WHERE id = 1`).Scan(&h.Revision, &h.ChangeID)
	return h, found(err)
}

// MovedAt returns when the head was moved.
func (t tx) MovedAt() (at time.Time, err error) {
	var ms int64
	err = t.row(`SELECT moved_at FROM head WHERE id = 1`).Scan(&ms)
	if err != nil || ms == 0 {
		return at, found(err)
	}
	return time.UnixMilli(ms).UTC(), nil
}

// Record appends to the audit log and the changes, and moves the head.
func (t tx) Record(r control.AuditRecord, subjects []control.Subject, changeID string) (int64, error) {
	id, err := t.insertAudit(r)
	if err != nil || len(subjects) == 0 {
		return id, err
	}
	revision, err := t.moveHead(changeID, r.At)
	if err != nil {
		return id, err
	}
	for _, subject := range subjects {
		if err := t.insertChange(control.Head{Revision: revision, ChangeID: changeID}, id, subject); err != nil {
			return id, err
		}
	}
	return id, nil
}

func (t tx) insertAudit(r control.AuditRecord) (id int64, err error) {
	site := sql.NullInt64{Int64: r.Site, Valid: r.Site != 0}
	err = t.row(`
		INSERT INTO audit (site_id, at, actor_kind, actor_name, actor_address, action, summary, reason, before, after, search, node)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		RETURNING id`,
		site, moment(r.At), r.Actor.Kind, r.Actor.Name, r.Actor.Address,
		r.Action, r.Summary, r.Reason, string(r.Before), string(r.After), auditSearch(r), r.Node).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("writing the audit log: %w", err)
	}
	return id, nil
}

// auditSearch is what a person may look for in the log.
func auditSearch(r control.AuditRecord) string {
	return strings.ToLower(strings.Join([]string{r.Summary, r.Reason, r.Actor.Name, r.Actor.Address}, " "))
}

func (t tx) moveHead(changeID string, at time.Time) (revision int64, err error) {
	err = t.row(`
		UPDATE head SET revision = revision + 1, change_id = $1, moved_at = $2
		WHERE id = 1
		RETURNING revision`, changeID, moment(at)).Scan(&revision)
	if err != nil {
		return 0, fmt.Errorf("moving the head: %w", found(err))
	}
	return revision, nil
}

func (t tx) insertChange(at control.Head, audit int64, subject control.Subject) error {
	err := t.exec(`
		INSERT INTO change (revision, change_id, site_id, kind, subject, audit_id)
		VALUES ($1, $2, $3, $4, $5, $6)`, at.Revision, at.ChangeID, subject.Site, subject.Kind, subject.Name, audit)
	if err != nil {
		return fmt.Errorf("writing the changes: %w", err)
	}
	return nil
}

// ChangedSince returns what changed in all sites after an earlier head.
func (t tx) ChangedSince(since control.Head, most int) ([]control.Subject, error) {
	var known bool
	err := t.row(`
		SELECT EXISTS (SELECT 1 FROM change WHERE revision = $1 AND change_id = $2)`,
		since.Revision, since.ChangeID).Scan(&known)
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, control.ErrNoRecord
	}
	list, err := collect(t, scanSubject, `
		SELECT DISTINCT site_id, kind, subject
		FROM change WHERE revision > $1
		LIMIT $2`, since.Revision, most+1)
	if err == nil && len(list) > most {
		return nil, control.ErrNoRecord
	}
	return list, err
}

func scanSubject(row scanner) (control.Subject, error) {
	var s control.Subject
	return s, row.Scan(&s.Site, &s.Kind, &s.Name)
}
