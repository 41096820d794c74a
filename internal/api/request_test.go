package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// TestBodies: what is not understood whole is refused, with the member to blame.
func TestBodies(t *testing.T) {
	r := newRig(t)
	tests := []struct {
		name, body string
		code       string
		field      string
		status     int
	}{
		{name: "no JSON", body: "domains=app.example.com", code: "malformed"},
		{name: "an array", body: `["app.example.com"]`, code: "malformed"},
		{name: "null", body: `null`, code: "malformed"},
		{name: "cut short", body: `{"domains":["app.example.com"]`, code: "malformed"},
		{name: "something behind it", body: `{"domains":["a.example.com"]}{}`, code: "malformed"},
		{name: "not UTF-8", body: "{\"label\":\"\xff\"}", code: "malformed"},
		{name: "an unknown member", body: `{"domains":["a.example.com"],"expires":"x"}`, code: "malformed", field: "expires"},
		{name: "another case", body: `{"Domains":["a.example.com"]}`, code: "malformed", field: "Domains"},
		{name: "a member twice", body: `{"label":"a","label":"b"}`, code: "malformed", field: "label"},
		{name: "a wrong type", body: `{"domains":"a.example.com"}`, code: "malformed", field: "domains"},
		{name: "a wrong type inside", body: `{"domains":[1]}`, code: "malformed", field: "domains"},
		{name: "null where there is no null", body: `{"label":null}`, code: "malformed", field: "label"},
		{name: "no time", body: `{"domains":["a.example.com"],"expires_at":"tomorrow"}`, code: "malformed", field: "expires_at"},
		{name: "a number as time", body: `{"domains":["a.example.com"],"expires_at":5}`, code: "malformed", field: "expires_at"},
		{name: "a time gone by", body: `{"domains":["a.example.com"],"expires_at":"2001-01-01T00:00:00Z"}`, status: 422, code: "invalid", field: "expires_at"},
		{name: "nothing", body: `{}`, status: 422, code: "entry-empty", field: "domains"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.status == 0 {
				tt.status = http.StatusBadRequest
			}
			got := r.in(t).ask("POST", "/domains", tt.body).want(tt.status, tt.code)
			if field := got.text("errors.0.field"); field != tt.field {
				t.Errorf("blames %q, want %q: %s", field, tt.field, got.body)
			}
		})
	}
	if n := r.ask("GET", "/domains", "").number("total"); n != 0 {
		t.Errorf("%d entries were saved", n)
	}
}

func TestBodyLimits(t *testing.T) {
	r := newRig(t)
	r.ask("POST", "/tokens", `{"name":"`+strings.Repeat("a", 64<<10)+`"}`).want(http.StatusRequestEntityTooLarge, "body-too-large")
	r.ask("POST", "/domains", `{"label":"`+strings.Repeat("a", control.MaxText+1<<20)+`"}`).want(http.StatusRequestEntityTooLarge, "body-too-large")
	r.ask("POST", "/domains", `{"label":"`+strings.Repeat("a", control.MaxText+1<<20)+`"}`, "Idempotency-Key: a").want(http.StatusRequestEntityTooLarge, "body-too-large")
}

func TestNegotiation(t *testing.T) {
	r := newRig(t)
	tests := []struct {
		name, method, path, body, field string
		status                          int
		code                            string
	}{
		{name: "any type", method: "GET", path: "/domains", field: "Accept: */*", status: 200},
		{name: "JSON among others", method: "GET", path: "/domains", field: "Accept: text/html, application/json;q=0.5", status: 200},
		{name: "HTML alone", method: "GET", path: "/domains", field: "Accept: text/html", status: 406, code: "not-acceptable"},
		{name: "JSON never", method: "GET", path: "/domains", field: "Accept: application/json;q=0", status: 406, code: "not-acceptable"},
		{name: "a form", method: "POST", path: "/tokens", body: "name=x", field: "Content-Type: application/x-www-form-urlencoded", status: 415, code: "not-json"},
		{name: "text, as a page could send", method: "POST", path: "/tokens", body: `{"name":"x"}`, field: "Content-Type: text/plain", status: 415, code: "not-json"},
		{name: "another charset", method: "POST", path: "/tokens", body: `{"name":"x"}`, field: "Content-Type: application/json; charset=latin1", status: 415, code: "not-json"},
		{name: "UTF-8", method: "POST", path: "/tokens", body: `{"name":"x"}`, field: "Content-Type: application/json; charset=UTF-8", status: 201},
		{name: "compressed", method: "POST", path: "/tokens", body: `{"name":"x"}`, field: "Content-Encoding: gzip", status: 415, code: "not-json"},
		{name: "no such method", method: "PUT", path: "/policy", body: "{}", field: "Accept: */*", status: 405, code: "method-not-allowed"},
		{name: "no such path", method: "GET", path: "/nothing", field: "Accept: */*", status: 404, code: "not-found"},
		{name: "no number", method: "GET", path: "/domains/x", field: "Accept: */*", status: 404, code: "not-found"},
		{name: "If-Match of no version", method: "PATCH", path: "/domains/1", body: "{}", field: "If-Match: 3", status: 400, code: "if-match-malformed"},
		{name: "If-Match weak", method: "PATCH", path: "/domains/1", body: "{}", field: `If-Match: W/"3"`, status: 400, code: "if-match-malformed"},
		{name: "If-Match of another", method: "PATCH", path: "/domains/1", body: "{}", field: `If-Match: "x"`, status: 412, code: "changed-since"},
		{name: "If-Match where there is none", method: "DELETE", path: "/users/anna", field: `If-Match: "1"`, status: 400, code: "if-match-unsupported"},
		{name: "HEAD", method: "HEAD", path: "/domains", field: "Accept: */*", status: 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := r.in(t).ask(tt.method, tt.path, tt.body, tt.field).want(tt.status)
			if tt.code != "" {
				got.want(tt.status, tt.code)
			}
			if tt.method == "HEAD" && len(got.body) > 0 {
				t.Errorf("HEAD has a body: %s", got.body)
			}
		})
	}
}

func TestIdempotencyKey(t *testing.T) {
	r := newRig(t)
	const once = "Idempotency-Key: 5f0c"
	first := r.ask("POST", "/domains", `{"domains":["app.example.com"]}`, once).want(http.StatusCreated)
	again := r.ask("POST", "/domains", `{"domains":["app.example.com"]}`, once).want(http.StatusCreated)
	if string(first.body) != string(again.body) || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("answered %s, then %s", first.body, again.body)
	}
	r.ask("POST", "/domains", `{"domains":["b.example.com"]}`, once).want(http.StatusUnprocessableEntity, "idempotency-key-reused")
	r.ask("POST", "/domains/preview", `{"domains":["b.example.com"]}`, once).want(http.StatusOK) // another route
	r.ask("POST", "/domains", `{"domains":["b.example.com"]}`, "Idempotency-Key: two words").want(http.StatusBadRequest, "idempotency-key-malformed")

	r.ask("POST", "/domains", `{"domains":["*"]}`, "Idempotency-Key: bad").want(http.StatusUnprocessableEntity)
	r.ask("POST", "/domains", `{"domains":["c.example.com"]}`, "Idempotency-Key: bad").want(http.StatusCreated)

	r.forward(24 * time.Hour)
	r.ask("POST", "/domains", `{"domains":["app.example.com"]}`, once).want(http.StatusOK) // forgotten, and trusted already
}

// TestIdempotencyKeyKeepsNoSecret: what makes a secret is done once, and answered once.
func TestIdempotencyKeyKeepsNoSecret(t *testing.T) {
	r := newRig(t)
	const once = "Idempotency-Key: 5f0c"
	made := r.ask("POST", "/tokens", `{"name":"Web"}`, once).want(http.StatusCreated)
	again := r.ask("POST", "/tokens", `{"name":"Web"}`, once).want(http.StatusConflict, "already-done")
	if strings.Contains(string(again.body), made.text("token")) || again.header.Get("Location") != made.header.Get("Location") {
		t.Errorf("answered %s, %s", again.body, again.header)
	}
	if n := r.ask("GET", "/tokens", "").number("total"); n != 1 {
		t.Errorf("%d tokens were made", n)
	}
	// Another key's request is another request.
	other := r.request("POST", "/tokens", `{"name":"Web"}`, once, "Authorization: Bearer "+r.keys[control.RoleEditor])
	r.send(other).want(http.StatusCreated)
}

// TestInternalFaultsAreNotShown: what is no refusal goes to the log.
func TestInternalFaultsAreNotShown(t *testing.T) {
	r := newRig(t)
	req := r.request("GET", "/domains", "", "Authorization: Bearer "+r.keys[control.RoleOwner])
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := r.send(req.WithContext(ctx))
	if got.status < 500 || strings.Contains(string(got.body), "context") {
		t.Errorf("answered %d %s", got.status, got.body)
	}
}
