package gate

import (
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/envelope"
	"github.com/crossgate/crossgate/token"
)

// enveloped makes the facts of a POST whose body is an envelope.
func enveloped(origin string, change func(*Facts)) *Facts {
	return from("POST", origin, func(f *Facts) {
		f.ContentType, f.ContentTypes = "application/x-www-form-urlencoded", 1
		f.FetchSite, f.FetchMode = "cross-site", "cors"
		if origin == "" {
			f.FetchSite, f.FetchMode = "", ""
		}
		if change != nil {
			change(f)
		}
	})
}

// controls makes the controls of an envelope, with a token unless method is GET.
func controls(method string, change func(*envelope.Controls)) *envelope.Controls {
	c := &envelope.Controls{Kind: envelope.Form, Method: method, Token: "opaque", HasToken: true}
	if change != nil {
		change(c)
	}
	return c
}

func field(name, value string) func(*envelope.Controls) {
	return func(c *envelope.Controls) { c.Fields = append(c.Fields, envelope.Field{Name: name, Value: value}) }
}

func bare(c *envelope.Controls) { c.Token, c.HasToken = "", false }

func TestPlanEnvelope(t *testing.T) {
	const page = "https://app.example.com"
	site := testSite(t, nil)
	open := testSite(t, func(c *SiteConfig) { c.Policy.OpenEnvelopes = true })
	narrow := testSite(t, func(c *SiteConfig) {
		c.Policy.Methods = []string{"GET", "POST", "PATCH"}
		c.Policy.AnyHeader, c.Policy.Headers = false, []string{"Authorization", "If-Match"}
	})
	closed := testSite(t, func(c *SiteConfig) { c.Policy.TokenRequired = true })
	watching := testSite(t, func(c *SiteConfig) { c.Policy.Mode = Observe })
	exempting := testSite(t, func(c *SiteConfig) { c.Policy.Exempt = []ExemptPath{{"POST", "/v2"}} })
	off := testSite(t, func(c *SiteConfig) { c.Policy.QueryCarrier = QueryOff })
	bareGet := func(c *envelope.Controls) { bare(c) }

	for _, tc := range []struct {
		name     string
		site     *Site
		facts    *Facts
		controls *envelope.Controls
		code     Code // "": carried
	}{
		{"PATCH with a token", site, enveloped(page, nil), controls("PATCH", nil), ""},
		{"GET with a token", site, enveloped(page, nil), controls("GET", nil), ""},
		{"from a server", site, enveloped("", nil), controls("DELETE", nil), ""},
		{"from the API's own page", site, enveloped("https://api.example.com", nil), controls("PUT", nil), ""},
		{"with headers", site, enveloped(page, nil), controls("PUT", field("If-Match", `"1"`)), ""},
		{"a stray Bearer", site, enveloped(page, nil), controls("PUT", func(c *envelope.Controls) { c.Token = "Bearer opaque" }), ""},

		// Rule 1: one token, and one at all where something is changed.
		{"token beside Authorization", site, enveloped(page, func(f *Facts) { f.Authorization, f.Authorizations = "Bearer x", 1 }), controls("PATCH", nil), TokenTwice},
		{"token in Authorization alone", site, enveloped(page, func(f *Facts) { f.Authorization, f.Authorizations = "Bearer x", 1 }), controls("PATCH", bare), ""},
		{"token in the query, too", site, enveloped(page, query("access_token=x")), controls("PATCH", nil), TokenTwice},
		{"token in the query, too, oddly spelled", site, enveloped(page, query("Access.Token=x")), controls("PATCH", nil), TokenTwice},
		{"token in the query alone", site, enveloped(page, query("access_token=x")), controls("PATCH", bare), ControlMalformed},
		{"token in the query, whose carrier is off", off, enveloped(page, query("access_token=x")), controls("PATCH", nil), TokenTwice},
		{"token twice in the body", site, enveloped(page, nil), &envelope.Controls{Kind: envelope.Form, Fault: &envelope.Fault{TokenTwice: true, Detail: "twice"}}, TokenTwice},
		{"no token, and changes", site, enveloped(page, nil), controls("POST", bare), TokenMissing},
		{"no token, and sets headers", site, enveloped(page, nil), controls("GET", func(c *envelope.Controls) { bare(c); field("X-A", "1")(c) }), TokenMissing},
		{"no token, and only reads", site, enveloped(page, nil), controls("GET", bareGet), ""},
		{"no token, and only reads, where one is required", closed, enveloped(page, nil), controls("GET", bareGet), TokenMissing},
		{"no token at an open API", open, enveloped(page, nil), controls("DELETE", bare), ""},
		{"an empty token", site, enveloped(page, nil), controls("PATCH", func(c *envelope.Controls) { c.Token = "" }), TokenMalformed},
		{"an empty token at an open API", open, enveloped(page, nil), controls("PATCH", func(c *envelope.Controls) { c.Token = "" }), TokenMalformed},
		{"a token with a line break", site, enveloped(page, nil), controls("PATCH", func(c *envelope.Controls) { c.Token = "a\r\nX-B: c" }), TokenMalformed},

		// Rule 3: the origin first, and no HTML form.
		{"untrusted", site, enveloped("https://evil.example", nil), controls("PATCH", nil), OriginNotTrusted},
		{"untrusted, observed", watching, enveloped("https://evil.example", nil), controls("PATCH", nil), OriginNotTrusted},
		{"untrusted, exempt path", exempting, enveloped("https://evil.example", nil), controls("PATCH", nil), OriginNotTrusted},
		{"null", site, enveloped("null", nil), controls("PATCH", nil), OriginNull},
		{"an HTML form", site, enveloped(page, func(f *Facts) { f.FetchMode = "navigate" }), controls("PATCH", nil), Navigation},
		{"a beacon", site, enveloped(page, func(f *Facts) { f.FetchMode = "no-cors" }), controls("PATCH", nil), Navigation},
		{"a mode that nobody knows", site, enveloped(page, func(f *Facts) { f.FetchMode = "CORS" }), controls("PATCH", nil), Navigation},
		{"a browser without an origin", site, enveloped("", func(f *Facts) { f.FetchSite = "cross-site" }), controls("PATCH", nil), Navigation},
		{"a browser without an origin, by another field", site, enveloped("", func(f *Facts) { f.Fetched = true }), controls("PATCH", nil), Navigation},

		// Rule 4: the virtual preflight.
		{"a method that is granted", narrow, enveloped(page, nil), controls("PATCH", nil), ""},
		{"a method that is not", narrow, enveloped(page, nil), controls("DELETE", nil), VirtualPreflight},
		{"a method in another case", site, enveloped(page, nil), controls("patch", nil), VirtualPreflight},
		{"a header that is granted", narrow, enveloped(page, nil), controls("PATCH", field("if-match", "*")), ""},
		{"a header that is not", narrow, enveloped(page, nil), controls("PATCH", field("X-Api-Version", "2")), VirtualPreflight},
		{"a header that needs no grant", narrow, enveloped(page, nil), controls("PATCH", field("Accept-Language", "de")), ""},
		{"a long value of such a header", narrow, enveloped(page, nil), controls("PATCH", field("Accept", strings.Repeat("a", 129))), VirtualPreflight},
		{"a content type that is not granted", narrow, enveloped(page, nil), controls("PATCH", func(c *envelope.Controls) { c.ContentType = "application/json" }), VirtualPreflight},
		{"a content type that needs no grant", narrow, enveloped(page, nil), controls("PATCH", func(c *envelope.Controls) { c.ContentType = "text/plain;charset=UTF-8" }), ""},

		// Rule 5: headers.
		{"Authorization", site, enveloped(page, nil), controls("PATCH", field("authorization", "Basic eA==")), ControlMalformed},
		{"Content-Type", site, enveloped(page, nil), controls("PATCH", field("content-TYPE", "text/css")), ControlMalformed},
		{"Cookie", site, enveloped(page, nil), controls("PATCH", field("Cookie", "a=b")), ControlMalformed},
		{"Host", site, enveloped(page, nil), controls("PATCH", field("Host", "evil.example")), ControlMalformed},
		{"Content-Length", site, enveloped(page, nil), controls("PATCH", field("Content-Length", "0")), ControlMalformed},
		{"Transfer-Encoding", site, enveloped(page, nil), controls("PATCH", field("Transfer-Encoding", "chunked")), ControlMalformed},
		{"Connection", site, enveloped(page, nil), controls("PATCH", field("Connection", "X-Real-IP")), ControlMalformed},
		{"X-Forwarded-For", site, enveloped(page, nil), controls("PATCH", field("X-Forwarded-For", "127.0.0.1")), ControlMalformed},
		{"X-Forwarded", site, enveloped(page, nil), controls("PATCH", field("X-Forwarded", "127.0.0.1")), ControlMalformed},
		{"X-Real-IP", site, enveloped(page, nil), controls("PATCH", field("X-Real-IP", "127.0.0.1")), ControlMalformed},
		{"Forwarded", site, enveloped(page, nil), controls("PATCH", field("Forwarded", "for=127.0.0.1")), ControlMalformed},
		{"X-HTTP-Method-Override", site, enveloped(page, nil), controls("PATCH", field("X-HTTP-Method-Override", "DELETE")), ControlMalformed},
		{"X-Original-URL", site, enveloped(page, nil), controls("PATCH", field("X-Original-URL", "/admin")), ControlMalformed},
		{"Crossgate-Subject", site, enveloped(page, nil), controls("PATCH", field("Crossgate-Subject", "root")), ControlMalformed},
		{"Crossgate with an underscore", site, enveloped(page, nil), controls("PATCH", field("Crossgate_Subject", "root")), ControlMalformed},
		{"a certificate", site, enveloped(page, nil), controls("PATCH", field("X-SSL-Client-Verify", "SUCCESS")), ControlMalformed},
		{"a proxy's identity", site, enveloped(page, nil), controls("PATCH", field("X-Auth-Request-Email", "a@b")), ControlMalformed},
		{"Sec-Fetch-Site", site, enveloped(page, nil), controls("PATCH", field("Sec-Fetch-Site", "same-origin")), ControlMalformed},
		{"Origin", site, enveloped(page, nil), controls("PATCH", field("origin", page)), ControlMalformed},
		{"Referer", site, enveloped(page, nil), controls("PATCH", field("Referer", page)), ControlMalformed},
		{"Expect", site, enveloped(page, nil), controls("PATCH", field("Expect", "100-continue")), ControlMalformed},

		// Rule 6: methods.
		{"CONNECT", site, enveloped(page, nil), controls("CONNECT", nil), VirtualPreflight},
		{"TRACE", site, enveloped(page, nil), controls("TRACE", nil), VirtualPreflight},
		{"OPTIONS", site, enveloped(page, nil), controls("OPTIONS", nil), VirtualPreflight},
		{"no method at all", site, enveloped(page, nil), controls("", nil), ControlMalformed},
		{"a method that is none", site, enveloped(page, nil), controls("PA TCH", nil), ControlMalformed},
		{"on a PUT", site, enveloped(page, func(f *Facts) { f.Method = "PUT" }), controls("PATCH", nil), OverrideOnGet},
		{"with $httpMethod in the query", site, enveloped(page, query("%24httpMethod=DELETE")), controls("PATCH", nil), OverrideOnGet},
		{"GET with a body", site, enveloped(page, nil), controls("GET", func(c *envelope.Controls) { c.HasBody = true }), ControlMalformed},

		// Crossgate's own secrets are never forwarded.
		{"an unknown token of ours", site, enveloped(page, nil), controls("PATCH", func(c *envelope.Controls) { c.Token = "cgt_x" }), TokenUnknown},
		{"a management key", site, enveloped(page, nil), controls("PATCH", func(c *envelope.Controls) { c.Token = "cga_x" }), TokenUnknown},
		{"a ticket", site, enveloped(page, nil), controls("GET", func(c *envelope.Controls) { c.Token = "cgk_x" }), TokenUnknown},
		{"one of ours within another", site, enveloped(page, nil), controls("PATCH", func(c *envelope.Controls) { c.Token = "a,cgt_x" }), TokenUnknown},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := Plan(tc.site, tc.facts, Judge(tc.site, tc.facts), tc.controls)
			code := codeOf(e)
			if code != tc.code {
				t.Fatalf("refused with %q, want %q", code, tc.code)
			}
			if code == "" && (e.Envelope != tc.controls || !e.DropCookie || !e.Unwrapped()) {
				t.Errorf("not unwrapped: %+v", e)
			}
		})
	}
}

// A problem says which header or method it is about, and nothing of a token.
func TestEnvelopeProblemsSayWhat(t *testing.T) {
	site := testSite(t, func(c *SiteConfig) { c.Policy.AnyHeader = false })
	for _, tc := range []struct {
		controls *envelope.Controls
		says     string
	}{
		{controls("PATCH", field("X-Forwarded-Host", "secret")), "X-Forwarded-Host"},
		{controls("UNLOCK", nil), "UNLOCK"},
		{controls("PATCH", nil), "authorization"},
	} {
		f := enveloped("https://app.example.com", nil)
		p := Plan(site, f, Judge(site, f), tc.controls).Problem
		if p == nil || !strings.Contains(p.Detail, tc.says) || !strings.Contains(string(p.JSON()), p.Detail) {
			t.Errorf("%+v does not say %q", p, tc.says)
		}
		if strings.Contains(string(p.JSON()), "opaque") || strings.Contains(string(p.JSON()), "secret") {
			t.Errorf("%s tells too much", p.JSON())
		}
	}
}

// A token's scope is judged on the request in the envelope.
func TestEnvelopeScope(t *testing.T) {
	tok := mustMint(t)
	for _, tc := range []struct {
		name  string
		grant token.Grant
		as    string
		code  Code
	}{
		{"method covered", token.Grant{Methods: []string{"PATCH"}}, "PATCH", ""},
		{"the outer method is not what counts", token.Grant{Methods: []string{"POST"}}, "PATCH", TokenScope},
		{"not for queries, and this is none", token.Grant{QueryCarrier: QueryOff}, "PATCH", ""},
		{"revoked", token.Grant{Revoked: true}, "PATCH", TokenRevoked},
		{"another path", token.Grant{PathPrefix: "/v3"}, "PATCH", TokenScope},
	} {
		t.Run(tc.name, func(t *testing.T) {
			site := testSite(t, func(c *SiteConfig) {
				c.Grants = grantMap{tok.Digest(): &tc.grant}
				c.UpstreamCredential = "Bearer upstream"
			})
			f := enveloped("https://app.example.com", nil)
			e := Plan(site, f, Judge(site, f), controls(tc.as, func(c *envelope.Controls) { c.Token = tok.Reveal() }))
			if code := codeOf(e); code != tc.code {
				t.Fatalf("%q, want %q", code, tc.code)
			}
			if tc.code == "" && (e.Authorization != "Bearer upstream" || e.Grant != &tc.grant) {
				t.Errorf("%+v: the credential does not stand in for the token", e)
			}
		})
	}
}
