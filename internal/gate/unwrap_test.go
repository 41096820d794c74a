package gate

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/token"
)

// Rule 4 as a property: an unwrapped request is accepted if and only if the
// preflight that it avoided and the ordinary request that it stands for would be.
func TestUnwrappedIfAndOnlyIfPreflighted(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	tok := mustMint(t)
	granted := 0
	var site *Site
	for i := range 200_000 {
		if i%500 == 0 {
			site = randomSite(t, r, tok)
		}
		f := randomUnwrapped(r, tok)
		v := Judge(site, f)
		e := Plan(site, f, v, nil)
		if !e.Unwrapped() || v.Kind == Refused {
			continue
		}
		if want := grantedOrdinarily(site, f, &e); (e.Problem == nil) != want {
			t.Fatalf("%+v\nunwrapped: %+v\nordinarily granted: %v", f, e, want)
		}
		if e.Problem == nil {
			granted++
		}
	}
	if granted < 1000 {
		t.Errorf("only %d requests were granted: the cases prove little", granted)
	}
}

func randomSite(t testing.TB, r *rand.Rand, tok token.Token) *Site {
	return testSite(t, func(c *SiteConfig) {
		c.Policy.Methods = [][]string{{"GET"}, {"GET", "POST"}, {"GET", "POST", "DELETE"}, {}}[r.IntN(4)]
		c.Policy.AnyHeader = r.IntN(2) == 0
		c.Policy.Headers = [][]string{{"Authorization"}, {"authorization", "Content-Type"}, {"content-type"}, nil}[r.IntN(4)]
		c.Policy.TokenRequired = r.IntN(2) == 0
		c.Grants = grantMap{tok.Digest(): {ID: "tok_1", Methods: [][]string{nil, {"GET"}, {"POST"}}[r.IntN(3)]}}
	})
}

func randomUnwrapped(r *rand.Rand, tok token.Token) *Facts {
	one := func(of ...string) string { return of[r.IntN(len(of))] }
	return from(one("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"), one("https://app.example.com", "https://a.partner.example", "https://api.example.com", "https://evil.example", ""), func(f *Facts) {
		f.RawQuery = "a=1&access_token=" + one("opaque", tok.Reveal(), "cgt_wrong")
		f.ContentType, f.ContentTypes = one("text/plain", "text/plain;charset=UTF-8", "application/json", "text/html"), 1
	})
}

// grantedOrdinarily sends the ordinary request that an unwrapped one stands for: its
// preflight, and then itself.
func grantedOrdinarily(site *Site, f *Facts, e *Edits) bool {
	headers := []string{"authorization"}
	if e.Carrier == Text {
		headers = append(headers, "content-type")
	}
	if site.Grants(f.Method, []string{strings.Join(headers, ",")}) != "" || f.Method == "OPTIONS" {
		return false
	}
	ordinary := *f
	_, secret, _ := strings.Cut(f.RawQuery, "access_token=")
	ordinary.RawQuery = "a=1"
	ordinary.Authorization, ordinary.Authorizations = "Bearer "+secret, 1
	return Plan(site, &ordinary, Judge(site, &ordinary), nil).Problem == nil
}

func TestApply(t *testing.T) {
	for _, tc := range []struct {
		name  string
		edits ResponseEdits
		in    Header
		want  Header
	}{
		{
			"replaces, never doubles",
			ResponseEdits{Replace: true, AllowOrigin: "https://a.test", Expose: "*", Credentials: true},
			Header{"Access-Control-Allow-Origin": {"*", "x"}, "Access-Control-Allow-Methods": {"GET"}, "Access-Control-Max-Age": {"1"}, "Access-Control-Allow-Private-Network": {"true"}, "Vary": {"Accept, origin"}},
			Header{"Access-Control-Allow-Origin": {"https://a.test"}, "Access-Control-Allow-Credentials": {"true"}, "Access-Control-Expose-Headers": {"*"}, "Vary": {"Accept, origin"}},
		},
		{
			"takes away",
			ResponseEdits{Replace: true},
			Header{"Access-Control-Allow-Origin": {"*"}, "Access-Control-Allow-Credentials": {"true"}, "X": {"y"}},
			Header{"X": {"y"}, "Vary": {"Origin"}},
		},
		{
			"leaves",
			ResponseEdits{},
			Header{"Access-Control-Allow-Origin": {"*"}, "Vary": {"*"}},
			Header{"Access-Control-Allow-Origin": {"*"}, "Vary": {"*"}},
		},
		{
			"makes private",
			ResponseEdits{Replace: true, AllowOrigin: "https://a.test", Unwrapped: true},
			Header{"Set-Cookie": {"a=b"}, "Cache-Control": {"public, max-age=60", "s-maxage=600"}, "Cdn-Cache-Control": {"max-age=600"}, "Vercel-Cdn-Cache-Control": {"max-age=600"}, "Surrogate-Control": {"x"}, "Vary": {"Accept"}},
			Header{"Access-Control-Allow-Origin": {"https://a.test"}, "Cache-Control": {"private, max-age=60"}, "Vary": {"Accept", "Origin"}, "Referrer-Policy": {"no-referrer"}, "X-Content-Type-Options": {"nosniff"}},
		},
		{
			"keeps what is stricter",
			ResponseEdits{Unwrapped: true},
			Header{"Cache-Control": {"No-Store, Public"}},
			Header{"Cache-Control": {"No-Store"}, "Vary": {"Origin"}, "Referrer-Policy": {"no-referrer"}, "X-Content-Type-Options": {"nosniff"}},
		},
		{
			"reads quoted lists",
			ResponseEdits{Unwrapped: true},
			Header{"Cache-Control": {`private="a, public", no-cache="b, s-maxage", max-age=1`}},
			Header{"Cache-Control": {`private, no-cache="b, s-maxage", max-age=1`}, "Vary": {"Origin"}, "Referrer-Policy": {"no-referrer"}, "X-Content-Type-Options": {"nosniff"}},
		},
		{
			"makes private where nothing is said",
			ResponseEdits{Unwrapped: true},
			Header{},
			Header{"Cache-Control": {"private"}, "Vary": {"Origin"}, "Referrer-Policy": {"no-referrer"}, "X-Content-Type-Options": {"nosniff"}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.edits.Apply(tc.in)
			if diff := cmp.Diff(tc.want, tc.in); diff != "" {
				t.Error(diff)
			}
		})
	}
}
