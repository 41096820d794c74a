package dashboard_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

const tokensPath = "/settings/tokens"

// secretOf is the secret that a page shows.
func secretOf(t *testing.T, page string) string {
	t.Helper()
	found := regexp.MustCompile(`<code id="secret" data-copy>(cgt_[^<]+)</code>`).FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("the page shows no secret:\n%s", page)
	}
	return found[1]
}

// tokens returns the access tokens, the newest first.
func (h *house) tokens() []control.Token {
	h.t.Helper()
	list, _, err := h.control.Tokens(h.t.Context(), control.ListQuery{})
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

func TestCreateToken(t *testing.T) {
	h := newHouse(t).withAccount().withDomains("app.example.com", "*.example.org")
	b := h.signedIn()
	b.get(tokensPath).shows(t, 200, "There is no access token yet", `href="/settings/tokens/new"`)
	form := b.get(tokensPath + "/new")
	form.shows(t, 200, `name="domain" value="app.example.com"`, `name="once"`)

	got := b.post(tokensPath+"/new", "once", "a", "name", "Newsletter <b>", "expires", "7d", "method", "POST", "method", "GET",
		"path-prefix", "/api/v2", "domain", "app.example.com", "domains", "*.example.org", "query-carrier", "read")
	got.shows(t, 200, "only time", "Newsletter &lt;b&gt;", "Of use until",
		"await fetch(&#34;http://localhost:8080/api/v2&#34;", "?access_token=cgt_", "curl -H &#39;Origin: https://app.example.com&#39;")
	secret := secretOf(t, got.body)
	if got.header.Get("Cache-Control") != "no-store" || len(got.header["Set-Cookie"]) > 0 || got.location != "" {
		t.Errorf("the answer with the secret: %v", got.header)
	}
	list := b.get(tokensPath)
	list.shows(t, 200, "1 token", "POST, GET only</bdi>; ", "pages of app.example.com, *.example.org", "in the query of GET and HEAD only")
	one := b.get(tokensPath + "/" + h.tokens()[0].ID)
	one.shows(t, 200, "/api/v2 and everything below it", "Revoke this token?")
	if strings.Contains(list.body+one.body, secret) || strings.Contains(h.log.String(), secret) {
		t.Error("the secret is shown or logged again")
	}
}

// Loading the answer again sends the form again, which makes no second token.
func TestTokenIsCreatedOnce(t *testing.T) {
	h := newHouse(t).withAccount()
	b := h.signedIn()
	b.post(tokensPath+"/new", "once", "a", "name", "").shows(t, 422, "Give the token a name", `name="once" value="a"`)
	b.post(tokensPath+"/new", "once", "a", "name", "Page").shows(t, 200, "cgt_")
	b.post(tokensPath+"/new", "once", "a", "name", "Page").shows(t, 409, "No second one was created")
	b.post(tokensPath+"/new", "once", "b", "name", "Page").shows(t, 200, "cgt_")
	if n := len(h.tokens()); n != 2 {
		t.Errorf("%d tokens, want 2", n)
	}
}

func TestRevokeToken(t *testing.T) {
	h := newHouse(t).withAccount()
	b := h.signedIn()
	b.post(tokensPath+"/new", "name", "Page")
	id := h.tokens()[0].ID
	got := b.post(tokensPath+"/"+id+"/revoke", "search", "pa", "page", "1")
	got.leads(t, tokensPath+"?notice=revoked&search=pa#"+id)
	b.get(got.location).shows(t, 200, "The token is revoked", "Revoked just now", ">View</a>")
	b.get(tokensPath+"/"+id).shows(t, 200, "Revoked just now")
	b.post(tokensPath+"/"+id+"/revoke").leads(t, tokensPath)
	if h.tokens()[0].RevokedAt.IsZero() {
		t.Error("the token is not revoked")
	}
}

func TestWrongTokenForms(t *testing.T) {
	h := newHouse(t).withAccount().withDomains("app.example.com")
	b := h.signedIn()
	const script = "<script>alert(1)</script>"
	tests := []struct {
		name, shows string
		form        []string
	}{
		{"no name", "Give the token a name", []string{"name", "  "}},
		{"name too long", "longer than", []string{"name", strings.Repeat("ü", 10_000)}},
		{"name that turns the text", "invisible character", []string{"name", "a\u202eb"}},
		{"a date that is over", "is over", []string{"name", "x", "expires", "date", "expires-on", "2020-01-01"}},
		{"no such expiry", "from the list", []string{"name", "x", "expires", "soon"}},
		{"no such method", "no method", []string{"name", "x", "method", "TRACE"}},
		{"odd path", "path-prefix-error", []string{"name", "x", "path-prefix", "/a/../b"}},
		{"relative path", "must begin with /", []string{"name", "x", "path-prefix", "api"}},
		{"domain that is not trusted", "not on the list", []string{"name", "x", "domains", "b.example"}},
		{"domain that is none", "&lt;script&gt;", []string{"name", "x", "domains", script}},
		{"no such carrier", "query-carrier-error", []string{"name", "x", "query-carrier", script}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := b.post(tokensPath+"/new", append([]string{"once", test.name}, test.form...)...)
			if !strings.Contains(strings.ToLower(html.UnescapeString(got.body)), strings.ToLower(html.UnescapeString(test.shows))) || strings.Contains(got.body, script) {
				t.Errorf("got %d without %q:\n%s", got.status, test.shows, got.body)
			}
			if got.status != http.StatusUnprocessableEntity && got.status != http.StatusNotFound || len(h.tokens()) > 0 {
				t.Errorf("got %d, and there are %d tokens", got.status, len(h.tokens()))
			}
		})
	}
	b.get(tokensPath+"/tok_none").shows(t, 404, "there is no access token")
	b.post(tokensPath+"/tok_none/revoke").shows(t, 404, "there is no access token")
}

// The longest names and limits on a full page stay below 60 KB.
func TestTokenPagesAndSearch(t *testing.T) {
	h := newHouse(t).withAccount()
	var domains []string
	for i := range 100 {
		domains = append(domains, fmt.Sprintf("n%d.%s.%s.%s.example", i, strings.Repeat("a", 60), strings.Repeat("b", 60), strings.Repeat("c", 60)))
	}
	h.withDomains(domains...)
	for i := range 30 {
		_, _, err := h.control.CreateToken(t.Context(), control.Actor{Kind: "user", Name: account}, control.CreateToken{
			Name: fmt.Sprintf("%02d%s", i, strings.Repeat("<", 98)), Methods: []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"},
			PathPrefix: "/" + strings.Repeat("&", 499), Domains: domains, Servers: true, QueryCarrier: "off",
			Expires: time.Now().Add(time.Hour),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	b := h.signedIn()
	b.get(tokensPath).shows(t, 200, "30 tokens", "1–25 of 30", `rel="next"`, "and 97 more")
	b.get(tokensPath+"?page=2").shows(t, 200, "26–30 of 30", `rel="prev"`)
	b.get(tokensPath+"?page=99").shows(t, 200, "26–30 of 30")
	b.get(tokensPath+"?search=07").shows(t, 200, "1 matches", ">Clear</a>")
	b.get(tokensPath+"?search=%3Cscript%3E").shows(t, 200, "Nothing matches")
	b.get(tokensPath+"/"+h.tokens()[0].ID).shows(t, 200, "n99.")
	b.get(tokensPath+"/new").shows(t, 200, "88 more are on the list")
}
