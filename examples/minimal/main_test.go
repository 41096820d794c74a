package main

import (
	"net/http/httptest"
	"testing"
)

func TestOnlyTrustedPages(t *testing.T) {
	handler, err := newHandler([]string{"app.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	for origin, want := range map[string]int{
		"":                          200,
		"https://app.example.com":   200,
		"http://localhost:8080":     200,
		"https://elsewhere.example": 403,
	} {
		r := httptest.NewRequest("GET", "http://localhost:8080/discussions", nil)
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("origin %q: status %d, want %d", origin, w.Code, want)
		}
	}
}
