package api

import (
	"math"
	"strconv"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// auditPage is a part of the audit log. It has no total: the log only ever grows.
type auditPage struct {
	Items []auditJSON `json:"items"`
	Limit int         `json:"limit"`
	Next  *int64      `json:"next"` // before for the page after this one, or null
}

func (a *API) listAudit(c *call) (answer, error) {
	q := c.query("search", "action", "actor", "from", "to", "limit", "before")
	filter := control.AuditQuery{
		ListQuery: control.ListQuery{Search: q.values.Get("search"), Limit: int(q.number("limit", 1, control.MaxPage, control.DefaultPage))},
		Action:    q.values.Get("action"), Actor: q.values.Get("actor"),
		From: q.time("from"), To: q.time("to"),
		Before: q.number("before", 1, math.MaxInt64, 0),
		Own:    c.ownAlone(),
	}
	if err := q.err(); err != nil {
		return answer{}, err
	}
	found, err := c.control.Audit(c.Context(), filter)
	out := answer{}
	shown := auditPage{Items: each(found, auditToJSON), Limit: filter.Limit}
	if len(found) == filter.Limit {
		last := found[len(found)-1].ID
		shown.Next = &last
		out.links = []string{c.link("next", "before", strconv.FormatInt(last, 10))}
	}
	out.body = shown
	return out, err
}

// time reads a time, zero where it is not given.
func (q *query) time(name string) time.Time {
	if !q.values.Has(name) {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, q.values.Get(name))
	if err != nil {
		q.mistake(name, "invalid", "it must be a time such as 2030-01-31T18:00:00Z")
	}
	return t
}

func (a *API) showAudited(c *call) (answer, error) {
	id, err := c.id()
	if err != nil {
		return answer{}, err
	}
	r, err := c.control.Audited(c.Context(), id)
	if err == nil && r.Site == 0 && c.ownAlone() {
		return answer{}, notFound
	}
	return answer{body: auditToJSON(r)}, err
}

// ownAlone reports whether nothing is told but what was done to the site: where the path
// names it, and to keys that are of use nowhere else.
func (c *call) ownAlone() bool { return c.named || c.key.Site != 0 }

// undo takes back a change to the Trusted Domains, by its row in the audit log.
func (a *API) undo(c *call) (answer, error) {
	id, err := c.id()
	if err == nil {
		err = c.noBody()
	}
	if err != nil {
		return answer{}, err
	}
	change, err := c.control.Undo(c.Context(), c.actor, id)
	return answer{body: doneJSON{changeToJSON(change)}}, err
}
