package api

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/crossgate/crossgate/internal/control"
)

// fromNoPage refuses what a page of another origin asks, whatever it carries. This
// API is for programs: a key in a page is a key that is lost.
func fromNoPage(r *http.Request) error {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		return crossOrigin
	}
	for _, origin := range r.Header["Origin"] {
		if u, err := url.Parse(origin); err != nil || u.Host == "" || !strings.EqualFold(u.Host, r.Host) {
			return crossOrigin
		}
	}
	return nil
}

// identify finds the key of a request, which must have the role that the route needs, at
// the site that is meant.
func (a *API) identify(r *http.Request, route Route) (*call, error) {
	if route.Needs == "" {
		return &call{Request: r, control: a.control}, nil
	}
	secret, err := bearer(r)
	if err != nil {
		return nil, err
	}
	address := a.address(r)
	key, err := a.control.KeyOf(r.Context(), secret, address)
	a.judged(judgement(err))
	if err != nil {
		return nil, err
	}
	here, err := a.site(r, route, key)
	if err != nil {
		return nil, err
	}
	if !key.Role.Allows(route.Needs) {
		return nil, roleTooSmall(key.Role, route.Needs)
	}
	actor := control.Actor{Kind: "key", Name: key.ID, Address: address}
	return &call{Request: r, control: here, key: key, actor: actor, named: route.isAt()}, nil
}

// judgement is what became of a key, for the metrics.
func judgement(err error) string {
	refused, ok := errors.AsType[*control.Error](err)
	switch {
	case err == nil:
		return "ok"
	case ok:
		return refused.Code
	}
	return "failed"
}

// bearer returns the secret that a request has (RFC 6750, section 2.1).
func bearer(r *http.Request) (string, error) {
	values := r.Header["Authorization"]
	switch len(values) {
	case 0:
		return "", keyMissing
	case 1:
	default:
		return "", keyTwice
	}
	scheme, secret, ok := strings.Cut(values[0], " ")
	if secret = strings.TrimSpace(secret); !ok || !strings.EqualFold(scheme, "Bearer") || secret == "" {
		return "", keyMissing
	}
	return secret, nil
}
