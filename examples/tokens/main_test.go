package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/token"
)

func TestTokens(t *testing.T) {
	kept := new(tokens)
	secret, err := kept.create(token.Grant{ID: "tok_1", Subject: "Web shop"})
	if err != nil {
		t.Fatal(err)
	}
	handler, err := newHandler(kept)
	if err != nil {
		t.Fatal(err)
	}
	expect := func(query string, status int, text string) {
		t.Helper()
		r := httptest.NewRequest("GET", "http://127.0.0.1:8080/me"+query, nil)
		r.Header.Set("Origin", "https://app.example.com")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != status || !strings.Contains(w.Body.String(), text) {
			t.Errorf("status %d, %s", w.Code, w.Body)
		}
	}
	expect("", 401, "an access token is needed")
	expect("?access_token="+secret.Reveal(), 200, "Web shop (tok_1)")
	expect("?access_token=cgt_mistyped", 401, "token-unknown")
	kept.revoke(secret)
	expect("?access_token="+secret.Reveal(), 401, "token-revoked")
}
