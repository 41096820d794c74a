package api

import (
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// fleetJSON is the nodes, and the revision that they are to decide by.
type fleetJSON struct {
	Revision int64      `json:"revision"`
	MovedAt  *time.Time `json:"moved_at"` // when it became that
	Items    []nodeJSON `json:"items"`
}

// nodeJSON is one running gateway.
type nodeJSON struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	State     control.NodeState `json:"state"`
	Version   string            `json:"version"`
	StartedAt *time.Time        `json:"started_at"`
	SeenAt    *time.Time        `json:"seen_at"`
	Revision  int64             `json:"revision"`    // that it decides by
	KeptAt    *time.Time        `json:"snapshot_at"` // when its snapshot on disk was last known to be current; null: it has none
}

// listNodes lists the nodes that were heard of in the last day.
func (a *API) listNodes(c *call) (answer, error) {
	fleet, err := c.control.Fleet(c.Context())
	return answer{body: fleetJSON{
		Revision: fleet.Head.Revision, MovedAt: jsonTime(fleet.MovedAt),
		Items: each(fleet.Nodes, func(n control.Node) nodeJSON {
			return nodeJSON{
				ID: n.ID, Name: n.Name, State: fleet.State(n), Version: n.Version, StartedAt: jsonTime(n.StartedAt),
				SeenAt: jsonTime(n.SeenAt), Revision: n.Head.Revision, KeptAt: jsonTime(n.KeptAt),
			}
		}),
	}}, err
}
