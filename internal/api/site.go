package api

import (
	"errors"
	"net/http"

	"github.com/crossgate/crossgate/internal/control"
)

// site returns the control plane of the site that a request is about. A site that the
// key may do nothing at is answered as one that there is not.
func (a *API) site(r *http.Request, route Route, key control.Key) (*control.Service, error) {
	here := a.control
	if route.isAt() {
		var err error
		if here, err = a.control.ForSite(r.Context(), r.PathValue("site")); err != nil {
			return nil, err
		}
	}
	if (route.isAt() || route.Of == OfSite) && here.KeyRoleAt(key) == "" {
		if !route.isAt() {
			return nil, otherPath
		}
		return nil, control.NoSite(r.PathValue("site"))
	}
	if route.Of == OfFleet && key.Site != 0 {
		return nil, keyOfSite
	}
	return here, nil
}

// otherPath is said to a key of another site than default, which there always is.
var otherPath = newProblem(http.StatusNotFound, "not-found", "There is nothing here for this key",
	"The key is of one site: what that has is below /sites/ and its name, which GET /keys/current says.")

// base is what the paths of the site that is meant begin with.
func (c *call) base() string {
	if c.named {
		return Base + "/sites/" + c.control.Place().Name
	}
	return Base
}

// ofField blames a member of the request for an error.
func ofField(field string, err error) error {
	if refused, ok := errors.AsType[*control.Error](err); ok {
		blamed := *refused
		blamed.Field = field
		return &blamed
	}
	return err
}
