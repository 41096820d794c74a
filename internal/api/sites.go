package api

import (
	"net/http"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// siteJSON is a site. Of default, settings of the server say where it is found.
type siteJSON struct {
	Name       string     `json:"name"`
	Addresses  []string   `json:"addresses"`
	Upstreams  []string   `json:"upstreams"`
	HealthPath string     `json:"health_path"`
	Enabled    bool       `json:"enabled"`
	CreatedAt  *time.Time `json:"created_at"`
	CreatedBy  string     `json:"created_by"`
	Version    int64      `json:"version"`
}

func siteToJSON(s control.Site) siteJSON {
	return siteJSON{
		Name: s.Name, Addresses: list(s.Addresses), Upstreams: list(s.Upstreams), HealthPath: s.HealthPath,
		Enabled: s.Enabled, CreatedAt: jsonTime(s.CreatedAt), CreatedBy: s.CreatedBy, Version: s.Version,
	}
}

func siteAnswer(s control.Site) answer { return answer{body: siteToJSON(s), version: s.Version} }

// listSites lists the sites: to a key of one site that one.
func (a *API) listSites(c *call) (answer, error) {
	q := c.query("search", "limit", "offset")
	list := q.list()
	if err := q.err(); err != nil {
		return answer{}, err
	}
	if c.key.Site != 0 {
		return c.listItsSite(list)
	}
	found, total, err := c.control.Sites(c.Context(), list)
	return pageOf(c, list, found, total, siteToJSON), err
}

// listItsSite lists the only site of the key, where the search finds it.
func (c *call) listItsSite(q control.ListQuery) (answer, error) {
	site, err := c.control.SiteOf(c.Context(), c.key.Site)
	if err != nil {
		return answer{}, err
	}
	own := []control.Site{site}
	if !site.Has(q.Search) {
		own = nil
	}
	return pageOf(c, q, own[min(q.Offset, len(own)):], len(own), siteToJSON), nil
}

func (a *API) addSite(c *call) (answer, error) {
	var in control.Site
	err := c.decode(members{
		"name": &in.Name, "addresses": &in.Addresses, "upstreams": &in.Upstreams, "health_path": &in.HealthPath,
	})
	if err != nil {
		return answer{}, err
	}
	made, err := c.control.AddSite(c.Context(), c.actor, in)
	out := siteAnswer(made)
	out.status, out.location = http.StatusCreated, Base+"/sites/"+made.Name
	return out, err
}

func (a *API) showSite(c *call) (answer, error) {
	site, err := c.control.SiteOf(c.Context(), c.control.Place().ID)
	return siteAnswer(site), err
}

// setSite changes what is given. It wants to know the version: lists are replaced as a
// whole, by people who have read them.
func (a *API) setSite(c *call) (answer, error) {
	version, given, err := c.ifMatch()
	if err == nil && !given {
		err = ifMatchMissing
	}
	if err != nil {
		return answer{}, err
	}
	in := control.SetSite{Version: version}
	err = c.decode(members{
		"addresses": &in.Addresses, "upstreams": &in.Upstreams, "health_path": &in.HealthPath, "enabled": &in.Enabled,
	})
	if err != nil {
		return answer{}, err
	}
	site, err := c.control.SetSite(c.Context(), c.actor, c.control.Place().Name, in)
	return siteAnswer(site), conditional(err, true)
}

func (a *API) removeSite(c *call) (answer, error) {
	return gone(c.control.RemoveSite(c.Context(), c.actor, c.control.Place().Name))
}
