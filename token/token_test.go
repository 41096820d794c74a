package token_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

func mint(t *testing.T, random string) token.Token {
	t.Helper()
	tok, err := token.Mint(strings.NewReader(random))
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

func TestMintedTokensParse(t *testing.T) {
	for _, random := range []string{strings.Repeat("\x00", 32), strings.Repeat("\xff", 32), "0123456789abcdef0123456789abcdef"} {
		tok := mint(t, random)
		if got := len(tok.Reveal()); got != token.Length {
			t.Errorf("length %d, want %d", got, token.Length)
		}
		parsed, err := token.Parse(tok.Reveal())
		if err != nil || parsed != tok {
			t.Errorf("Parse of a minted token: %v, %v", parsed, err)
		}
		if parsed.Digest() != tok.Digest() {
			t.Error("the digest differs")
		}
	}
}

func TestMintDiffers(t *testing.T) {
	a, err := token.Mint(nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := token.Mint(nil)
	if err != nil {
		t.Fatal(err)
	}
	if a == b {
		t.Error("two tokens are the same")
	}
}

func TestMintNeedsRandomness(t *testing.T) {
	if _, err := token.Mint(bytes.NewReader(make([]byte, 31))); err == nil {
		t.Error("minted from 31 bytes")
	}
}

// Each single wrong character must be seen by prefix, alphabet or checksum.
func TestParseSeesTypingErrors(t *testing.T) {
	good := mint(t, "0123456789abcdef0123456789abcdef").Reveal()
	for i := range good {
		for _, c := range "0aZ_" {
			bad := good[:i] + string(c) + good[i+1:]
			if _, err := token.Parse(bad); err == nil && bad != good {
				t.Errorf("Parse accepts %q for %q", bad, good)
			}
		}
	}
	for _, bad := range []string{"", "cgt_", good[:len(good)-1], good + "0", " " + good, "Bearer " + good} {
		if _, err := token.Parse(bad); err == nil {
			t.Errorf("Parse accepts %q", bad)
		}
	}
}

func TestTokensDoNotSlipIntoText(t *testing.T) {
	tok := mint(t, "0123456789abcdef0123456789abcdef")
	secret := tok.Reveal()[len(token.AccessPrefix):]
	for _, verb := range []string{"%v", "%s", "%q", "%+v"} {
		if text := fmt.Sprintf(verb, tok); strings.Contains(text, secret) {
			t.Errorf("%s shows the secret: %s", verb, text)
		}
	}
	if text := fmt.Sprintf("%#v", tok); strings.Contains(text, secret) {
		t.Errorf("%%#v shows the secret: %s", text)
	}
}

func TestIsOurs(t *testing.T) {
	for text, want := range map[string]bool{
		"cgt_": true, "cgt_x": true, "cgk_x": true, "cga_x": true,
		"": false, "cgt": false, "CGT_x": false, "eyJhbGciOi": false, "xcgt_": false,
	} {
		if got := token.IsOurs(text); got != want {
			t.Errorf("IsOurs(%q) = %v", text, got)
		}
	}
}

func TestGrantJudge(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	app := mustDomain(t, "*.example.com")
	origin := mustOrigin(t, "https://app.example.com")
	use := token.Use{Method: "GET", Path: "/api/v2/x", Now: now}
	with := func(f func(*token.Use)) token.Use { u := use; f(&u); return u }

	for _, tc := range []struct {
		name  string
		grant token.Grant
		use   token.Use
		want  token.Denial
	}{
		{"no limits", token.Grant{}, use, token.Allowed},
		{"revoked", token.Grant{Revoked: true}, use, token.Revoked},
		{"revoked wins over expired", token.Grant{Revoked: true, Expires: now}, use, token.Revoked},
		{"expires now", token.Grant{Expires: now}, use, token.Expired},
		{"expires later", token.Grant{Expires: now.Add(1)}, use, token.Allowed},
		{"method allowed", token.Grant{Methods: []string{"GET"}}, use, token.Allowed},
		{"method not allowed", token.Grant{Methods: []string{"POST"}}, use, token.OutOfScope},
		{"method by override", token.Grant{Methods: []string{"GET"}}, with(func(u *token.Use) { u.RawQuery = "_method=DELETE" }), token.OutOfScope},
		{"method by encoded override", token.Grant{Methods: []string{"GET"}}, with(func(u *token.Use) { u.RawQuery = "a=1&%5Fm%65thod=DELETE" }), token.OutOfScope},
		{"override without a limit", token.Grant{}, with(func(u *token.Use) { u.RawQuery = "_method=DELETE" }), token.Allowed},
		{"path below", token.Grant{PathPrefix: "/api"}, use, token.Allowed},
		{"path elsewhere", token.Grant{PathPrefix: "/apiary"}, use, token.OutOfScope},
		{"bound, matching origin", token.Grant{Domains: []trust.Domain{app}}, with(func(u *token.Use) { u.Origin = origin }), token.Allowed},
		{"bound, other origin", token.Grant{Domains: []trust.Domain{app}}, with(func(u *token.Use) { u.Origin = mustOrigin(t, "https://example.com") }), token.NotForOrigin},
		{"bound, no origin", token.Grant{Domains: []trust.Domain{app}}, use, token.NotForOrigin},
		{"bound, no origin, for servers too", token.Grant{Domains: []trust.Domain{app}, Servers: true}, use, token.Allowed},
		{"bound to nothing", token.Grant{Domains: []trust.Domain{}}, with(func(u *token.Use) { u.Origin = origin }), token.NotForOrigin},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := tc.grant.Judge(tc.use); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestInScope(t *testing.T) {
	for _, tc := range []struct {
		path, prefix string
		want         bool
	}{
		{"/a", "", true},
		{"/a/../b", "", true},
		{"/a", "/a", true},
		{"/a/", "/a", true},
		{"/a/b", "/a", true},
		{"/a/b", "/a/", true},
		{"/a", "/a/", true},
		{"/anything", "/", true},
		{"/ab", "/a", false},
		{"/", "/a", false},
		{"/A", "/a", false},
		{"/a/%20b", "/a", true},
		{"/a/b.c", "/a", true},
		{"/a/...", "/a", true},
		{"/a/./b", "/a", false},
		{"/a/../b", "/a", false},
		{"/a/..", "/a", false},
		{"/a//b", "/a", false},
		{"//a", "/", false},
		{`/a\..\b`, "/a", false},
		{"/a;v=1/b", "/a", false},
		{"/a/%2e%2e/b", "/a", false},
		{"/a/.%2E/b", "/a", false},
		{"/a/%2fb", "/a", false},
		{"/a/%2Fb", "/a", false},
		{"/a/%5cb", "/a", false},
		{"/a/%00", "/a", false},
		{"/a/%3b", "/a", false},
		{"/a/%252e%252e/b", "/a", false},
		{"/a/%zz", "/a", false},
		{"/a/%2", "/a", false},
		{"/a/\x01", "/a", false},
		{"a", "/", false},
		{"", "/", false},
		{"*", "/", false},
	} {
		if got := token.InScope(tc.path, tc.prefix); got != tc.want {
			t.Errorf("InScope(%q, %q) = %v", tc.path, tc.prefix, got)
		}
	}
}

func mustDomain(t *testing.T, s string) trust.Domain {
	t.Helper()
	d, err := trust.ParseDomain(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func mustOrigin(t *testing.T, s string) trust.Origin {
	t.Helper()
	o, err := trust.ParseOrigin(s)
	if err != nil {
		t.Fatal(err)
	}
	return o
}
