package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/api"
	"github.com/crossgate/crossgate/internal/control"
)

// TestRoles tries every route with every kind of key. What a role does not allow is
// refused before anything else is looked at; what it allows gets further.
func TestRoles(t *testing.T) {
	r := newRig(t)
	revokedID, revoked := r.key(control.RoleOwner, time.Time{})
	if _, err := r.control.RevokeKey(t.Context(), console, revokedID); err != nil {
		t.Fatal(err)
	}
	_, expired := r.key(control.RoleOwner, r.clock().Add(time.Minute))
	r.forward(2 * time.Minute)
	callers := []struct {
		name, key string
		role      control.Role
		code      string // of the refusal, where the role is not asked for
	}{
		{name: "no key", code: "key-missing"},
		{name: "a revoked key", key: revoked, code: "key-revoked"},
		{name: "an expired key", key: expired, code: "key-expired"},
		{name: "an unknown key", key: "cga_nonsense", code: "key-unknown"},
		{name: "a viewer", key: r.keys[control.RoleViewer], role: control.RoleViewer},
		{name: "an editor", key: r.keys[control.RoleEditor], role: control.RoleEditor},
		{name: "an owner", key: r.keys[control.RoleOwner], role: control.RoleOwner},
	}
	for _, route := range r.api.Routes() {
		for _, caller := range callers {
			t.Run(fmt.Sprintf("%s %s by %s", route.Method, route.Path, caller.name), func(t *testing.T) {
				r.forward(2 * time.Hour) // guesses are forgotten
				got := r.in(t).try(route, caller.key)
				switch {
				case route.Needs == "":
					got.want(http.StatusOK)
				case caller.code != "":
					got.want(http.StatusUnauthorized, caller.code)
					if !strings.HasPrefix(got.header.Get("Www-Authenticate"), "Bearer ") {
						t.Error("no WWW-Authenticate")
					}
				case !caller.role.Allows(route.Needs):
					got.want(http.StatusForbidden, "role")
				case got.status == http.StatusUnauthorized || got.status == http.StatusForbidden:
					t.Errorf("refused: %s", got.body)
				}
			})
		}
	}
}

// try calls a route for something that there is not.
func (r *rig) try(route api.Route, key string) reply { return r.tryAt(route, key, "default") }

// tryAt is try at a site.
func (r *rig) tryAt(route api.Route, key, site string) reply {
	path := strings.NewReplacer("{id}", "999999", "{name}", "nobody", "{site}", site).Replace(route.Path)
	body := ""
	if route.Method == http.MethodPost || route.Method == http.MethodPatch || route.Method == http.MethodPut {
		body = "{}"
	}
	req := r.request(route.Method, path, body)
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	return r.send(req)
}

func TestGuessingIsSlowedDown(t *testing.T) {
	var judged []string
	r := newRig(t, func(c *api.Config) { c.Judged = func(result string) { judged = append(judged, result) } })
	guess := func() reply {
		return r.send(r.request("GET", "/domains", "", "Authorization: Bearer cga_wrong"))
	}
	for range 6 {
		guess().want(http.StatusUnauthorized, "key-unknown")
	}
	got := guess().want(http.StatusTooManyRequests, "too-many-attempts")
	if got.header.Get("Retry-After") != "2" {
		t.Errorf("Retry-After is %q", got.header.Get("Retry-After"))
	}
	r.forward(time.Minute)
	r.ask("GET", "/domains", "").want(http.StatusOK)
	if last := judged[len(judged)-2:]; last[0] != "too-many-attempts" || last[1] != "ok" {
		t.Errorf("told of %q", judged)
	}
}

func TestCredentials(t *testing.T) {
	r := newRig(t)
	good := r.keys[control.RoleViewer]
	tests := []struct {
		name   string
		fields []string
		status int
		code   string
	}{
		{name: "a key", fields: []string{"Authorization: Bearer " + good}, status: 200},
		{name: "in lower case", fields: []string{"Authorization: bearer " + good}, status: 200},
		{name: "another scheme", fields: []string{"Authorization: Basic " + good}, status: 401, code: "key-missing"},
		{name: "no scheme", fields: []string{"Authorization: " + good}, status: 401, code: "key-missing"},
		{name: "a cookie", fields: []string{"Cookie: crossgate=" + good}, status: 401, code: "key-missing"},
		{name: "a page of another origin", fields: []string{"Authorization: Bearer " + good, "Origin: https://evil.example"}, status: 403, code: "cross-origin"},
		{name: "the origin null", fields: []string{"Authorization: Bearer " + good, "Origin: null"}, status: 403, code: "cross-origin"},
		{name: "a page of the same site", fields: []string{"Authorization: Bearer " + good, "Sec-Fetch-Site: same-site"}, status: 403, code: "cross-origin"},
		{name: "another site's image", fields: []string{"Authorization: Bearer " + good, "Sec-Fetch-Site: cross-site"}, status: 403, code: "cross-origin"},
		{name: "the dashboard's own page", fields: []string{"Authorization: Bearer " + good, "Origin: http://127.0.0.1:8081", "Sec-Fetch-Site: same-origin"}, status: 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := r.in(t).send(r.request("GET", "/domains", "", tt.fields...)).want(tt.status)
			if tt.code != "" {
				got.want(tt.status, tt.code)
			}
		})
	}
	twice := r.request("GET", "/domains", "")
	twice.Header["Authorization"] = []string{"Bearer " + good, "Bearer " + good}
	r.send(twice).want(http.StatusBadRequest, "key-twice")
}

func TestPreflightIsNotGranted(t *testing.T) {
	r := newRig(t)
	r.send(r.request("OPTIONS", "/domains", "", "Origin: https://evil.example", "Access-Control-Request-Method: GET")).
		want(http.StatusForbidden, "cross-origin")
	got := r.send(r.request("OPTIONS", "/domains", "")).want(http.StatusMethodNotAllowed, "method-not-allowed")
	if got.header.Get("Allow") != "GET, HEAD, POST" {
		t.Errorf("Allow: %s", got.header.Get("Allow"))
	}
}
