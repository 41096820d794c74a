package control_test

import (
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/token"
)

func TestCreateTokenRules(t *testing.T) {
	tests := []struct {
		name, code, field string
		in                control.CreateToken
	}{
		{"a name alone", "", "", control.CreateToken{Name: "app"}},
		{"no name", "invalid", "name", control.CreateToken{Name: "  "}},
		{"a long name", "invalid", "name", control.CreateToken{Name: strings.Repeat("n", control.MaxTokenName+1)}},
		{"a name of two lines", "invalid", "name", control.CreateToken{Name: "a\r\nX-Evil: 1"}},
		{"methods", "", "", control.CreateToken{Name: "app", Methods: []string{"get", "POST"}}},
		{"an odd method", "invalid", "methods", control.CreateToken{Name: "app", Methods: []string{"GET", "TRACE"}}},
		{"no method in particular", "invalid", "methods", control.CreateToken{Name: "app", Methods: []string{""}}},
		{"a path", "", "", control.CreateToken{Name: "app", PathPrefix: "/api/v2/"}},
		{"the whole path", "", "", control.CreateToken{Name: "app", PathPrefix: "/"}},
		{"a bare path", "invalid", "path-prefix", control.CreateToken{Name: "app", PathPrefix: "api"}},
		{"dots", "invalid", "path-prefix", control.CreateToken{Name: "app", PathPrefix: "/api/../admin"}},
		{"a dot", "invalid", "path-prefix", control.CreateToken{Name: "app", PathPrefix: "/api/."}},
		{"an empty segment", "invalid", "path-prefix", control.CreateToken{Name: "app", PathPrefix: "/api//v2"}},
		{"two slashes", "invalid", "path-prefix", control.CreateToken{Name: "app", PathPrefix: "//"}},
		{"a percent code", "invalid", "path-prefix", control.CreateToken{Name: "app", PathPrefix: "/api%2fv2"}},
		{"a semicolon", "invalid", "path-prefix", control.CreateToken{Name: "app", PathPrefix: "/api;v2"}},
		{"a backslash", "invalid", "path-prefix", control.CreateToken{Name: "app", PathPrefix: `/api\v2`}},
		{"a query", "invalid", "path-prefix", control.CreateToken{Name: "app", PathPrefix: "/api?x"}},
		{"a long path", "invalid", "path-prefix", control.CreateToken{Name: "app", PathPrefix: "/" + strings.Repeat("a", control.MaxPathPrefix)}},
		{"bound to an entry", "", "", control.CreateToken{Name: "app", Domains: []string{"https://APP.example.com"}}},
		{"bound to what is not on the list", "not-found", "", control.CreateToken{Name: "app", Domains: []string{"www.example.com"}}},
		{"bound to no entry", "entry-null", "domain", control.CreateToken{Name: "app", Domains: []string{"null"}}},
		{"bound to too many", "too-many", "domains", control.CreateToken{Name: "app", Domains: make([]string, control.MaxTokenDomains+1)}},
		{"an expiry in the past", "invalid", "expires", control.CreateToken{Name: "app", Expires: time.Unix(1, 0)}},
	}
	c, _ := newControl(t)
	add(t, c, "app.example.com")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, secret, err := c.CreateToken(t.Context(), anna, test.in)
			if bad := wantCode(t, err, test.code); bad != nil {
				same(t, []string{bad.Field, secret}, []string{test.field, ""})
			}
			// What is accepted as a prefix has paths in its scope at all.
			if err == nil && !token.InScope(strings.TrimSuffix(test.in.PathPrefix, "/")+"/x", test.in.PathPrefix) {
				t.Errorf("nothing is in the scope of %q", test.in.PathPrefix)
			}
		})
	}
}

func TestTokenIsKeptWithoutItsSecret(t *testing.T) {
	c, at := newControl(t)
	add(t, c, "app.example.com")
	made, secret, err := c.CreateToken(t.Context(), anna, control.CreateToken{
		Name: " Mobile app ", Expires: at.Now().Add(time.Hour), Methods: []string{"get", "GET"},
		PathPrefix: "/api", Domains: []string{"app.example.com", "https://app.example.com"}, Servers: true,
	})
	must(t, err)
	if _, err := token.Parse(secret); err != nil {
		t.Errorf("the secret is no token: %v", err)
	}
	same(t, made, control.Token{
		ID: made.ID, Name: "Mobile app", ExpiresAt: at.Now().Add(time.Hour), Methods: []string{"GET"},
		PathPrefix: "/api", Domains: made.Domains, Servers: true, CreatedAt: at.Now(), CreatedBy: "anna",
		QueryCarrier: token.QueryFull,
	})
	same(t, len(made.Domains), 1)
	list, total, err := c.Tokens(t.Context(), control.ListQuery{Search: "MOBILE"})
	must(t, err)
	same(t, list, []control.Token{made})
	same(t, total, 1)
}

func TestRevokeToken(t *testing.T) {
	c, at := newControl(t)
	made, _, err := c.CreateToken(t.Context(), anna, control.CreateToken{Name: "app"})
	must(t, err)
	revoked, err := c.RevokeToken(t.Context(), anna, made.ID)
	must(t, err)
	same(t, revoked.RevokedAt, at.Now())

	at.forward(time.Minute)
	again, err := c.RevokeToken(t.Context(), anna, made.ID)
	must(t, err)
	same(t, again, revoked)
	_, err = c.RevokeToken(t.Context(), anna, "tok_missing")
	wantCode(t, err, control.CodeNotFound)
	same(t, changes(t, c), []string{"token.revoke: revoked access token app", "token.create: created access token app"})
}
