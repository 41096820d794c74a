package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/api"
	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
)

// site makes a site with an address of its own.
func (r *rig) site(name string) *control.Service {
	r.t.Helper()
	_, err := r.control.AddSite(r.t.Context(), console, control.Site{
		Name: name, Addresses: []string{"https://" + name + ".example.com"}, Upstreams: []string{"http://127.0.0.1:9000"},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	here, err := r.control.ForSite(r.t.Context(), name)
	if err != nil {
		r.t.Fatal(err)
	}
	return here
}

// keyAt makes a management key for one site.
func (r *rig) keyAt(site string, role control.Role) string {
	r.t.Helper()
	here, err := r.control.ForSite(r.t.Context(), site)
	if err != nil {
		r.t.Fatal(err)
	}
	_, secret, err := here.CreateKey(r.t.Context(), console, control.CreateKey{Name: site, Role: role, OneSite: true})
	if err != nil {
		r.t.Fatal(err)
	}
	return secret
}

// askWith sends a request with a key.
func (r *rig) askWith(key, method, path, body string, fields ...string) reply {
	r.t.Helper()
	return r.send(r.request(method, path, body, append([]string{"Authorization: Bearer " + key}, fields...)...))
}

// A caller is a key: its role, and where it is of use.
type caller struct {
	key  string
	role control.Role
	site string // "": everywhere
}

// wants is what a route answers to a caller who asks about a site: a status and a code.
// 0 is whatever the thing itself says.
func (c caller) wants(route api.Route, site string) (status int, code string) {
	named := strings.HasPrefix(route.Path, "/sites/{site}")
	switch {
	case route.Needs == "":
		return http.StatusOK, ""
	case (named || route.Of == api.OfSite) && c.site != "" && c.site != site:
		return http.StatusNotFound, "not-found"
	case route.Of == api.OfFleet && c.site != "":
		return http.StatusForbidden, "key-of-site"
	case !c.role.Allows(route.Needs):
		return http.StatusForbidden, "role"
	}
	return 0, ""
}

// TestEveryRouteByRoleAndSite tries every route, at every site, with keys of every role
// that are of use everywhere, or at one site alone.
func TestEveryRouteByRoleAndSite(t *testing.T) {
	r := newRig(t)
	sites := []string{"default", "one", "other"}
	r.site("one")
	r.site("other")
	var callers []caller
	for _, role := range []control.Role{control.RoleViewer, control.RoleEditor, control.RoleOwner} {
		callers = append(callers, caller{r.keys[role], role, ""})
		for _, site := range []string{"default", "one"} {
			callers = append(callers, caller{r.keyAt(site, role), role, site})
		}
	}
	tried := 0
	for _, route := range r.api.Routes() {
		targets := sites
		if !strings.Contains(route.Path, "{site}") {
			targets = []string{"default"}
		}
		for _, site := range targets {
			for _, c := range callers {
				status, code := c.wants(route, site)
				at := site
				if status == 0 && route.Method == http.MethodDelete && route.Path == "/sites/{site}" && site != "default" {
					at = fmt.Sprintf("victim%d", tried) // it will be gone
					r.site(at)
				}
				got := r.tryAt(route, c.key, at)
				tried++
				name := fmt.Sprintf("%s %s of %s by a key of %q, %s", route.Method, route.Path, site, c.site, c.role)
				switch {
				case status == 0 && (got.status == http.StatusUnauthorized || got.status == http.StatusForbidden):
					t.Errorf("%s is refused: %s", name, got.body)
				case status != 0 && (got.status != status || code != "" && got.text("code") != code):
					t.Errorf("%s: answered %d, want %d %s: %s", name, got.status, status, code, got.body)
				case status == http.StatusNotFound && strings.Contains(route.Path, "{site}"):
					nowhere := r.tryAt(route, c.key, "nowhere")
					if strings.ReplaceAll(string(nowhere.body), "nowhere", site) != string(got.body) || nowhere.status != got.status {
						t.Errorf("%s can be told from a site that there is not: %s and %s", name, got.body, nowhere.body)
					}
				}
			}
		}
	}
	if want := 1000; tried < want {
		t.Errorf("only %d requests were tried, want %d", tried, want)
	}
}

// Every route says what it is about: a new one that belongs to a site cannot be forgotten.
func TestRoutesOfSites(t *testing.T) {
	r := newRig(t)
	var fleet []string
	for _, route := range r.api.Routes() {
		if route.Of == api.OfFleet && route.Needs != "" {
			fleet = append(fleet, strings.Split(route.Path, "/")[1])
		}
	}
	slices.Sort(fleet)
	if got := strings.Join(slices.Compact(fleet), " "); got != "invitations keys nodes sessions sites ticket-keys users" {
		t.Errorf("of no one site: %s", got)
	}
}

func TestSites(t *testing.T) {
	r := newRig(t)
	made := r.ask("POST", "/sites", `{"name":"Billing","addresses":["HTTPS://Billing.example.com/"],"upstreams":["http://127.0.0.1:9001"],"health_path":"/healthz"}`).
		want(http.StatusCreated)
	if made.text("name") != "billing" || made.text("addresses.0") != "https://billing.example.com" || made.header.Get("Location") != api.Base+"/sites/billing" || made.header.Get("ETag") != `"1"` {
		t.Errorf("made %s, %v", made.body, made.header)
	}
	r.ask("POST", "/sites", `{"name":"billing"}`).want(http.StatusConflict, "already-exists")
	r.ask("POST", "/sites", `{"name":"b","addresses":["https://billing.example.com"]}`).want(http.StatusConflict, "already-exists")
	wrong := r.ask("POST", "/sites", `{"name":"b","upstreams":["ftp://x"]}`).want(http.StatusUnprocessableEntity, "invalid")
	if wrong.text("errors.0.field") != "upstreams" {
		t.Errorf("answered %s", wrong.body)
	}
	list := r.ask("GET", "/sites", "").want(http.StatusOK)
	if list.number("total") != 2 || list.text("items.0.name") != "default" || list.text("items.1.name") != "billing" {
		t.Errorf("listed %s", list.body)
	}
	if found := r.ask("GET", "/sites?search=BILL&limit=1", ""); found.number("total") != 1 {
		t.Errorf("found %s", found.body)
	}

	shown := r.ask("GET", "/sites/BILLING", "").want(http.StatusOK)
	tag := "If-Match: " + shown.header.Get("ETag")
	r.ask("PATCH", "/sites/billing", `{"enabled":false}`).want(http.StatusPreconditionRequired, "if-match-missing")
	set := r.ask("PATCH", "/sites/billing", `{"enabled":false,"upstreams":["http://127.0.0.1:9002"]}`, tag).want(http.StatusOK)
	if set.value("enabled") != false || set.text("upstreams.0") != "http://127.0.0.1:9002" || set.text("health_path") != "/healthz" || set.header.Get("ETag") != `"2"` {
		t.Errorf("set to %s", set.body)
	}
	r.ask("PATCH", "/sites/billing", `{"enabled":true}`, tag).want(http.StatusPreconditionFailed, "changed-since")
	r.ask("PATCH", "/sites/default", `{"enabled":false}`, "If-Match: *").want(http.StatusUnprocessableEntity, "invalid")
	r.ask("GET", "/sites/nowhere", "").want(http.StatusNotFound, "not-found")
	r.ask("GET", "/sites/nowhere/domains", "").want(http.StatusNotFound, "not-found")
	r.ask("DELETE", "/sites/default", "").want(http.StatusUnprocessableEntity, "invalid")
	r.ask("DELETE", "/sites/billing", "").want(http.StatusNoContent)
	r.ask("GET", "/sites/billing", "").want(http.StatusNotFound, "not-found")
}

// TestWhatASiteHasIsItsOwn: what is of one site cannot be had by its id at another, and the
// paths without a site are those of the site default.
func TestWhatASiteHasIsItsOwn(t *testing.T) {
	r := newRig(t, func(c *api.Config) { c.Locked = []string{"mode"} })
	r.site("one")
	r.site("other")
	r.ask("POST", "/sites/one/domains", `{"domains":["app.example.com"]}`).want(http.StatusCreated)
	change := r.ask("GET", "/sites/one/audit?action=domain", "").number("items.0.id")
	entry := r.ask("GET", "/sites/one/domains", "").number("items.0.id")
	token := r.ask("POST", "/sites/one/tokens", `{"name":"t","domains":["app.example.com"]}`).want(http.StatusCreated)
	if at := token.header.Get("Location"); at != api.Base+"/sites/one/tokens/"+token.text("id") {
		t.Errorf("the token is at %s", at)
	}
	for _, path := range []string{
		fmt.Sprintf("/domains/%d", entry), "/tokens/" + token.text("id"), fmt.Sprintf("/audit/%d", change),
	} {
		r.ask("GET", "/sites/one"+path, "").want(http.StatusOK)
		for _, other := range []string{"", "/sites/default", "/sites/other"} {
			r.ask("GET", other+path, "").want(http.StatusNotFound, "not-found")
		}
	}
	for _, other := range []string{"", "/sites/other"} {
		r.ask("DELETE", fmt.Sprintf("%s/domains/%d", other, entry), "").want(http.StatusNotFound)
		r.ask("POST", fmt.Sprintf("%s/audit/%d/undo", other, change), "").want(http.StatusNotFound)
		r.ask("POST", other+"/tokens/"+token.text("id")+"/revoke", "").want(http.StatusNotFound)
		r.ask("POST", other+"/domains/remove", fmt.Sprintf(`{"ids":[%d]}`, entry)).want(http.StatusNotFound)
		r.ask("POST", other+"/tokens", `{"name":"t","domains":["app.example.com"]}`).want(http.StatusNotFound)
	}
	const check = "/domains/check?origin=https%3A%2F%2Fapp.example.com"
	if r.ask("GET", "/sites/one"+check, "").value("allowed") != true || r.ask("GET", check, "").value("allowed") != false {
		t.Error("the entry of one site trusts at another")
	}
	if own := r.ask("GET", "/sites/one/domains/check?origin=https%3A%2F%2Fone.example.com", ""); own.text("reason") != "own-origin" {
		t.Errorf("its own origin: %s", own.body)
	}
	r.ask("PATCH", "/sites/one/policy", `{"mode":"observe"}`, "If-Match: *").want(http.StatusOK)
	if got := r.ask("GET", "/policy", ""); got.text("mode") != "enforce" || got.text("locked.0") != "mode" {
		t.Errorf("the site default has %s", got.body)
	}
	if got := r.ask("GET", "/sites/one/policy", ""); got.text("mode") != "observe" || got.value("locked.0") != nil {
		t.Errorf("the site has %s", got.body)
	}
	r.ask("POST", "/domains", `{"domains":["both.example.com"]}`).want(http.StatusCreated)
	if got := r.ask("GET", "/sites/default/domains", ""); got.text("items.0.domain") != "both.example.com" {
		t.Errorf("listed %s", got.body)
	}
	if got := r.ask("POST", "/sites/one/explain", `{"origin":"https://app.example.com"}`); got.value("gateway.allowed") != true {
		t.Errorf("explained %s", got.body)
	}
	r.ask("POST", "/sites/one/refused-origins/ignore", `{"origin":"https://x.example"}`).want(http.StatusOK)
	if n := r.ask("GET", "/refused-origins?state=ignored", "").number("total"); n != 0 {
		t.Error("ignored at another site, too")
	}
	for _, path := range []string{"/exchanges", "/refused-origins"} {
		r.ask("GET", "/sites/one"+path, "").want(http.StatusOK)
	}
}

// TestKeyOfOneSite: it sees its site among the sites, itself among the keys, and of the
// audit log what was done to the site.
func TestKeyOfOneSite(t *testing.T) {
	r := newRig(t)
	r.site("one")
	r.site("other")
	made := r.ask("POST", "/keys", `{"name":"ci","role":"owner","site":"one"}`).want(http.StatusCreated)
	key := made.text("key")
	if made.text("site") != "one" {
		t.Errorf("made %s", made.body)
	}
	bad := r.ask("POST", "/keys", `{"name":"ci","role":"owner","site":"nowhere"}`).want(http.StatusNotFound, "not-found")
	if bad.text("errors.0.field") != "site" {
		t.Errorf("answered %s", bad.body)
	}
	if all := r.ask("GET", "/keys?search=ci", ""); all.text("items.0.site") != "one" {
		t.Errorf("listed %s", all.body)
	}
	if r.ask("GET", "/keys/current", "").value("site") != nil {
		t.Error("a key of all sites has one")
	}
	if self := r.askWith(key, "GET", "/keys/current", "").want(http.StatusOK); self.text("site") != "one" {
		t.Errorf("shown %s", self.body)
	}
	for query, want := range map[string]int{"": 1, "?search=ONE": 1, "?search=other": 0} {
		list := r.askWith(key, "GET", "/sites"+query, "").want(http.StatusOK)
		if list.number("total") != want || want == 1 && list.text("items.0.name") != "one" {
			t.Errorf("%q lists %s", query, list.body)
		}
	}
	if past := r.askWith(key, "GET", "/sites?offset=5", "").want(http.StatusOK); past.value("items.0") != nil || past.number("total") != 1 {
		t.Errorf("past the end: %s", past.body)
	}
	r.askWith(key, "PATCH", "/sites/one", `{"upstreams":["http://10.0.0.1"]}`, "If-Match: *").want(http.StatusForbidden, "key-of-site")
	r.askWith(key, "DELETE", "/sites/one", "").want(http.StatusForbidden, "key-of-site")
	r.askWith(key, "DELETE", "/sites/other", "").want(http.StatusNotFound, "not-found")
	r.askWith(key, "POST", "/sites/one/domains", `{"domains":["app.example.com"]}`).want(http.StatusCreated)
	r.askWith(key, "GET", "/domains", "").want(http.StatusNotFound, "not-found")

	log := r.askWith(key, "GET", "/sites/one/audit?limit=1000", "").want(http.StatusOK)
	for i := 0; log.value(fmt.Sprintf("items.%d", i)) != nil && i < 10; i++ {
		if action := log.text(fmt.Sprintf("items.%d.action", i)); strings.HasPrefix(action, "key.") {
			t.Errorf("told of %s", action)
		}
	}
	all := r.ask("GET", "/audit?action=key.create", "").number("items.0.id")
	r.ask("GET", fmt.Sprintf("/audit/%d", all), "").want(http.StatusOK)
	r.askWith(key, "GET", fmt.Sprintf("/sites/one/audit/%d", all), "").want(http.StatusNotFound, "not-found")
	atDefault := r.keyAt("default", control.RoleOwner)
	r.askWith(atDefault, "GET", fmt.Sprintf("/audit/%d", all), "").want(http.StatusNotFound, "not-found")
	if log := r.askWith(atDefault, "GET", "/audit?action=key", "").want(http.StatusOK); log.value("items.0") != nil {
		t.Errorf("a key of the site default is told of %s", log.body)
	}

	r.ask("DELETE", "/sites/one", "").want(http.StatusNoContent)
	r.askWith(key, "GET", "/sites", "").want(http.StatusUnauthorized, "key-unknown")
}

func TestMembers(t *testing.T) {
	r := newRig(t)
	r.site("one")
	for _, name := range []string{"ada", "bob"} {
		if _, err := r.control.AddAccount(t.Context(), console, name, "correct horse battery", control.RoleOwner); err != nil {
			t.Fatal(err)
		}
	}
	r.ask("PATCH", "/users/bob", `{"confined":true}`).want(http.StatusOK)
	r.ask("PATCH", "/users/ada", `{"confined":true}`).want(http.StatusConflict, "last-owner")
	r.ask("PATCH", "/users/bob", `{"confined":true,"role":"owner"}`).want(http.StatusUnprocessableEntity, "invalid")
	if got := r.ask("GET", "/users/bob", ""); got.value("confined") != true {
		t.Errorf("shown %s", got.body)
	}
	r.ask("PUT", "/sites/one/members/bob", `{"role":"editor"}`).want(http.StatusNoContent)
	r.ask("PUT", "/sites/one/members/ada", `{"role":"viewer"}`).want(http.StatusNoContent)
	r.ask("PUT", "/sites/one/members/nobody", `{"role":"viewer"}`).want(http.StatusNotFound, "not-found")
	r.ask("PUT", "/sites/one/members/bob", `{"role":"king"}`).want(http.StatusUnprocessableEntity, "invalid")
	r.ask("PUT", "/sites/one/members/bob", `{}`).want(http.StatusUnprocessableEntity, "invalid")
	list := r.ask("GET", "/sites/one/members", "").want(http.StatusOK)
	if list.text("items.0.everywhere") != "owner" || list.text("items.1.role") != "editor" || list.value("items.1.everywhere") != nil {
		t.Errorf("listed %s", list.body)
	}
	own := r.askWith(r.keyAt("one", control.RoleViewer), "GET", "/sites/one/members", "").want(http.StatusOK)
	if own.text("items.0.name") != "ada" || own.value("items.0.everywhere") != nil {
		t.Errorf("a key of the site is told %s", own.body)
	}
	invited := r.ask("POST", "/invitations", `{"name":"carl","role":"viewer","site":"one"}`).want(http.StatusCreated)
	if list := r.ask("GET", "/invitations", ""); invited.text("site") != "one" || list.text("items.0.site") != "one" {
		t.Errorf("invited %s, listed %s", invited.body, list.body)
	}
	r.ask("POST", "/invitations", `{"name":"dora","role":"viewer","site":"nowhere"}`).want(http.StatusNotFound, "not-found")
	if free := r.ask("POST", "/invitations", `{"name":"dora","role":"viewer"}`).want(http.StatusCreated); free.value("site") != nil {
		t.Errorf("invited %s", free.body)
	}
	r.ask("DELETE", "/sites/one/members/bob", "").want(http.StatusNoContent)
	r.ask("DELETE", "/sites/one/members/bob", "").want(http.StatusNotFound, "not-found")
	r.ask("PATCH", "/users/bob", `{"confined":false}`).want(http.StatusOK)
}

func TestNodes(t *testing.T) {
	r := newRig(t)
	if got := r.ask("GET", "/nodes", "").want(http.StatusOK); got.value("items.0") != nil {
		t.Errorf("listed %s", got.body)
	}
	head := r.ask("GET", "/nodes", "").number("revision")
	node := control.Node{ID: "a", Name: "gate-1", Version: "1.2", StartedAt: r.clock(), Head: control.Head{Revision: int64(head)}}
	if err := r.control.Beat(t.Context(), node); err != nil {
		t.Fatal(err)
	}
	got := r.ask("GET", "/nodes", "").want(http.StatusOK)
	if got.text("items.0.name") != "gate-1" || got.value("items.0.snapshot_at") != nil || got.text("items.0.version") != "1.2" {
		t.Errorf("listed %s", got.body)
	}
	r.forward(time.Hour)
	if got := r.ask("GET", "/nodes", ""); got.text("items.0.state") != "silent" {
		t.Errorf("listed %s", got.body)
	}
}

// An Idempotency-Key is of one path: the same request at two sites is carried out at both.
func TestIdempotencyKeyIsOfASite(t *testing.T) {
	r := newRig(t)
	r.site("one")
	const body, once = `{"domains":["app.example.com"]}`, "Idempotency-Key: 7c1"
	for _, path := range []string{"/domains", "/sites/one/domains"} {
		if got := r.ask("POST", path, body, once).want(http.StatusCreated); got.header.Get("Idempotency-Replayed") != "" {
			t.Errorf("%s was not carried out", path)
		}
		r.ask("POST", path, body, once).want(http.StatusCreated)
	}
}

// What a site is told of requests is of requests to it: an exchange of another site is not
// there, and neither is an origin.
func TestTrafficOfSites(t *testing.T) {
	seen := inspect.New(inspect.Config{})
	r := newRig(t, func(c *api.Config) { c.Traffic = func(site int64) api.Traffic { return seen.At(site) } })
	places := map[string]control.Place{"default": r.control.Place(), "alpha": r.site("alpha").Place(), "beta": r.site("beta").Place()}
	ids := map[string]string{}
	for name, place := range places {
		seen.Record(&inspect.Observation{
			Time: time.Now(), SiteID: place.ID, Site: name, Method: "GET", Path: "/" + name, Origin: "https://" + name + ".example",
			Judged: true, Refused: true, Reason: gate.OriginNotTrusted, Status: 403,
		})
		ids[name] = seen.At(place.ID).Last().String()
	}
	for name := range places {
		prefix := "/sites/" + name
		all := r.ask("GET", prefix+"/exchanges", "")
		if strings.Count(string(all.body), `"path":"/`) != 1 || all.text("items.0.path") != "/"+name || all.text("items.0.site") != name {
			t.Errorf("%s sees %s", name, all.body)
		}
		refused := r.ask("GET", prefix+"/refused-origins", "")
		if refused.number("total") != 1 || refused.text("items.0.origin") != "https://"+name+".example" {
			t.Errorf("%s sees %s", name, refused.body)
		}
		for owner, id := range ids {
			want := http.StatusNotFound
			if owner == name {
				want = http.StatusOK
			}
			if got := r.ask("GET", prefix+"/exchanges/"+id, ""); got.status != want {
				t.Errorf("%s asks for an exchange of %s: %d", name, owner, got.status)
			}
		}
	}
}
