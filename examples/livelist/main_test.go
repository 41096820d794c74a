package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossgate/crossgate"
)

func TestListIsLive(t *testing.T) {
	gate, err := crossgate.New(crossgate.Config{})
	if err != nil {
		t.Fatal(err)
	}
	api, admin := gate.Wrap(newAPI()), newAdmin(gate)
	for _, step := range []struct {
		method, path, body string
		want               int
		page               int // what a page of the domain is answered then
	}{
		{"GET", "/domains", "", 200, 403},
		{"POST", "/domains", "app.example.com", 200, 200},
		{"POST", "/domains", "app.example.com/login *", 422, 200},
		{"DELETE", "/domains/app.example.com", "", 200, 403},
	} {
		w := httptest.NewRecorder()
		admin.ServeHTTP(w, httptest.NewRequest(step.method, step.path, strings.NewReader(step.body)))
		if w.Code != step.want {
			t.Errorf("%s %s %s: status %d, %s", step.method, step.path, step.body, w.Code, w.Body)
		}
		r := httptest.NewRequest("GET", "/discussions", nil)
		r.Header.Set("Origin", "https://app.example.com")
		w = httptest.NewRecorder()
		if api.ServeHTTP(w, r); w.Code != step.page {
			t.Errorf("after %s %s the page is answered %d, want %d", step.method, step.path, w.Code, step.page)
		}
	}
}

func TestPagesDoNotKeepTheList(t *testing.T) {
	gate, err := crossgate.New(crossgate.Config{TrustedDomains: []string{"app.example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/domains", strings.NewReader("evil.example"))
	r.Header.Set("Origin", "https://app.example.com")
	w := httptest.NewRecorder()
	if newAdmin(gate).ServeHTTP(w, r); w.Code != 403 {
		t.Errorf("status %d, list %q", w.Code, gate.TrustedDomains())
	}
}
