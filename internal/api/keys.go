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
	found, total, err := a.control.Keys(c.Context(), list)
	return pageOf(c, list, found, total, keyToJSON), err
}

func (a *API) createKey(c *call) (answer, error) {
	var in control.CreateKey
	var expires moment
	if err := c.decode(members{"name": &in.Name, "role": &in.Role, "expires_at": &expires}); err != nil {
		return answer{}, err
	}
	in.Expires = expires.at
	made, secret, err := a.control.CreateKey(c.Context(), c.actor, in)
	if err != nil {
		return answer{}, err
	}
	shown := keyToJSON(made)
	shown.Secret = secret
	return answer{status: http.StatusCreated, body: shown, location: Base + "/keys/" + made.ID, secret: true}, nil
}

// showCurrentKey says whose key the request has, and what it may do.
func (a *API) showCurrentKey(c *call) (answer, error) {
	return answer{body: keyToJSON(c.key)}, nil
}

func (a *API) showKey(c *call) (answer, error) {
	k, err := a.control.Key(c.Context(), c.PathValue("id"))
	return answer{body: keyToJSON(k)}, err
}

func (a *API) revokeKey(c *call) (answer, error) {
	if err := c.noBody(); err != nil {
		return answer{}, err
	}
	k, err := a.control.RevokeKey(c.Context(), c.actor, c.PathValue("id"))
	return answer{body: keyToJSON(k)}, err
}
