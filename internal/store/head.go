package store

import (
	"database/sql"
	"fmt"

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

// Record appends to the audit log and the changes, and moves the head.
func (t tx) Record(r control.AuditRecord, subjects []control.Subject, changeID string) (int64, error) {
	id, err := t.insertAudit(r)
	if err != nil || len(subjects) == 0 {
		return id, err
	}
	revision, err := t.moveHead(changeID)
	if err != nil {
		return id, err
	}
	for _, subject := range subjects {
		if err := t.insertChange(revision, r.Site, id, subject); err != nil {
			return id, err
		}
	}
	return id, nil
}

func (t tx) insertAudit(r control.AuditRecord) (id int64, err error) {
	site := sql.NullInt64{Int64: r.Site, Valid: r.Site != 0}
	err = t.row(`
		INSERT INTO audit (site_id, at, actor_kind, actor_name, actor_address, action, summary, reason, before, after)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		RETURNING id`,
		site, moment(r.At), r.Actor.Kind, r.Actor.Name, r.Actor.Address,
		r.Action, r.Summary, r.Reason, string(r.Before), string(r.After)).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("writing the audit log: %w", err)
	}
	return id, nil
}

func (t tx) moveHead(changeID string) (revision int64, err error) {
	err = t.row(`
		UPDATE head SET revision = revision + 1, change_id = $1
		WHERE id = 1
		RETURNING revision`, changeID).Scan(&revision)
	if err != nil {
		return 0, fmt.Errorf("moving the head: %w", found(err))
	}
	return revision, nil
}

func (t tx) insertChange(revision, site, audit int64, subject control.Subject) error {
	err := t.exec(`
		INSERT INTO change (revision, site_id, kind, subject, audit_id)
		VALUES ($1, $2, $3, $4, $5)`, revision, site, subject.Kind, subject.Name, audit)
	if err != nil {
		return fmt.Errorf("writing the changes: %w", err)
	}
	return nil
}
