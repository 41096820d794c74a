package gate

import (
	"math/rand/v2"
	"testing"

	"github.com/crossgate/crossgate/token"
)

const upstreamSecret = "Bearer the-upstream-credential"

// The upstream credential goes with requests whose access token was verified, and with
// no other; and where it cannot be opened, those requests are refused and no other.
func TestCredentialGoesWithVerifiedTokensAlone(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	tok := mustMint(t)
	verified := 0
	var with, sealed *Site
	for i := range 200_000 {
		if i%500 == 0 {
			with, sealed = credentialSites(t, r, tok)
		}
		f := randomAuthorized(r, tok)
		e := Plan(with, f, Judge(with, f), nil)
		if got := sentUp(f, &e); (got == upstreamSecret) != (e.Problem == nil && e.Grant != nil) {
			t.Fatalf("%+v\n%+v\nsends %q", f, e, got)
		}
		refused := Plan(sealed, f, Judge(sealed, f), nil)
		if refused.Grant != nil || sentUp(f, &refused) == upstreamSecret {
			t.Fatalf("%+v\n%+v\nwas let through without the credential", f, refused)
		}
		notReady := refused.Problem != nil && refused.Problem.Code == NotReady
		if needed := e.Problem == nil && e.Grant != nil; notReady != needed {
			t.Fatalf("%+v\nnot ready: %v, and the credential is needed: %v", f, notReady, needed)
		}
		if e.Grant != nil {
			verified++
		}
	}
	if verified < 1000 {
		t.Errorf("only %d tokens were verified: the cases prove little", verified)
	}
}

// credentialSites are two sites that differ in whether the credential could be opened.
func credentialSites(t *testing.T, r *rand.Rand, tok token.Token) (with, sealed *Site) {
	grant := &token.Grant{ID: "tok_1", Methods: [][]string{nil, {"GET"}, {"POST"}}[r.IntN(3)], Revoked: r.IntN(5) == 0}
	grant.QueryCarrier = []QueryCarrier{"", QueryFull, QueryRead, QueryOff}[r.IntN(4)]
	policy := DefaultPolicy()
	policy.TokenRequired = r.IntN(2) == 0
	policy.QueryCarrier = []QueryCarrier{QueryFull, QueryRead, QueryOff}[r.IntN(3)]
	policy.Mode = []Mode{Enforce, Observe}[r.IntN(2)]
	policy.Exempt = []ExemptPath{{"POST", "/v2/x"}}
	site := func(change func(*SiteConfig)) *Site {
		return testSite(t, func(c *SiteConfig) {
			c.Policy, c.Grants = policy, grantMap{tok.Digest(): grant}
			change(c)
		})
	}
	return site(func(c *SiteConfig) { c.UpstreamCredential = upstreamSecret }),
		site(func(c *SiteConfig) { c.CredentialSealed = true })
}

// randomAuthorized is a request with a token of any kind, anywhere, or none.
func randomAuthorized(r *rand.Rand, tok token.Token) *Facts {
	one := func(of ...string) string { return of[r.IntN(len(of))] }
	secret := one(tok.Reveal(), tok.Reveal(), "opaque", "cgt_wrong", "cga_wrong", "")
	f := from(one("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"), one("https://app.example.com", "https://a.partner.example", "https://api.example.com", "https://evil.example", ""), nil)
	f.ContentType, f.ContentTypes = one("text/plain", "text/plain;charset=UTF-8", "application/json", "text/html"), 1
	f.RawQuery = one("", "a=1", "access_token="+secret, "a=1&Access_Token="+secret)
	if r.IntN(2) == 0 {
		f.Authorization, f.Authorizations = one("Bearer ", "bearer  ", "Basic ", "")+secret, 1
	}
	return f
}

// sentUp is the Authorization that the upstream gets, or "" where the request is not
// carried.
func sentUp(f *Facts, e *Edits) string {
	switch {
	case e.Problem != nil || e.Preflighted:
		return ""
	case e.AuthorizationEdited:
		return e.Authorization
	}
	return f.Authorization
}

func TestTokenInTheQuery(t *testing.T) {
	for _, tc := range []struct {
		name, method    string
		site, token     QueryCarrier
		query, ordinary Code // of the token in the query, and in Authorization
	}{
		{"full", "POST", QueryFull, QueryFull, "", ""},
		{"a token without a setting", "POST", QueryFull, "", "", ""},
		{"read, GET", "GET", QueryFull, QueryRead, "", ""},
		{"read, HEAD", "HEAD", QueryFull, QueryRead, "", ""},
		{"read, POST", "POST", QueryFull, QueryRead, TokenScope, ""},
		{"off", "GET", QueryFull, QueryOff, TokenScope, ""},
		{"the site allows less", "POST", QueryRead, QueryFull, TokenMissing, ""},
		{"the site allows none", "GET", QueryOff, QueryFull, TokenMissing, ""},
		{"an unknown setting allows none", "GET", QueryFull, "some", TokenScope, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tok := mustMint(t)
			site := testSite(t, func(c *SiteConfig) {
				c.Policy.QueryCarrier = tc.site
				c.Grants = grantMap{tok.Digest(): {ID: "tok_1", QueryCarrier: tc.token}}
			})
			query := from(tc.method, "https://app.example.com", func(f *Facts) { f.RawQuery = "access_token=" + tok.Reveal() })
			ordinary := from(tc.method, "https://app.example.com", func(f *Facts) { f.Authorization, f.Authorizations = "Bearer "+tok.Reveal(), 1 })
			for f, want := range map[*Facts]Code{query: tc.query, ordinary: tc.ordinary} {
				if got := codeOf(Plan(site, f, Judge(site, f), nil)); got != want {
					t.Errorf("in the query %v: %q, want %q", f == query, got, want)
				}
			}
		})
	}
}

func codeOf(e Edits) Code {
	if e.Problem == nil {
		return ""
	}
	return e.Problem.Code
}

func TestPolicyRules(t *testing.T) {
	for method, good := range map[string]bool{
		"GET": true, "PROPFIND": true, "get": false, "CONNECT": false, "TRACE": false, "OPTIONS": false, "": false, "A B": false, "GET\n": false,
	} {
		if err := CheckMethod(method); (err == nil) != good {
			t.Errorf("method %q: %v", method, err)
		}
	}
	for name, good := range map[string]bool{
		"X-Foo": true, "authorization": true, "*": false, "": false, "X Foo": false, "X:Foo": false, "Ä": false,
	} {
		if err := CheckHeader(name); (err == nil) != good {
			t.Errorf("header %q: %v", name, err)
		}
	}
}
