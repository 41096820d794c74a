package demo

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func newTestAPI() *API {
	return NewAPI("demo_secret", func() time.Time { return time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC) })
}

// ask makes one request of a handler.
func ask(h http.Handler, method, target, body string, fields ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for _, f := range fields {
		name, value, _ := strings.Cut(f, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// Everybody reads; to write takes a token and JSON; every answer says what was seen.
func TestAPI(t *testing.T) {
	const (
		all    = "/api/v2/discussions"
		first  = all + "/1"
		bearer = "Authorization: Bearer demo_secret"
		vouch  = "Crossgate-Token: tok_x"
		asJSON = "Content-Type: application/json"
		hello  = `{"name":"Hello"}`
		bytes  = "Content-Type: application/octet-stream"
		hash   = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" // of "hello"
	)
	tests := []struct {
		name           string
		method, target string
		body           string
		fields         []string
		status         int
		want           string
	}{
		{"list", "GET", all + "?page=2", "", nil, 200, `"url":"/api/v2/discussions?page=2"`},
		{"one", "GET", first, "", nil, 200, `"name":"Welcome"`},
		{"none", "GET", all + "/99", "", nil, 404, "there is no such discussion"},
		{"no number", "GET", all + "/x", "", nil, 404, "there is no such discussion"},
		{"add", "POST", all, hello, []string{bearer, asJSON}, 201, `"discussionID":4,"name":"Hello","dateInserted":"2026-05-04T03:02:01Z"`},
		{"add, token verified by the gateway", "POST", all, hello, []string{vouch, asJSON}, 201, `"token":"tok_x"`},
		{"the token is masked", "GET", all, "", []string{bearer}, 200, `"authorization":"Bearer demo_…"`},
		{"add without a token", "POST", all, hello, []string{asJSON}, 401, "to write takes a token"},
		{"add with another token", "POST", all, hello, []string{"Authorization: Bearer wrong", asJSON}, 401, "to write takes a token"},
		{"add text", "POST", all, hello, []string{bearer, "Content-Type: text/plain"}, 415, "must be application/json"},
		{"add bad JSON", "POST", all, `{"name":`, []string{bearer, asJSON}, 400, "the body must be JSON"},
		{"add without a name", "POST", all, `{}`, []string{bearer, asJSON}, 400, "needs a name"},
		{"rename", "PATCH", first, hello, []string{bearer, asJSON}, 200, `"discussionID":1,"name":"Hello"`},
		{"rename without a token", "PATCH", first, hello, []string{asJSON}, 401, "to write takes a token"},
		{"rename what was read", "PATCH", first, hello, []string{bearer, asJSON, `If-Match: "1"`}, 200, `"ifMatch":"\"1\""`},
		{"rename what has changed", "PATCH", first, hello, []string{bearer, asJSON, `If-Match: "7"`}, 412, "read it again"},
		{"rename any", "PATCH", first, hello, []string{bearer, asJSON, "If-Match: *"}, 200, `"name":"Hello"`},
		{"attach", "PUT", first + "/attachment", "hello", []string{bearer, bytes}, 200, `"attachment":{"bytes":5,"sha256":"` + hash + `"}`},
		{"attach to none", "PUT", all + "/99/attachment", "hello", []string{bearer, bytes}, 404, "there is no such discussion"},
		{"attach without a token", "PUT", first + "/attachment", "hello", []string{bytes}, 401, "to write takes a token"},
		{"attach a page", "PUT", first + "/attachment", "hello", []string{bearer, "Content-Type: text/html"}, 415, "must be application/octet-stream"},
		{"attach too much", "PUT", first + "/attachment", strings.Repeat("x", maxBody+1), []string{bearer, bytes}, 413, "at most 64 KiB"},
		{"no attachment", "GET", first + "/attachment", "", nil, 404, "there is no attachment"},
		{"attachment of none", "GET", all + "/99/attachment", "", nil, 404, "there is no such discussion"},
		{"remove", "DELETE", first, "", []string{bearer}, 204, ""},
		{"remove without a token", "DELETE", first, "", nil, 401, "to write takes a token"},
		{"remove none", "DELETE", all + "/99", "", []string{bearer}, 404, "there is no such discussion"},
		{"long body", "POST", all, `{"name":"` + strings.Repeat("x", maxBody) + `"}`, []string{bearer, asJSON}, 400, "the body must be JSON"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ask(newTestAPI(), tt.method, tt.target, tt.body, tt.fields...)
			if got.Code != tt.status || !strings.Contains(got.Body.String(), tt.want) {
				t.Errorf("%d %s, want %d with %s", got.Code, got.Body, tt.status, tt.want)
			}
			if strings.Contains(got.Body.String(), "demo_secret") {
				t.Errorf("the secret is shown: %s", got.Body)
			}
			for name := range got.Header() {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("the sample API knows of CORS: %s", name)
				}
			}
		})
	}
}

// What is attached comes back as it was, and as nothing that a browser would show.
func TestAttachment(t *testing.T) {
	const address = "/api/v2/discussions/1/attachment"
	api, content := newTestAPI(), "<script>\x00\xff\r\n"
	put := ask(api, "PUT", address, content, "Authorization: Bearer demo_secret", "Content-Type: application/octet-stream")
	got := ask(api, "GET", address, "")
	if put.Code != 200 || got.Code != 200 || got.Body.String() != content {
		t.Errorf("put %d, got %d %q", put.Code, got.Code, got.Body)
	}
	h := got.Header()
	if h.Get("Content-Type") != bytesType || h.Get("Content-Disposition") != "attachment" || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("header %v", h)
	}
}

// The entity tag is another one once the discussion is, and If-Match goes by it.
func TestEntityTags(t *testing.T) {
	api := newTestAPI()
	tag := func(method, body string, fields ...string) (int, string) {
		got := ask(api, method, "/api/v2/discussions/1", body, append(fields, "Authorization: Bearer demo_secret", "Content-Type: application/json")...)
		return got.Code, got.Header().Get("ETag")
	}
	_, first := tag("GET", "")
	_, second := tag("PATCH", `{"name":"Hello"}`, "If-Match: "+first)
	_, now := tag("GET", "")
	if first == "" || second == first || now != second {
		t.Errorf("read %s, renamed to %s, read %s", first, second, now)
	}
	if status, _ := tag("PATCH", `{"name":"Hello again"}`, "If-Match: "+first); status != http.StatusPreconditionFailed {
		t.Errorf("a change of what has changed: %d", status)
	}
}

// The oldest discussions make room.
func TestDiscussionsAreBounded(t *testing.T) {
	d := newDiscussions(time.Now)
	for range MaxDiscussions + 5 {
		if _, err := d.add("x"); err != nil {
			t.Fatal(err)
		}
	}
	if all := d.list(); len(all) != MaxDiscussions || all[0].ID != MaxDiscussions+5 || all[len(all)-1].ID != 6 {
		t.Errorf("%d discussions, from %d to %d", len(all), all[0].ID, all[len(all)-1].ID)
	}
}

// A listener hears what is written, as it is written.
func TestEvents(t *testing.T) {
	api := newTestAPI()
	server := httptest.NewServer(api)
	defer server.Close()
	response, err := http.Get(server.URL + "/api/v2/events")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	read := func(n int) string {
		b := make([]byte, n)
		for got := 0; got < n; {
			m, err := response.Body.Read(b[got:])
			if err != nil {
				t.Fatal(err)
			}
			got += m
		}
		return string(b)
	}
	read(len(": hello\n\n")) // it listens from here on
	ask(api, "POST", "/api/v2/discussions", `{"name":"Hello"}`, "Authorization: Bearer demo_secret", "Content-Type: application/json")
	want := "event: added\ndata: {\"discussionID\":4,\"name\":\"Hello\",\"dateInserted\":\"2026-05-04T03:02:01Z\"}\n\n"
	if got := read(len(want)); got != want {
		t.Errorf("heard %q", got)
	}
}

func TestListenersAreBounded(t *testing.T) {
	e := newEvents()
	var leave func()
	for range maxListeners {
		var ok bool
		if _, leave, ok = e.listen(); !ok {
			t.Fatal("there should be room")
		}
	}
	if _, _, ok := e.listen(); ok {
		t.Error("one listener too many")
	}
	leave()
	if _, _, ok := e.listen(); !ok {
		t.Error("a listener who left still takes room")
	}
}
