package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/api"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
)

// traffic is what was remembered, in a test: the newest first.
type traffic struct {
	exchanges []inspect.Exchange
	refused   []inspect.Origin
}

func (t traffic) List(f inspect.Filter, before inspect.ID, limit int) (found []inspect.Exchange) {
	for _, x := range t.exchanges {
		if (before == 0 || x.ID < before) && len(found) < limit && f.Matches(&x) {
			found = append(found, x)
		}
	}
	return found
}

func (t traffic) Get(id inspect.ID) (inspect.Exchange, bool) {
	for _, x := range t.exchanges {
		if x.ID == id {
			return x, true
		}
	}
	return inspect.Exchange{}, false
}

func (t traffic) RefusedOrigins() []inspect.Origin { return t.refused }

// remembering gives a rig something to tell.
func remembering(t traffic) func(*api.Config) {
	return func(c *api.Config) { c.Traffic = func(int64) api.Traffic { return t } }
}

func TestExchanges(t *testing.T) {
	at := time.Date(2030, 5, 17, 11, 0, 0, 0, time.UTC)
	r := newRig(t, remembering(traffic{exchanges: []inspect.Exchange{
		{
			ID: 40, Time: at, Duration: 1500 * time.Microsecond, Site: "default", Method: "POST", Effective: "PATCH", Scheme: "https", Host: "api.example.com",
			Path: "/items/7", Query: true, Carrier: inspect.Form, Origin: "https://app.example.com", Outcome: inspect.Allowed, Verdict: inspect.VerdictTrusted,
			Reason: gate.ReasonTrusted, DomainID: 3, Token: "tok_x", Status: 200, Headers: []string{"authorization"}, ContentType: "application/json",
			Cookie: true, FetchMode: "cors", FetchSite: "cross-site", Answer: []inspect.Field{{Name: "Vary", Value: "Origin"}}, Joined: 39,
		},
		{ID: 39, Time: at, Method: "OPTIONS", Preflight: true, Path: "/items/7", Origin: "https://app.example.com", Outcome: inspect.Allowed, Requested: inspect.Intended{Method: "PATCH", Headers: []string{"authorization"}}},
		{ID: 12, Time: at, Method: "GET", Path: "/", Origin: "https://evil.example", Outcome: inspect.Refused, Reason: gate.OriginNotTrusted, Status: 403},
	}}))
	whole := r.ask("GET", "/exchanges", "").want(http.StatusOK)
	first := inspect.ID(40).String()
	if whole.text("items.0.id") != first || whole.value("items.0.duration_ms") != 1.5 || whole.text("items.0.joined") != inspect.ID(39).String() || whole.number("items.0.domain_id") != 3 {
		t.Errorf("listed %s", whole.body)
	}
	if whole.value("items.1.joined") != nil || whole.value("items.1.domain_id") != nil || whole.value("next") != nil {
		t.Errorf("null is %s", whole.body)
	}
	tests := []struct {
		query string
		ids   []inspect.ID
	}{
		{"outcome=refused", []inspect.ID{12}},
		{"reason=trusted", []inspect.ID{40}},
		{"origin=EVIL", []inspect.ID{12}},
		{"method=PATCH", []inspect.ID{40}},
		{"path=/items", []inspect.ID{40, 39}},
		{"token=tok_x", []inspect.ID{40}},
		{"preflight=true", []inspect.ID{39}},
		{"preflight=false&limit=1", []inspect.ID{40}},
		{"before=" + inspect.ID(39).String(), []inspect.ID{12}},
		{"outcome=failed", nil},
	}
	for _, test := range tests {
		t.Run(test.query, func(t *testing.T) {
			got := r.in(t).ask("GET", "/exchanges?"+test.query, "").want(http.StatusOK)
			items, _ := got.value("items").([]any)
			if len(items) != len(test.ids) {
				t.Fatalf("listed %s", got.body)
			}
			for i, id := range test.ids {
				if got.text(fmt.Sprintf("items.%d.id", i)) != id.String() {
					t.Errorf("listed %s", got.body)
				}
			}
		})
	}
	page := r.ask("GET", "/exchanges?limit=2", "").want(http.StatusOK)
	if next := inspect.ID(39).String(); page.text("next") != next || !strings.Contains(page.header.Get("Link"), "before="+next) {
		t.Errorf("goes on with %s: %s", page.text("next"), page.header.Get("Link"))
	}
	r.ask("GET", "/exchanges/"+first, "").want(http.StatusOK)
	for _, path := range []string{"/exchanges/zzz", "/exchanges/0", "/exchanges/!"} {
		r.ask("GET", path, "").want(http.StatusNotFound, "not-found")
	}
	for _, wrong := range []string{"outcome=x", "preflight=1", "before=!", "limit=0", "limit=1001", "offset=1", "outcome=failed&outcome=failed"} {
		r.ask("GET", "/exchanges?"+wrong, "").want(http.StatusBadRequest, "query")
	}
}

func TestRefusedOrigins(t *testing.T) {
	at := time.Date(2030, 5, 17, 11, 0, 0, 0, time.UTC)
	r := newRig(t, remembering(traffic{refused: []inspect.Origin{
		{Origin: "https://app.examp1e.com", Hits: 9, Uncertain: 2, First: at, Last: at, Reason: gate.OriginNotTrusted, Paths: []string{"/a"}},
		{Origin: "https://shop.example.com", Hits: 8, First: at, Last: at},
		{Origin: "null", Hits: 7, First: at, Last: at, Reason: gate.OriginNull},
	}}))
	r.ask("POST", "/domains", `{"domains":["app.example.com","shop.example.com"]}`).want(http.StatusCreated)
	open := r.ask("GET", "/refused-origins", "").want(http.StatusOK)
	if open.number("total") != 2 || open.text("items.0.like") != "app.example.com" || open.text("items.0.paths.0") != "/a" || open.text("items.1.origin") != "null" {
		t.Errorf("listed %s", open.body)
	}
	done := r.ask("POST", "/refused-origins/ignore", `{"origin":"null"}`).want(http.StatusOK)
	if done.text("change.action") != "origin.ignore" {
		t.Errorf("ignored: %s", done.body)
	}
	if again := r.ask("POST", "/refused-origins/ignore", `{"origin":"null"}`).want(http.StatusOK); again.value("change") != nil {
		t.Errorf("ignored twice: %s", again.body)
	}
	r.ask("POST", "/refused-origins/ignore", `{"origin":"https://long-gone.example"}`).want(http.StatusOK)
	if n := r.ask("GET", "/refused-origins?state=open", "").number("total"); n != 1 {
		t.Errorf("%d are open", n)
	}
	ignored := r.ask("GET", "/refused-origins?state=ignored&limit=1&offset=1", "").want(http.StatusOK)
	if ignored.number("total") != 2 || ignored.text("items.0.ignored_at") == "" || !strings.Contains(ignored.header.Get("Link"), "offset=0") {
		t.Errorf("ignored %s", ignored.body)
	}
	if n := r.ask("GET", "/refused-origins?state=ignored&search=GONE", "").number("total"); n != 1 {
		t.Errorf("a search finds %d", n)
	}
	if past := r.ask("GET", "/refused-origins?offset=99", "").want(http.StatusOK); past.number("total") != 1 {
		t.Errorf("past the end: %s", past.body)
	}
	r.ask("POST", "/refused-origins/heed", `{"origin":"null"}`).want(http.StatusOK)
	if n := r.ask("GET", "/refused-origins", "").number("total"); n != 2 {
		t.Errorf("%d are open", n)
	}
	r.ask("POST", "/refused-origins/ignore", `{"origin":""}`).want(http.StatusUnprocessableEntity, "invalid")
	r.ask("POST", "/refused-origins/ignore", `{"origins":"x"}`).want(http.StatusBadRequest, "malformed")
	r.ask("GET", "/refused-origins?state=all", "").want(http.StatusBadRequest, "query")
}

// A server that remembers nothing has nothing to list.
func TestNothingIsRemembered(t *testing.T) {
	r := newRig(t)
	for _, path := range []string{"/exchanges", "/refused-origins"} {
		if got := r.ask("GET", path, "").want(http.StatusOK); string(got.body) == "" || got.value("items.0") != nil {
			t.Errorf("%s: %s", path, got.body)
		}
	}
	r.ask("GET", "/exchanges/1", "").want(http.StatusNotFound, "not-found")
}

func TestExplain(t *testing.T) {
	r := newRig(t)
	r.ask("POST", "/domains", `{"domains":["app.example.com"]}`).want(http.StatusCreated)
	asked := `{"method":"PATCH","headers":[["Authorization","Bearer secret"],["Content-Type","application/json"]],"body_type":"string","url":"https://api.example.com/items/7?key=secret","origin":"https://app.example.com"}`
	got := r.ask("POST", "/explain", asked).want(http.StatusOK)
	if got.value("preflight") != true || got.text("request_headers") != "authorization,content-type" || got.value("gateway.allowed") != true || got.text("gateway.domain") != "app.example.com" {
		t.Errorf("answered %s", got.body)
	}
	if strings.Contains(string(got.body), "secret") {
		t.Errorf("the answer has a secret: %s", got.body)
	}
	if other := r.ask("POST", "/explain", `{"origin":"https://evil.example"}`).want(http.StatusOK); other.text("gateway.reason") != "origin-not-trusted" || other.text("advice.0.code") != "trust-origin" {
		t.Errorf("answered %s", other.body)
	}
	if none := r.ask("POST", "/explain", `{}`).want(http.StatusOK); none.value("preflight") != false || none.value("gateway") != nil {
		t.Errorf("answered %s", none.body)
	}
	for _, wrong := range []struct{ body, field string }{
		{`{"mode":"loud"}`, "mode"},
		{`{"api":"telnet"}`, "api"},
		{`{"body_type":"cake"}`, "body_type"},
		{`{"origin":"https://x.example/path"}`, "origin"},
		{`{"url":"/items"}`, "url"},
		{`{"url":"https://u:p@api.example.com/"}`, "url"},
	} {
		got := r.ask("POST", "/explain", wrong.body).want(http.StatusUnprocessableEntity, "invalid")
		if got.text("errors.0.field") != wrong.field {
			t.Errorf("%s is blamed on %s", wrong.body, got.text("errors.0.field"))
		}
	}
	for _, wrong := range []string{`{"headers":["Accept"]}`, `{"headers":{"A":"b"}}`, `{"method":7}`, `{"body":"x"}`} {
		r.ask("POST", "/explain", wrong).want(http.StatusBadRequest, "malformed")
	}
}
