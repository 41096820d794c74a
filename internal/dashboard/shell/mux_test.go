package shell_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/guard"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/testkit/htmlcheck"
)

// sessions knows one cookie, and breaks at another.
type sessions struct{}

func (sessions) Session(_ context.Context, cookie string) (control.Session, error) {
	switch cookie {
	case "good":
		return control.Session{Account: control.Account{Name: "<b>ada</b>", Role: control.RoleEditor}}, nil
	case "viewer":
		return control.Session{Account: control.Account{Name: "vic", Role: control.RoleViewer}}, nil
	case "nobody":
		return control.Session{Account: control.Account{Name: "nob"}}, nil
	case "broken":
		return control.Session{}, errors.New("the database is on fire")
	}
	return control.Session{}, &control.Error{Code: control.CodeSignedOut, Message: "you are signed out"}
}

// newMux has a page of each kind of protection and each kind of error.
func newMux(t *testing.T, log io.Writer) *shell.Mux {
	t.Helper()
	g, err := guard.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := shell.New(shell.Config{
		Guard: g, Sessions: sessions{}, Log: slog.New(slog.NewTextHandler(log, nil)), Now: time.Now, Version: "1.2.3",
	})
	if err != nil {
		t.Fatal(err)
	}
	view, err := s.View(fstest.MapFS{"p.tmpl": {Data: []byte(`{{define "content"}}<h1>{{.Body}}</h1>{{end}}`)}}, "p.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	m := s.Mux()
	m.Public("GET /public", func(w http.ResponseWriter, r *http.Request) error {
		return s.Render(w, http.StatusOK, view, shell.Page{Title: "Public", Body: "open to all"})
	})
	m.Place(shell.Place{Section: "Settings", Name: "Private", Path: "/private", Icon: "key", Needs: control.RoleViewer}, func(w http.ResponseWriter, r *http.Request, who shell.Visitor) error {
		return s.Render(w, http.StatusOK, view, shell.Page{Title: "Private", Path: "/private", Visitor: &who, Body: "for few"})
	})
	m.Place(shell.Place{Section: "Settings", Name: "Owned", Path: "/owned", Icon: "key", Needs: control.RoleOwner}, func(w http.ResponseWriter, r *http.Request, _ shell.Visitor) error {
		return nil
	})
	m.Editor("POST /private", func(w http.ResponseWriter, r *http.Request, _ shell.Visitor) error {
		return &control.Error{Code: control.CodeChangedSince, Message: "it was changed since"}
	})
	m.Public("GET /broken", func(http.ResponseWriter, *http.Request) error { return errors.New("secret cause") })
	m.Probe("GET /probe", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	return m
}

func TestMux(t *testing.T) {
	const own = "http://localhost:8081"
	tests := []struct {
		name, method, path, cookie, origin string
		status                             int
		location, shows                    string
	}{
		{"public page", "GET", "/public", "", "", 200, "", "open to all"},
		{"head of it", "HEAD", "/public", "", "", 200, "", ""},
		{"private page, signed in", "GET", "/private", "good", "", 200, "", "for few"},
		{"private page, signed out", "GET", "/private?a=b", "", "", 303, "/sign-in?return=%2Fprivate%3Fa%3Db", ""},
		{"private page, session over", "GET", "/private", "stale", "", 303, "/sign-in?return=%2Fprivate", ""},
		{"private page, sessions broken", "GET", "/private", "broken", "", 500, "", "Something went wrong here"},
		{"private form, signed out", "POST", "/private", "", own, 401, "", "Nothing was changed"},
		{"private page, as a viewer", "GET", "/private", "viewer", "", 200, "", "for few"},
		{"private page, without a role", "GET", "/private", "nobody", "", 403, "", "somebody without a role"},
		{"private form, as a viewer", "POST", "/private", "viewer", own, 403, "", "You are signed in as a viewer. Changing this takes an editor; an owner can make you one."},
		{"owners' page, signed out", "GET", "/owned", "", "", 303, "/sign-in?return=%2Fowned", ""},
		{"owners' page, as a viewer", "GET", "/owned", "viewer", "", 403, "", "Your role does not allow this"},
		{"owners' page, as an editor", "GET", "/owned", "good", "", 403, "", "Changing this takes an owner"},
		{"private form, from elsewhere", "POST", "/private", "good", "https://evil.example", 403, "", "did not come from the dashboard"},
		{"private form, refused", "POST", "/private", "good", own, 409, "", "it was changed since"},
		{"no such page", "GET", "/nowhere", "", "", 404, "", "This page does not exist"},
		{"no such method", "DELETE", "/private", "good", own, 405, "", "cannot be asked for that way"},
		{"fault of ours", "GET", "/broken", "", "", 500, "", "reference"},
		{"no such file", "GET", "/static/nothing.css", "", "", 404, "", "This page does not exist"},
		{"probe", "GET", "/probe", "", "", 204, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			r := httptest.NewRequest(test.method, own+test.path, nil)
			if test.cookie != "" {
				r.AddCookie(&http.Cookie{Name: guard.CookieName, Value: test.cookie})
			}
			if test.origin != "" {
				r.Header.Set("Origin", test.origin)
			}
			w := httptest.NewRecorder()
			newMux(t, &log).ServeHTTP(w, r)
			if w.Code != test.status || w.Header().Get("Location") != test.location {
				t.Errorf("got %d to %q, want %d to %q", w.Code, w.Header().Get("Location"), test.status, test.location)
			}
			page := w.Body.String()
			if !strings.Contains(page, test.shows) {
				t.Errorf("the page does not show %q:\n%s", test.shows, page)
			}
			if strings.Contains(page, "secret cause") || strings.Contains(page, "on fire") {
				t.Error("the page shows an internal cause")
			}
			if logged := log.Len() > 0; logged != (test.status == 500) {
				t.Errorf("logged: %v\n%s", logged, log.String())
			}
			checkPage(t, w)
		})
	}
}

func checkPage(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	if w.Header().Get("Content-Type") != "text/html; charset=utf-8" || w.Body.Len() == 0 {
		return
	}
	problems, err := htmlcheck.Page(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}

// What is typed never becomes markup.
func TestNamesAreEscaped(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "http://localhost/private", nil)
	r.AddCookie(&http.Cookie{Name: guard.CookieName, Value: "good"})
	w := httptest.NewRecorder()
	newMux(t, io.Discard).ServeHTTP(w, r)
	if page := w.Body.String(); strings.Contains(page, "<b>") || !strings.Contains(page, "&lt;b&gt;ada") {
		t.Error("the account's name is not escaped")
	}
}

// The navigation has the pages that a role is for, and says where one is.
func TestNavigation(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "http://localhost/private", nil)
	r.AddCookie(&http.Cookie{Name: guard.CookieName, Value: "viewer"})
	w := httptest.NewRecorder()
	newMux(t, io.Discard).ServeHTTP(w, r)
	page := w.Body.String()
	for _, want := range []string{`<a href="/private" aria-current="page">`, `Dashboard <span aria-hidden="true">›</span> Settings`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s:\n%s", want, page)
		}
	}
	if strings.Contains(page, `href="/owned"`) {
		t.Error("the page leads where its visitor may not go")
	}
}

// Every route is listed with its role.
func TestRoutes(t *testing.T) {
	want := []shell.Route{
		{Pattern: "GET /static/{file}", Of: shell.Anybody},
		{Pattern: "GET /public", Of: shell.Anybody},
		{Pattern: "GET /private", Needs: control.RoleViewer, Of: shell.OfSite},
		{Pattern: "GET /owned", Needs: control.RoleOwner, Of: shell.OfSite},
		{Pattern: "POST /private", Needs: control.RoleEditor, Of: shell.OfSite},
		{Pattern: "GET /broken", Of: shell.Anybody},
		{Pattern: "GET /probe", Of: shell.Anybody},
	}
	if got := newMux(t, io.Discard).Routes(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A method that a path does not take is answered with those that it takes.
func TestMethodNotAllowed(t *testing.T) {
	r := httptest.NewRequest(http.MethodPut, "http://localhost/private", nil)
	r.Header.Set("Origin", "http://localhost")
	w := httptest.NewRecorder()
	newMux(t, io.Discard).ServeHTTP(w, r)
	if got := w.Header().Get("Allow"); got != "GET, HEAD, POST" {
		t.Errorf("Allow: %s", got)
	}
}

// Another name for this server is answered in plain text, and probes always.
func TestOtherHosts(t *testing.T) {
	for path, want := range map[string]int{
		"/public": 421, "/private": 421, "/nowhere": 421, "/static/x": 421, "/probe": 204,
	} {
		r := httptest.NewRequest(http.MethodGet, "http://evil.example"+path, nil)
		w := httptest.NewRecorder()
		newMux(t, io.Discard).ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: got %d, want %d", path, w.Code, want)
		}
		if strings.Contains(w.Header().Get("Content-Type"), "html") {
			t.Errorf("%s: answered with a page", path)
		}
	}
}

func TestStaticFiles(t *testing.T) {
	m := newMux(t, io.Discard)
	w := httptest.NewRecorder()
	m.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/public", nil))
	for _, kind := range []struct{ prefix, contentType string }{
		{`href="/static/dashboard.`, "text/css; charset=utf-8"},
		{`src="/static/dashboard.`, "text/javascript; charset=utf-8"},
		{`href="/static/mark.`, "image/svg+xml"},
	} {
		_, rest, found := strings.Cut(w.Body.String(), kind.prefix)
		if !found {
			t.Fatalf("the page has no %s", kind.prefix)
		}
		rest, _, _ = strings.Cut(rest, `"`)
		path := kind.prefix[strings.Index(kind.prefix, "/"):] + rest
		file := httptest.NewRecorder()
		m.ServeHTTP(file, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
		if file.Code != 200 || file.Header().Get("Content-Type") != kind.contentType {
			t.Errorf("%s: %d %s", path, file.Code, file.Header().Get("Content-Type"))
		}
		if got := file.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control: %s", path, got)
		}
	}
}
