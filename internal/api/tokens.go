package api

import (
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
)

func (a *API) listTokens(c *call) (answer, error) {
	q := c.query("search", "limit", "offset")
	list := q.list()
	if err := q.err(); err != nil {
		return answer{}, err
	}
	found, total, err := c.control.Tokens(c.Context(), list)
	return pageOf(c, list, found, total, tokenToJSON), err
}

func (a *API) createToken(c *call) (answer, error) {
	var in control.CreateToken
	var expires moment
	err := c.decode(members{
		"name": &in.Name, "expires_at": &expires, "methods": &in.Methods, "path_prefix": &in.PathPrefix,
		"domains": &in.Domains, "servers": &in.Servers, "query_carrier": &in.QueryCarrier,
	})
	if err != nil {
		return answer{}, err
	}
	in.Expires = expires.at
	made, secret, err := c.control.CreateToken(c.Context(), c.actor, in)
	if err != nil {
		return answer{}, err
	}
	shown := tokenToJSON(made)
	shown.Secret = secret
	return answer{status: http.StatusCreated, body: shown, location: c.base() + "/tokens/" + made.ID, secret: true}, nil
}

func (a *API) showToken(c *call) (answer, error) {
	t, err := c.control.Token(c.Context(), c.PathValue("id"))
	return answer{body: tokenToJSON(t)}, err
}

func (a *API) revokeToken(c *call) (answer, error) {
	if err := c.noBody(); err != nil {
		return answer{}, err
	}
	t, err := c.control.RevokeToken(c.Context(), c.actor, c.PathValue("id"))
	return answer{body: tokenToJSON(t)}, err
}
