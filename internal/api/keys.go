package api

import (
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
)

func (a *API) listKeys(c *call) (answer, error) {
	q := c.query("search", "limit", "offset")
	list := q.list()
	if err := q.err(); err != nil {
		return answer{}, err
	}
	found, total, err := c.control.Keys(c.Context(), list)
	if err != nil {
		return answer{}, err
	}
	names, err := c.siteNames(found...)
	return pageOf(c, list, found, total, func(k control.Key) keyJSON { return keyToJSON(k, names) }), err
}

// siteNames are the names of the sites that keys are bound to, by id.
func (c *call) siteNames(keys ...control.Key) (map[int64]string, error) {
	var ids []int64
	for _, k := range keys {
		if k.Site != 0 {
			ids = append(ids, k.Site)
		}
	}
	return c.control.SiteNames(c.Context(), ids)
}

// keyAnswer shows one key.
func (c *call) keyAnswer(k control.Key) (answer, error) {
	names, err := c.siteNames(k)
	return answer{body: keyToJSON(k, names)}, err
}

func (a *API) createKey(c *call) (answer, error) {
	var in control.CreateKey
	var expires moment
	var site *string
	if err := c.decode(members{"name": &in.Name, "role": &in.Role, "expires_at": &expires, "site": &site}); err != nil {
		return answer{}, err
	}
	in.Expires = expires.at
	here := c.control
	if site != nil {
		var err error
		if here, err = c.control.ForSite(c.Context(), *site); err != nil {
			return answer{}, ofField("site", err)
		}
		in.OneSite = true
	}
	made, secret, err := here.CreateKey(c.Context(), c.actor, in)
	if err != nil {
		return answer{}, err
	}
	shown := keyToJSON(made, map[int64]string{made.Site: here.Place().Name})
	shown.Secret = secret
	return answer{status: http.StatusCreated, body: shown, location: Base + "/keys/" + made.ID, secret: true}, nil
}

// showCurrentKey says whose key the request has, and what it may do.
func (a *API) showCurrentKey(c *call) (answer, error) {
	return c.keyAnswer(c.key)
}

func (a *API) showKey(c *call) (answer, error) {
	k, err := c.control.Key(c.Context(), c.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return c.keyAnswer(k)
}

func (a *API) revokeKey(c *call) (answer, error) {
	if err := c.noBody(); err != nil {
		return answer{}, err
	}
	k, err := c.control.RevokeKey(c.Context(), c.actor, c.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return c.keyAnswer(k)
}
