package api

import (
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/trust"
)

func (a *API) listDomains(c *call) (answer, error) {
	q := c.query("search", "limit", "offset")
	list := q.list()
	if err := q.err(); err != nil {
		return answer{}, err
	}
	found, total, err := c.control.Domains(c.Context(), list)
	return pageOf(c, list, found, total, domainToJSON), err
}

// additions are the members of a request that adds entries.
type additions struct {
	domains []string
	label   string
	expires moment
	confirm []trust.Confirmation
	reason  string
}

// readAdditions reads the body of a request that adds entries.
func (c *call) readAdditions() (control.AddDomains, error) {
	var in additions
	err := c.decode(members{
		"domains": &in.domains, "label": &in.label, "expires_at": &in.expires,
		"confirm": &in.confirm, "reason": &in.reason,
	})
	return control.AddDomains{
		Text: in.domains, Label: in.label, Expires: in.expires.at, Confirm: in.confirm, Reason: in.reason,
	}, err
}

// addedJSON is what became of entries.
type addedJSON struct {
	Lines  []lineJSON  `json:"lines"`
	Change *changeJSON `json:"change"` // null where all were trusted already
}

func (a *API) addDomains(c *call) (answer, error) {
	in, err := c.readAdditions()
	if err != nil {
		return answer{}, err
	}
	lines, change, err := c.control.AddDomains(c.Context(), c.actor, in)
	if err != nil {
		return answer{}, err
	}
	out := answer{status: http.StatusCreated, body: addedJSON{linesToJSON(lines), changeToJSON(change)}}
	if change.ID == 0 {
		out.status = http.StatusOK
	}
	return out, nil
}

// previewJSON is what would become of entries.
type previewJSON struct {
	Lines []lineJSON `json:"lines"`
}

func (a *API) previewDomains(c *call) (answer, error) {
	in, err := c.readAdditions()
	if err != nil {
		return answer{}, err
	}
	lines, err := c.control.PreviewDomains(c.Context(), in)
	return answer{body: previewJSON{linesToJSON(lines)}}, err
}

// doneJSON is a change that was made.
type doneJSON struct {
	Change *changeJSON `json:"change"` // null where nothing had to be changed
}

func (a *API) removeDomains(c *call) (answer, error) {
	var ids []int64
	if err := c.decode(members{"ids": &ids}); err != nil {
		return answer{}, err
	}
	change, err := c.control.RemoveDomains(c.Context(), c.actor, ids)
	return answer{body: doneJSON{changeToJSON(change)}}, err
}

func (a *API) checkOrigin(c *call) (answer, error) {
	q := c.query("origin")
	if !q.values.Has("origin") {
		q.mistake("origin", "missing", "give the origin to check, as in ?origin=https://app.example.com")
	}
	if err := q.err(); err != nil {
		return answer{}, err
	}
	got, err := c.control.Check(c.Context(), q.values.Get("origin"))
	return answer{body: checkToJSON(got)}, err
}

func (a *API) showDomain(c *call) (answer, error) {
	id, err := c.id()
	if err != nil {
		return answer{}, err
	}
	d, err := c.control.Domain(c.Context(), id)
	return domainAnswer(d), err
}

func domainAnswer(d control.Domain) answer {
	return answer{body: domainToJSON(d), version: d.Version}
}

func (a *API) setDomain(c *call) (answer, error) {
	id, err := c.id()
	if err != nil {
		return answer{}, err
	}
	in := control.SetDomain{ID: id}
	var expires moment
	err = c.decode(members{"label": &in.Label, "enabled": &in.Enabled, "expires_at": &expires})
	if err != nil {
		return answer{}, err
	}
	in.Expires = expires.changed()
	var given bool
	if in.Version, given, err = c.ifMatch(); err != nil {
		return answer{}, err
	}
	d, _, err := c.control.SetDomain(c.Context(), c.actor, in)
	return domainAnswer(d), conditional(err, given)
}

func (a *API) removeDomain(c *call) (answer, error) {
	id, err := c.id()
	if err != nil {
		return answer{}, err
	}
	version, given, err := c.ifMatch()
	if err != nil {
		return answer{}, err
	}
	change, err := c.control.RemoveDomain(c.Context(), c.actor, id, version)
	return answer{body: doneJSON{changeToJSON(change)}}, conditional(err, given)
}

// conditional makes of a change that came too late what the request asked for: 412
// where it named the version.
func conditional(err error, given bool) error {
	if p, ok := problemOf(err); given && ok && p.Code == control.CodeChangedSince {
		return changedMeanwhile
	}
	return err
}
