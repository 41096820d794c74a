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

func TestDomains(t *testing.T) {
	r := newRig(t)
	added := r.ask("POST", "/domains", `{"domains":["HTTPS://App.Example.com/","*.example.org"],"label":"Web","expires_at":"2031-01-01T00:00:00Z"}`).
		want(http.StatusCreated)
	if added.text("lines.0.domain") != "app.example.com" || added.text("lines.1.status") != "added" || added.number("change.id") == 0 {
		t.Errorf("answered %s", added.body)
	}
	r.ask("POST", "/domains", `{"domains":["app.example.com"]}`).want(http.StatusOK)

	list := r.ask("GET", "/domains?search=APP", "").want(http.StatusOK)
	path := fmt.Sprintf("/domains/%d", list.number("items.0.id"))
	if list.number("total") != 1 || list.text("items.0.label") != "Web" || list.text("items.0.created_by") == "" {
		t.Errorf("listed %s", list.body)
	}
	shown := r.ask("GET", path, "").want(http.StatusOK)
	if shown.header.Get("ETag") != `"1"` {
		t.Errorf("ETag %s", shown.header.Get("ETag"))
	}
	set := r.ask("PATCH", path, `{"label":"Shop","enabled":false,"expires_at":null}`, `If-Match: "1"`).want(http.StatusOK)
	if set.text("label") != "Shop" || set.value("enabled") != false || set.value("expires_at") != nil || set.header.Get("ETag") != `"2"` {
		t.Errorf("set to %s", set.body)
	}
	r.ask("PATCH", path, `{"label":"late"}`, `If-Match: "1"`).want(http.StatusPreconditionFailed, "changed-since")
	r.ask("DELETE", path, "", `If-Match: "1"`).want(http.StatusPreconditionFailed, "changed-since")
	gone := r.ask("DELETE", path, "", `If-Match: "2"`).want(http.StatusOK)
	r.ask("GET", path, "").want(http.StatusNotFound, "not-found")
	r.ask("POST", fmt.Sprintf("/audit/%d/undo", gone.number("change.id")), "").want(http.StatusOK)
	r.ask("POST", fmt.Sprintf("/audit/%d/undo", gone.number("change.id")), "").want(http.StatusConflict, "already-undone")
	r.ask("GET", path, "").want(http.StatusOK)
	id := list.number("items.0.id")
	r.ask("POST", "/domains/remove", fmt.Sprintf(`{"ids":[%d,999]}`, id)).want(http.StatusNotFound, "not-found")
	r.ask("POST", "/domains/remove", fmt.Sprintf(`{"ids":[%d]}`, id)).want(http.StatusOK)
}

// TestDomainsAreAddedTogether: where one is refused, or wants confirming, none is saved.
func TestDomainsAreAddedTogether(t *testing.T) {
	r := newRig(t)
	refused := r.ask("POST", "/domains", `{"domains":["ok.example.com","a b*c","*.com"]}`).want(http.StatusUnprocessableEntity, "refused")
	if refused.text("lines.0.status") != "added" || refused.text("lines.1.status") != "added" && refused.text("lines.1.message") == "" {
		t.Errorf("answered %s", refused.body)
	}
	asked := r.ask("POST", "/domains", `{"domains":["http://legacy.example.com"]}`).want(http.StatusUnprocessableEntity, "needs-confirmation")
	if asked.text("lines.0.confirm.0") != "insecure" || asked.text("errors.0.field") != "domains" {
		t.Errorf("answered %s", asked.body)
	}
	if n := r.ask("GET", "/domains", "").number("total"); n != 0 {
		t.Fatalf("%d were saved", n)
	}
	preview := r.ask("POST", "/domains/preview", `{"domains":["http://legacy.example.com"]}`).want(http.StatusOK)
	if preview.text("lines.0.code") != "needs-confirmation" {
		t.Errorf("preview %s", preview.body)
	}
	r.ask("POST", "/domains", `{"domains":["http://legacy.example.com"],"confirm":["insecure"]}`).want(http.StatusCreated)
	r.ask("POST", "/domains", `{"domains":["*.co.uk"],"confirm":["public-suffix"],"reason":"ours alone"}`).want(http.StatusCreated)
	if got := r.ask("GET", "/audit?limit=1", ""); got.text("items.0.reason") != "ours alone" || got.text("items.0.actor.kind") != "key" {
		t.Errorf("recorded %s", got.body)
	}
}

func TestCheck(t *testing.T) {
	r := newRig(t)
	r.ask("POST", "/domains", `{"domains":["app.example.com"]}`).want(http.StatusCreated)
	if got := r.ask("GET", "/domains/check?origin=https%3A%2F%2Fapp.example.com", ""); got.value("allowed") != true || got.text("domain") != "app.example.com" {
		t.Errorf("answered %s", got.body)
	}
	if got := r.ask("GET", "/domains/check?origin=http%3A%2F%2Fapp.example.com", ""); got.value("allowed") != false || got.text("differs") != "scheme" {
		t.Errorf("answered %s", got.body)
	}
	r.ask("GET", "/domains/check", "").want(http.StatusBadRequest, "query")
}

func TestTokens(t *testing.T) {
	r := newRig(t)
	r.ask("POST", "/domains", `{"domains":["app.example.com"]}`).want(http.StatusCreated)
	made := r.ask("POST", "/tokens", `{"name":"Web","domains":["app.example.com"],"methods":["GET"],"path_prefix":"/api","query_carrier":"read"}`).
		want(http.StatusCreated)
	path := strings.TrimPrefix(made.header.Get("Location"), api.Base)
	if !strings.HasPrefix(made.text("token"), "cgt_") || path != "/tokens/"+made.text("id") {
		t.Errorf("answered %s, at %s", made.body, path)
	}
	if shown := r.ask("GET", path, "").want(http.StatusOK); shown.text("token") != "" || shown.text("query_carrier") != "read" {
		t.Errorf("shown %s", shown.body)
	}
	if ended := r.ask("POST", path+"/revoke", "").want(http.StatusOK); ended.text("revoked_at") == "" {
		t.Errorf("answered %s", ended.body)
	}
	if list := r.ask("GET", "/tokens?search=web", ""); list.number("total") != 1 {
		t.Errorf("listed %s", list.body)
	}
	r.ask("POST", "/tokens", `{"name":"x","domains":["other.example.com"]}`).want(http.StatusNotFound, "not-found")
	wrong := r.ask("POST", "/tokens", `{"name":"x","path_prefix":"api"}`).want(http.StatusUnprocessableEntity, "invalid")
	if wrong.text("errors.0.field") != "path_prefix" {
		t.Errorf("answered %s", wrong.body)
	}
	r.ask("GET", "/tokens/tok_none", "").want(http.StatusNotFound, "not-found")
}

func TestKeys(t *testing.T) {
	r := newRig(t)
	made := r.ask("POST", "/keys", `{"name":"Deploy","role":"viewer","expires_at":"2030-06-01T00:00:00+02:00"}`).want(http.StatusCreated)
	mine := "Authorization: Bearer " + made.text("key")
	if got := r.send(r.request("GET", "/keys/current", "", mine)).want(http.StatusOK); got.text("id") != made.text("id") || got.text("key") != "" {
		t.Errorf("current key %s", got.body)
	}
	r.ask("GET", "/keys/"+made.text("id"), "").want(http.StatusOK)
	if got := r.ask("GET", "/keys?search=deploy", ""); got.number("total") != 1 {
		t.Errorf("listed %s", got.body)
	}
	r.ask("POST", "/keys/"+made.text("id")+"/revoke", "{}").want(http.StatusOK)
	r.send(r.request("GET", "/keys/current", "", mine)).want(http.StatusUnauthorized, "key-revoked")
	if got := r.ask("POST", "/keys", `{"name":"x","role":"admin"}`).want(http.StatusUnprocessableEntity, "invalid"); got.text("errors.0.field") != "role" {
		t.Errorf("answered %s", got.body)
	}
}

func TestPeople(t *testing.T) {
	r := newRig(t)
	if _, err := r.control.AddAccount(t.Context(), console, "anna", "correct horse battery", control.RoleOwner); err != nil {
		t.Fatal(err)
	}
	if _, err := r.control.SignIn(t.Context(), "anna", "correct horse battery", "192.0.2.1", "a browser"); err != nil {
		t.Fatal(err)
	}
	r.ask("PATCH", "/users/anna", `{"role":"viewer"}`).want(http.StatusConflict, "last-owner")
	r.ask("DELETE", "/users/anna", "").want(http.StatusConflict)
	r.ask("GET", "/users/nobody", "").want(http.StatusNotFound, "not-found")

	invited := r.ask("POST", "/invitations", `{"name":"ben","role":"editor"}`).want(http.StatusCreated)
	secret, ok := strings.CutPrefix(invited.text("path"), "/invitation?secret=")
	if !ok {
		t.Fatalf("answered %s", invited.body)
	}
	if got := r.ask("GET", "/invitations", ""); got.text("items.0.name") != "ben" || got.text("items.0.path") != "" {
		t.Errorf("listed %s", got.body)
	}
	if _, err := r.control.AcceptInvitation(t.Context(), secret, "another long password", ""); err != nil {
		t.Fatal(err)
	}
	r.ask("PATCH", "/users/ben", `{"role":"owner"}`).want(http.StatusOK)
	r.ask("GET", "/users/ben", "").want(http.StatusOK)
	again := r.ask("POST", "/invitations", `{"name":"cleo","role":"viewer"}`).want(http.StatusCreated)
	r.ask("DELETE", fmt.Sprintf("/invitations/%d", again.number("id")), "").want(http.StatusNoContent)

	sessions := r.ask("GET", "/users/anna/sessions", "").want(http.StatusOK)
	r.ask("DELETE", "/sessions/"+sessions.text("items.0.id"), "").want(http.StatusNoContent)
	r.ask("DELETE", "/users/anna/sessions", "").want(http.StatusNoContent)
	r.ask("DELETE", "/users/ben", "").want(http.StatusNoContent)
	if got := r.ask("GET", "/users", ""); got.text("items.0.name") != "anna" || got.value("items.1") != nil {
		t.Errorf("listed %s", got.body)
	}
}

func TestPolicy(t *testing.T) {
	r := newRig(t)
	was := r.ask("GET", "/policy", "").want(http.StatusOK)
	tag := "If-Match: " + was.header.Get("ETag")
	r.ask("PATCH", "/policy", `{"max_age":600}`).want(http.StatusPreconditionRequired, "if-match-missing")
	set := r.ask("PATCH", "/policy", `{"max_age":600,"expose":["x-total"],"exempt":[{"method":"POST","path":"/saml"}]}`, tag).want(http.StatusOK)
	if set.number("max_age") != 600 || set.text("exempt.0.path") != "/saml" || set.header.Get("ETag") == was.header.Get("ETag") {
		t.Errorf("answered %s", set.body)
	}
	r.ask("PATCH", "/policy", `{"max_age":60}`, tag).want(http.StatusPreconditionFailed, "changed-since")
	if got := r.ask("PATCH", "/policy", `{"expose":null,"exempt":[]}`, "If-Match: *").want(http.StatusOK); got.value("expose") != nil || got.value("exempt.0") != nil {
		t.Errorf("answered %s", got.body)
	}
	wrong := r.ask("PATCH", "/policy", `{"max_age":-1,"methods":[],"mode":"off"}`, "If-Match: *").want(http.StatusUnprocessableEntity, "invalid")
	for i, field := range []string{"methods", "max_age", "mode"} {
		if got := wrong.text(fmt.Sprintf("errors.%d.field", i)); got != field {
			t.Errorf("mistake %d is about %q, want %q", i, got, field)
		}
	}
	if got := r.ask("PATCH", "/policy", `{"open_envelopes":true}`, "If-Match: *").want(http.StatusOK); was.value("open_envelopes") != false || got.value("open_envelopes") != true {
		t.Errorf("answered %s", got.body)
	}
	r.ask("PATCH", "/policy", `{"upstream_credential":"Bearer x"}`, "If-Match: *").want(http.StatusConflict, "no-secret-key")
}

func TestTicketKeys(t *testing.T) {
	r := newRig(t)
	r.seal(1)
	if got := r.ask("GET", "/ticket-keys", "").want(http.StatusOK); got.value("keys.0") != nil {
		t.Errorf("answered %s", got.body)
	}
	first := r.ask("POST", "/ticket-keys/rotate", "").want(http.StatusOK)
	if first.text("keys.0.signs_from") != "2030-05-17T12:00:00Z" || first.text("change.action") != "ticket.rotate" {
		t.Errorf("answered %s", first.body)
	}
	next := r.ask("POST", "/ticket-keys/rotate", "{}").want(http.StatusOK)
	if next.text("keys.0.signs_from") != "2030-05-17T12:01:00Z" || next.text("keys.1.signs_from") != "2030-05-17T12:00:00Z" {
		t.Errorf("answered %s", next.body)
	}
	if got := r.ask("POST", "/ticket-keys/rotate", `{"now":false}`).want(http.StatusOK); got.value("change") != nil || got.value("keys.2") != nil {
		t.Errorf("answered %s", got.body)
	}
	ended := r.ask("POST", "/ticket-keys/rotate", `{"now":true}`).want(http.StatusOK)
	if ended.number("change.id") == 0 || ended.value("keys.1") != nil {
		t.Errorf("answered %s", ended.body)
	}
	if got := r.ask("GET", "/ticket-keys", "").want(http.StatusOK); got.text("keys.0.signs_from") != "2030-05-17T12:00:00Z" {
		t.Errorf("answered %s", got.body)
	}
	r.ask("POST", "/ticket-keys/rotate", `{"now":"yes"}`).want(http.StatusBadRequest, "malformed")
	newRig(t).ask("POST", "/ticket-keys/rotate", "").want(http.StatusConflict, "no-secret-key")
}

func TestTicketKeysThatCannotBeOpened(t *testing.T) {
	r := newRig(t)
	r.seal(1)
	r.ask("POST", "/ticket-keys/rotate", "").want(http.StatusOK)
	r.seal(2)
	r.ask("GET", "/ticket-keys", "").want(http.StatusConflict, "secret-sealed")
	got := r.ask("POST", "/ticket-keys/rotate", "").want(http.StatusConflict, "secret-sealed")
	if !strings.Contains(got.text("detail"), "ticket rotate --now") {
		t.Errorf("answered %s", got.body)
	}
	r.ask("POST", "/ticket-keys/rotate", `{"now":true}`).want(http.StatusOK)
	r.ask("GET", "/ticket-keys", "").want(http.StatusOK)
}

func TestPolicyLocked(t *testing.T) {
	r := newRig(t, func(c *api.Config) { c.Locked = []string{"mode"} })
	if got := r.ask("GET", "/policy", ""); got.text("locked.0") != "mode" {
		t.Errorf("answered %s", got.body)
	}
	if got := r.ask("PATCH", "/policy", `{"mode":"observe"}`, "If-Match: *").want(http.StatusConflict, "setting-locked"); got.text("errors.0.field") != "mode" {
		t.Errorf("answered %s", got.body)
	}
	r.ask("PATCH", "/policy", `{"max_age":1}`, "If-Match: *").want(http.StatusOK)
}

func TestAudit(t *testing.T) {
	r := newRig(t)
	for i := range 5 {
		r.forward(time.Hour)
		r.ask("POST", "/domains", fmt.Sprintf(`{"domains":["a%d.example.com"]}`, i)).want(http.StatusCreated)
	}
	seen := 0
	for path := "/audit?action=domain&limit=2"; path != ""; {
		got := r.ask("GET", path, "").want(http.StatusOK)
		for i := 0; got.value(fmt.Sprintf("items.%d", i)) != nil; i++ {
			seen++
		}
		path = next(got)
	}
	if seen != 5 {
		t.Errorf("paged through %d changes, want 5", seen)
	}
	got := r.ask("GET", "/audit?search=a3&from=2030-05-17T12%3A00%3A00Z&to=2031-01-01T00%3A00%3A00Z", "").want(http.StatusOK)
	if got.value("items.1") != nil || got.value("items.0.complete") != true || !strings.Contains(got.text("items.0.summary"), "a3.example.com") {
		t.Errorf("found %s", got.body)
	}
	r.ask("GET", fmt.Sprintf("/audit/%d", got.number("items.0.id")), "").want(http.StatusOK)
	r.ask("GET", "/audit?from=yesterday", "").want(http.StatusBadRequest, "query")
	r.ask("POST", "/audit/1/undo", "").want(http.StatusConflict, "nothing-to-undo")
}

// next returns where Link leads on to, or "".
func next(got reply) string {
	for part := range strings.SplitSeq(got.header.Get("Link"), ", ") {
		if target, ok := strings.CutSuffix(part, `>; rel="next"`); ok {
			return strings.TrimPrefix(target, "<"+api.Base)
		}
	}
	return ""
}

func TestPages(t *testing.T) {
	r := newRig(t)
	var entries []string
	for i := range 7 {
		entries = append(entries, fmt.Sprintf(`"a%d.example.com"`, i))
	}
	r.ask("POST", "/domains", `{"domains":[`+strings.Join(entries, ",")+`]}`).want(http.StatusCreated)
	seen := map[string]bool{}
	pages := 0
	for path := "/domains?limit=3&search=example"; path != ""; pages++ {
		got := r.ask("GET", path, "").want(http.StatusOK)
		for i := 0; got.value(fmt.Sprintf("items.%d", i)) != nil; i++ {
			seen[got.text(fmt.Sprintf("items.%d.domain", i))] = true
		}
		path = next(got)
	}
	if pages != 3 || len(seen) != 7 {
		t.Errorf("%d entries on %d pages, want 7 on 3", len(seen), pages)
	}
	for _, query := range []string{"limit=0", "limit=1001", "limit=x", "offset=-1", "limit=1&limit=2", "page=2", "limit=%zz"} {
		r.ask("GET", "/domains?"+query, "").want(http.StatusBadRequest, "query")
	}
}
