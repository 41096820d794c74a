package store

import (
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// Nodes returns the nodes that are not forgotten, by name.
func (t tx) Nodes() ([]control.Node, error) {
	return collect(t, scanNode, `
		SELECT id, name, version, started_at, seen_at, revision, change_id, kept_at
		FROM node ORDER BY name, id`)
}

func scanNode(row scanner) (control.Node, error) {
	var n control.Node
	err := row.Scan(&n.ID, &n.Name, &n.Version, (*moment)(&n.StartedAt), (*moment)(&n.SeenAt),
		&n.Head.Revision, &n.Head.ChangeID, (*moment)(&n.KeptAt))
	return n, err
}

// PutNode writes what a node tells of itself.
func (t tx) PutNode(n control.Node) error {
	return t.exec(`
		INSERT INTO node (id, name, version, started_at, seen_at, revision, change_id, kept_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO UPDATE SET
			name = excluded.name, version = excluded.version, started_at = excluded.started_at, seen_at = excluded.seen_at,
			revision = excluded.revision, change_id = excluded.change_id, kept_at = excluded.kept_at`,
		n.ID, n.Name, n.Version, moment(n.StartedAt), moment(n.SeenAt), n.Head.Revision, n.Head.ChangeID, moment(n.KeptAt))
}

// DeleteNodesBefore forgets nodes that were last heard of before.
func (t tx) DeleteNodesBefore(seen time.Time) error {
	return t.exec(`DELETE FROM node WHERE seen_at < $1`, moment(seen))
}

// DeleteNode forgets a node.
func (t tx) DeleteNode(id string) error { return t.exec(`DELETE FROM node WHERE id = $1`, id) }
