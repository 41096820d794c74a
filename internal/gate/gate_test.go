package gate

import (
	"testing"
	"time"

	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// grantMap is a list of tokens.
type grantMap map[token.Digest]*token.Grant

func (m grantMap) Grant(d token.Digest) (*token.Grant, bool) {
	g, ok := m[d]
	return g, ok
}

func mustOrigin(t testing.TB, s string) trust.Origin {
	t.Helper()
	o, err := trust.ParseOrigin(s)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func mustDomain(t testing.TB, s string) trust.Domain {
	t.Helper()
	d, err := trust.ParseDomain(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func mustMint(t testing.TB) token.Token {
	t.Helper()
	tok, err := token.Mint(nil)
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

func setOf(t testing.TB, domains ...string) *trust.Set {
	t.Helper()
	var list []trust.Entry
	for i, d := range domains {
		list = append(list, trust.Entry{ID: int64(i + 1), Domain: mustDomain(t, d)})
	}
	return trust.NewSet(list)
}

// testSite is an API at https://api.example.com that trusts a few domains.
func testSite(t testing.TB, change func(*SiteConfig)) *Site {
	t.Helper()
	cfg := SiteConfig{
		PublicURLs: []trust.Origin{mustOrigin(t, "https://api.example.com"), mustOrigin(t, "https://api2.example.com:8443")},
		Trusted:    setOf(t, "app.example.com", "*.partner.example", "http://legacy.example.com", "localhost", "capacitor://localhost", "api.example.com"),
		Policy:     DefaultPolicy(),
	}
	if change != nil {
		change(&cfg)
	}
	return NewSite(cfg)
}

// from makes the facts of a request to https://api.example.com/v2/x.
func from(method, origin string, change func(*Facts)) *Facts {
	f := &Facts{Method: method, Path: "/v2/x", Host: "api.example.com", Now: noon}
	if origin != "" {
		f.Origin, f.Origins = origin, 1
	}
	if change != nil {
		change(f)
	}
	return f
}

func TestJudge(t *testing.T) {
	site := testSite(t, nil)
	bare := testSite(t, func(c *SiteConfig) { c.PublicURLs = nil })
	observing := testSite(t, func(c *SiteConfig) { c.Policy.Mode = Observe })
	exempting := testSite(t, func(c *SiteConfig) {
		c.Policy.Exempt = []ExemptPath{{"POST", "/saml"}, {"GET", "/fonts/"}}
	})
	at := func(path string) func(*Facts) { return func(f *Facts) { f.Path = path } }

	for _, tc := range []struct {
		name   string
		site   *Site
		facts  *Facts
		kind   Kind
		reason Code
	}{
		{"no origin", site, from("GET", "", nil), NoOrigin, ReasonNoOrigin},
		{"trusted", site, from("GET", "https://app.example.com", nil), Trusted, ReasonTrusted},
		{"trusted by wildcard", site, from("GET", "https://a.partner.example", nil), Trusted, ReasonTrusted},
		{"untrusted", site, from("GET", "https://evil.example", nil), Refused, OriginNotTrusted},
		{"untrusted preflight", site, from("OPTIONS", "https://evil.example", func(f *Facts) { f.RequestMethod = "PUT" }), Refused, OriginNotTrusted},
		{"untrusted upgrade", site, from("GET", "https://evil.example", func(f *Facts) { f.Upgrade = true }), Refused, OriginNotTrusted},
		{"null", site, from("GET", "null", nil), Refused, OriginNull},
		{"null, from another site", site, from("POST", "null", func(f *Facts) { f.FetchSite = "cross-site" }), Refused, OriginNull},
		{"null, from the API's own no-referrer page", site, from("POST", "null", func(f *Facts) { f.FetchSite = "same-origin" }), Own, ReasonOwn},
		{"null, same origin, unknown host", site, from("POST", "null", func(f *Facts) { f.FetchSite, f.Host = "same-origin", "evil.example" }), Refused, OriginNull},
		{"null, same origin, no public URL", bare, from("POST", "null", func(f *Facts) { f.FetchSite, f.Host = "same-origin", "localhost" }), Refused, OriginNull},
		{"malformed", site, from("GET", "https://App.example.com", nil), Refused, OriginMalformed},
		{"empty", site, from("GET", "", func(f *Facts) { f.Origins = 1 }), Refused, OriginMalformed},
		{"two origins", site, from("GET", "https://app.example.com", func(f *Facts) { f.Origins = 2 }), Refused, OriginMalformed},
		{"own", site, from("POST", "https://api.example.com", nil), Own, ReasonOwn},
		{"own, written with the port", site, from("POST", "https://api.example.com", func(f *Facts) { f.Host = "API.example.com:443" }), Own, ReasonOwn},
		{"own by http is another origin", site, from("POST", "http://api.example.com", nil), Refused, OriginNotTrusted},
		{"own, other public URL", site, from("POST", "https://api2.example.com:8443", nil), Trusted, ReasonOwn},
		{"own, at the other public URL", site, from("POST", "https://api2.example.com:8443", func(f *Facts) { f.Host = "api2.example.com:8443" }), Own, ReasonOwn},
		{"own by socket", bare, from("POST", "http://192.0.2.1:8080", func(f *Facts) { f.SocketOrigin = mustOrigin(t, "http://192.0.2.1:8080") }), Own, ReasonOwn},
		{"not own without the socket", bare, from("POST", "http://192.0.2.1:8080", nil), Refused, OriginNotTrusted},
		{"zero site", &Site{}, from("GET", "https://app.example.com", nil), Refused, OriginNotTrusted},
		{"observed", observing, from("GET", "https://evil.example", nil), Observed, OriginNotTrusted},
		{"observed upgrade", observing, from("GET", "https://evil.example", func(f *Facts) { f.Upgrade = true }), Refused, OriginNotTrusted},
		{"observing, trusted", observing, from("GET", "https://app.example.com", nil), Trusted, ReasonTrusted},
		{"exempt", exempting, from("POST", "https://idp.example", at("/saml")), Exempt, OriginNotTrusted},
		{"exempt below", exempting, from("POST", "null", at("/saml/acs")), Exempt, OriginNull},
		{"exempt preflight", exempting, from("OPTIONS", "https://idp.example", func(f *Facts) { f.Path, f.RequestMethod = "/fonts/a", "GET" }), Exempt, OriginNotTrusted},
		{"exempt, other method", exempting, from("GET", "https://idp.example", at("/saml")), Refused, OriginNotTrusted},
		{"exempt, other path", exempting, from("POST", "https://idp.example", at("/samlx")), Refused, OriginNotTrusted},
		{"exempt, dot segments", exempting, from("POST", "https://idp.example", at("/saml/../v2")), Refused, OriginNotTrusted},
		{"exempt, encoded slash", exempting, from("POST", "https://idp.example", at("/saml%2f..%2fv2")), Refused, OriginNotTrusted},
		{"exempt path, trusted", exempting, from("POST", "https://app.example.com", at("/saml")), Trusted, ReasonTrusted},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := Judge(tc.site, tc.facts)
			if v.Kind != tc.kind || v.Reason != tc.reason {
				t.Fatalf("kind %d, reason %q; want %d, %q", v.Kind, v.Reason, tc.kind, tc.reason)
			}
			if want := tc.facts.Origin; v.Kind == Trusted && v.Origin != want || v.Kind != Trusted && v.Origin != "" {
				t.Errorf("would answer the origin %q", v.Origin)
			}
			if v.Reason == ReasonTrusted && v.Entry == nil {
				t.Error("no entry")
			}
		})
	}
}

func TestJudgeHost(t *testing.T) {
	site := testSite(t, nil)
	bare := testSite(t, func(c *SiteConfig) { c.PublicURLs = nil })
	for host, want := range map[string][2]Code{ // with public URLs, without
		"api.example.com":          {"", PublicURLUnset},
		"API.Example.com":          {"", PublicURLUnset},
		"api.example.com:443":      {"", PublicURLUnset},
		"api.example.com:80":       {HostUnknown, PublicURLUnset},
		"api.example.com:8443":     {HostUnknown, PublicURLUnset},
		"api2.example.com:8443":    {"", PublicURLUnset},
		"api2.example.com":         {HostUnknown, PublicURLUnset},
		"api.example.com.evil.com": {HostUnknown, PublicURLUnset},
		"evil.example":             {HostUnknown, PublicURLUnset},
		"localhost":                {HostUnknown, ""},
		"LOCALHOST:8080":           {HostUnknown, ""},
		"127.0.0.1:8080":           {HostUnknown, ""},
		"192.0.2.1":                {HostUnknown, ""},
		"[::1]:8080":               {HostUnknown, ""},
		"app.localhost":            {HostUnknown, PublicURLUnset},
		"localhost.evil.example":   {HostUnknown, PublicURLUnset},
		"127.0.0.1.evil.example":   {HostUnknown, PublicURLUnset},
		"127.1":                    {HostUnknown, PublicURLUnset},
		"localhost:http":           {HostUnknown, PublicURLUnset},
		"[::1":                     {HostUnknown, PublicURLUnset},
		"::1":                      {HostUnknown, PublicURLUnset},
		"[fe80::1%25eth0]:80":      {HostUnknown, PublicURLUnset},
		"a_1":                      {HostUnknown, PublicURLUnset},
		"":                         {HostUnknown, PublicURLUnset},
	} {
		if got := [2]Code{site.JudgeHost(host), bare.JudgeHost(host)}; got != want {
			t.Errorf("%q: %q, want %q", host, got, want)
		}
	}
}

// What is carried as it came costs nothing but the look.
func TestDecidingDoesNotAllocate(t *testing.T) {
	site := testSite(t, nil)
	for name, f := range map[string]*Facts{
		"no origin":     from("GET", "", nil),
		"trusted":       from("GET", "https://app.example.com", func(f *Facts) { f.RawQuery = "page=2&sort=name" }),
		"opaque bearer": from("PATCH", "https://a.partner.example", func(f *Facts) { f.Authorization, f.Authorizations = "Bearer eyJhbGciOi.x.y", 1 }),
		"untrusted":     from("GET", "https://evil.example", nil),
		"preflight": from("OPTIONS", "https://app.example.com", func(f *Facts) {
			f.RequestMethod, f.RequestHeaders = "PATCH", []string{"authorization,content-type,x-a,x-b"}
		}),
	} {
		n := testing.AllocsPerRun(100, func() {
			v := Judge(site, f)
			e := Plan(site, f, v, nil)
			Settle(site, v, &e)
		})
		if n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func TestCheck(t *testing.T) {
	site := testSite(t, func(c *SiteConfig) { c.Policy.Mode = Observe })
	for _, tc := range []struct {
		origin          string
		allowed         bool
		reason          Code
		domain, nearest string
	}{
		{"https://app.example.com", true, ReasonTrusted, "app.example.com", ""},
		{"https://api.example.com", true, ReasonOwn, "", ""},
		{"http://app.example.com", false, OriginNotTrusted, "", "app.example.com"},
		{"https://nobody.test", false, OriginNotTrusted, "", ""},
		{"null", false, OriginNull, "", ""},
		{"app.example.com", false, OriginMalformed, "", ""},
		{"", false, OriginMalformed, "", ""},
	} {
		f := Check(site, tc.origin, noon)
		if f.Allowed != tc.allowed || f.Reason != tc.reason || f.Domain.String() != tc.domain || f.Nearest.String() != tc.nearest {
			t.Errorf("%q: %+v", tc.origin, f)
		}
		if !f.Allowed && f.Origin != "https://nobody.test" && f.Detail == "" {
			t.Errorf("%q: no sentence for a person", tc.origin)
		}
	}
}

func TestEveryCodeHasItsProblem(t *testing.T) {
	for code, p := range problems {
		if p.Code != code || p.Status < 400 || p.Title == "" || p.Detail == "" || len(p.JSON()) == 0 {
			t.Errorf("%s: %+v", code, p)
		}
		if (p.Challenge() != "") != (p.Status == 401) {
			t.Errorf("%s: challenge %q with status %d", code, p.Challenge(), p.Status)
		}
	}
}
