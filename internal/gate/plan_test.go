package gate

import (
	"testing"
	"time"

	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// planCase is a request and what is to become of it.
type planCase struct {
	name   string
	site   *Site
	facts  *Facts
	code   Code // "": carried
	edits  Edits
	cookie bool // whether a cookie would go up
}

func (tc planCase) run(t *testing.T) {
	t.Run(tc.name, func(t *testing.T) {
		v := Judge(tc.site, tc.facts)
		e := Plan(tc.site, tc.facts, v, nil)
		code := Code("")
		if e.Problem != nil {
			code = e.Problem.Code
		}
		if code != tc.code {
			t.Fatalf("refused with %q, want %q", code, tc.code)
		}
		if code != "" {
			return
		}
		if e.DropCookie == tc.cookie {
			t.Errorf("drops cookies: %v", e.DropCookie)
		}
		want := tc.edits
		want.DropCookie = e.DropCookie
		if e != want {
			t.Errorf("edits\n%+v\nwant\n%+v", e, want)
		}
	})
}

func query(q string) func(*Facts) { return func(f *Facts) { f.RawQuery = q } }

func TestPlanQueryCarrier(t *testing.T) {
	site := testSite(t, nil)
	page := "https://app.example.com"
	carried := func(rest string) Edits {
		return Edits{Carrier: Query, Query: rest, QueryEdited: true, Authorization: "Bearer T0k-en", AuthorizationEdited: true}
	}
	for _, tc := range []planCase{
		{name: "GET", site: site, facts: from("GET", page, query("access_token=T0k-en")), edits: carried("")},
		{name: "first of several", site: site, facts: from("GET", page, query("access_token=T0k-en&page=2&q=a%20b+c;d&&e")), edits: carried("page=2&q=a%20b+c;d&&e")},
		{name: "last of several", site: site, facts: from("GET", page, query("page=2&access_token=T0k-en")), edits: carried("page=2")},
		{name: "in the middle", site: site, facts: from("DELETE", page, query("a&access_token=T0k-en&b")), edits: carried("a&b")},
		{name: "percent-encoded key and value", site: site, facts: from("GET", page, query("%61ccess%5Ftoken=T0k%2den")), edits: carried("")},
		{name: "with a stray Bearer", site: site, facts: from("GET", page, query("access_token=Bearer%20T0k-en")), edits: carried("")},
		{name: "with a stray bearer and plus", site: site, facts: from("GET", page, query("access_token=bearer+T0k-en")), edits: carried("")},
		{name: "without Origin", site: site, facts: from("GET", "", query("access_token=T0k-en")), edits: carried("")},
		{name: "own page", site: site, facts: from("GET", "https://api.example.com", query("access_token=T0k-en")), edits: carried("")},
		{name: "download link", site: site, facts: from("GET", "", func(f *Facts) {
			f.RawQuery, f.FetchMode, f.FetchSite = "access_token=T0k-en", "navigate", "cross-site"
		}), edits: carried("")},
		{name: "upgrade", site: site, facts: from("GET", page, func(f *Facts) { f.RawQuery, f.Upgrade = "access_token=T0k-en", true }), edits: carried("")},
		{name: "PUT with JSON keeps its type", site: site, facts: from("PUT", page, func(f *Facts) {
			f.RawQuery, f.ContentType, f.ContentTypes = "access_token=T0k-en", "application/json", 1
		}), edits: carried("")},

		{name: "untrusted", site: site, facts: from("GET", "https://evil.example", query("access_token=T0k-en")), code: OriginNotTrusted},
		{name: "twice", site: site, facts: from("GET", page, query("access_token=a&access_token=b")), code: TokenMalformed},
		{name: "twice, once encoded", site: site, facts: from("GET", page, query("access_token=a&access%5ftoken=b")), code: TokenMalformed},
		{name: "twice by semicolon", site: site, facts: from("GET", page, query("access_token=a;access_token=b")), code: TokenMalformed},
		{name: "after a semicolon", site: site, facts: from("GET", page, query("a=1;access_token=b")), code: TokenMalformed},
		{name: "upper case", site: site, facts: from("GET", page, query("Access_Token=b")), code: TokenMalformed},
		{name: "Kelvin sign", site: site, facts: from("GET", page, query("access_to%E2%84%AAen=b")), code: TokenMalformed},
		{name: "leading blank", site: site, facts: from("GET", page, query("+access_token=b")), code: TokenMalformed},
		{name: "dot", site: site, facts: from("GET", page, query("access.token=b")), code: TokenMalformed},
		{name: "plus", site: site, facts: from("GET", page, query("access+token=b")), code: TokenMalformed},
		{name: "bracket", site: site, facts: from("GET", page, query("access[token=b")), code: TokenMalformed},
		{name: "second question mark", site: site, facts: from("GET", page, query("?access_token=b&access_token=T0k-en")), code: TokenMalformed},
		{name: "array", site: site, facts: from("GET", page, query("access_token[]=b")), code: TokenMalformed},
		{name: "index", site: site, facts: from("GET", page, query("access_token%5B0%5D=b")), code: TokenMalformed},
		{name: "leading bracket", site: site, facts: from("GET", page, query("a=1&[access_token]=b")), code: TokenMalformed},
		{name: "leading brackets", site: site, facts: from("GET", page, query("%5B%5Daccess_token=b")), code: TokenMalformed},
		{name: "closing bracket first", site: site, facts: from("GET", page, query("]access_token=b")), code: TokenMalformed},
		{name: "Unicode escape", site: site, facts: from("GET", page, query("access%u005ftoken=b")), code: TokenMalformed},
		{name: "Unicode escapes, large and small", site: site, facts: from("GET", page, query("%25U0061ccess_toke%25u006e=b")), code: TokenMalformed},
		{name: "NUL", site: site, facts: from("GET", page, query("access_token%00x=b")), code: TokenMalformed},
		{name: "broken percent code", site: site, facts: from("GET", page, query("access_token=%zz")), code: TokenMalformed},
		{name: "empty", site: site, facts: from("GET", page, query("access_token=")), code: TokenMalformed},
		{name: "no value", site: site, facts: from("GET", page, query("access_token")), code: TokenMalformed},
		{name: "only Bearer", site: site, facts: from("GET", page, query("access_token=Bearer+")), code: TokenMalformed},
		{name: "blank within", site: site, facts: from("GET", page, query("access_token=a+b")), code: TokenMalformed},
		{name: "line break within", site: site, facts: from("GET", page, query("access_token=a%0d%0aX:b")), code: TokenMalformed},
		{name: "beyond ASCII", site: site, facts: from("GET", page, query("access_token=%C3%BC")), code: TokenMalformed},
		{name: "beside Authorization", site: site, facts: from("GET", page, func(f *Facts) {
			f.RawQuery, f.Authorization, f.Authorizations = "access_token=a", "Bearer a", 1
		}), code: TokenTwice},
		{name: "beside an empty Authorization", site: site, facts: from("GET", page, func(f *Facts) { f.RawQuery, f.Authorizations = "access_token=a", 1 }), code: TokenTwice},
		{name: "two Authorizations", site: site, facts: from("GET", page, func(f *Facts) { f.Authorization, f.Authorizations = "Bearer a", 2 }), code: TokenTwice},
		{name: "$httpMethod in the query", site: site, facts: from("GET", page, query("$httpMethod=DELETE")), code: OverrideOnGet},
		{name: "$httpMethod in the query, encoded", site: site, facts: from("POST", page, query("a=1&%24httpMethod=DELETE&access_token=x")), code: OverrideOnGet},

		{name: "other keys", site: site, facts: from("GET", page, query("my_access_token=1&access_tokens=2&access-token=3&token=4&xaccess_token=5")), edits: Edits{}},
		{name: "a value that looks like it", site: site, facts: from("GET", page, query("q=access_token%3D1")), edits: Edits{}},
	} {
		tc.run(t)
	}
}

func TestPlanQueryCarrierLimited(t *testing.T) {
	read := testSite(t, func(c *SiteConfig) { c.Policy.QueryCarrier = QueryRead })
	off := testSite(t, func(c *SiteConfig) { c.Policy.QueryCarrier = QueryOff })
	ours := "access_token=" + mustMint(t).Reveal()
	page := "https://app.example.com"
	for _, tc := range []planCase{
		{name: "read: GET", site: read, facts: from("GET", page, query("access_token=x")), edits: Edits{Carrier: Query, QueryEdited: true, Authorization: "Bearer x", AuthorizationEdited: true}},
		{name: "read: POST is the API's own business", site: read, facts: from("POST", page, query("access_token=x")), edits: Edits{}},
		{name: "off: GET is the API's own business", site: off, facts: from("GET", page, query("access_token=x&Access_Token=y")), edits: Edits{}},
		{name: "off: never ours", site: off, facts: from("GET", page, query(ours)), code: TokenMissing},
		{name: "off: never ours, encoded", site: off, facts: from("GET", page, query("access_token=%63gt_x")), code: TokenMissing},
		{name: "off: text/plain stays", site: off, facts: from("POST", page, func(f *Facts) {
			f.RawQuery, f.ContentType, f.ContentTypes = "access_token=x", "text/plain", 1
		}), edits: Edits{}},
	} {
		tc.run(t)
	}
}

func TestPlanTextCarrier(t *testing.T) {
	site := testSite(t, nil)
	page := "https://app.example.com"
	post := func(contentType string, change func(*Facts)) *Facts {
		return from("POST", page, func(f *Facts) {
			f.RawQuery, f.ContentType, f.ContentTypes = "access_token=x", contentType, 1
			if change != nil {
				change(f)
			}
		})
	}
	json := Edits{Carrier: Text, QueryEdited: true, Authorization: "Bearer x", AuthorizationEdited: true, ContentType: "application/json"}
	plain := Edits{Carrier: Query, QueryEdited: true, Authorization: "Bearer x", AuthorizationEdited: true}
	for _, tc := range []planCase{
		{name: "bare", site: site, facts: post("text/plain", nil), edits: json},
		{name: "as fetch labels it", site: site, facts: post("text/plain;charset=UTF-8", nil), edits: json},
		{name: "with blanks", site: site, facts: post("Text/Plain ; Charset=utf-8", nil), edits: json},
		{name: "quoted", site: site, facts: post(`text/plain; charset="utf-8"`, nil), edits: json},
		{name: "fetched by cors", site: site, facts: post("text/plain", func(f *Facts) { f.FetchMode, f.FetchSite = "cors", "cross-site" }), edits: json},
		{name: "by no browser", site: site, facts: post("text/plain", func(f *Facts) { f.Origin, f.Origins = "", 0 }), edits: json},
		{name: "by the API's own page", site: site, facts: post("text/plain", func(f *Facts) { f.Origin = "https://api.example.com" }), edits: json},

		{name: "another charset", site: site, facts: post("text/plain; charset=iso-8859-1", nil), edits: plain},
		{name: "another parameter", site: site, facts: post("text/plain; format=flowed", nil), edits: plain},
		{name: "two parameters", site: site, facts: post("text/plain; charset=utf-8; x=y", nil), edits: plain},
		{name: "an empty parameter", site: site, facts: post("text/plain;", nil), edits: plain},
		{name: "two types", site: site, facts: post("text/plain", func(f *Facts) { f.ContentTypes = 2 }), edits: plain},
		{name: "none", site: site, facts: post("", func(f *Facts) { f.ContentTypes = 0 }), edits: plain},
		{name: "a form", site: site, facts: post("application/x-www-form-urlencoded", nil), edits: plain},
		{name: "JSON", site: site, facts: post("application/json", nil), edits: plain},
		{name: "PUT", site: site, facts: post("text/plain", func(f *Facts) { f.Method = "PUT" }), edits: plain},
		{name: "no token in the query", site: site, facts: post("text/plain", func(f *Facts) { f.RawQuery = "" }), edits: Edits{}},

		{name: "an HTML form", site: site, facts: post("text/plain", func(f *Facts) { f.FetchMode = "navigate" }), code: Navigation},
		{name: "a beacon", site: site, facts: post("text/plain", func(f *Facts) { f.FetchMode = "no-cors" }), code: Navigation},
		{name: "an HTML form of the API's own page", site: site, facts: post("text/plain", func(f *Facts) {
			f.Origin, f.FetchMode, f.FetchSite = "https://api.example.com", "navigate", "same-origin"
		}), code: Navigation},
		{name: "a form of another type", site: site, facts: post("multipart/form-data; boundary=x", func(f *Facts) { f.FetchMode = "navigate" }), code: Navigation},
		{name: "a browser that hides its origin", site: site, facts: post("text/plain", func(f *Facts) {
			f.Origin, f.Origins, f.FetchSite = "", 0, "cross-site"
		}), code: Navigation},
	} {
		tc.run(t)
	}
}

func TestPlanPolicy(t *testing.T) {
	getOnly := testSite(t, func(c *SiteConfig) { c.Policy.Methods = []string{"GET"} })
	noHeaders := testSite(t, func(c *SiteConfig) { c.Policy.AnyHeader, c.Policy.Headers = false, []string{"X-One"} })
	authOnly := testSite(t, func(c *SiteConfig) { c.Policy.AnyHeader, c.Policy.Headers = false, []string{"Authorization"} })
	required := testSite(t, func(c *SiteConfig) { c.Policy.TokenRequired = true })
	page := "https://app.example.com"
	asks := func(method string, headers ...string) func(*Facts) {
		return func(f *Facts) { f.RequestMethod, f.RequestHeaders = method, headers }
	}
	granted := func(s *Site, headers string) Edits {
		return Edits{Preflighted: true, Preflight: Preflight{AllowMethods: s.allowMethods, AllowHeaders: headers, MaxAge: "7200"}}
	}
	for _, tc := range []planCase{
		{name: "method granted", site: getOnly, facts: from("GET", page, nil), edits: Edits{}},
		{name: "method not granted", site: getOnly, facts: from("POST", page, nil), code: MethodNotAllowed},
		{name: "method not granted, own page", site: getOnly, facts: from("POST", "https://api.example.com", nil), edits: Edits{}, cookie: true},
		{name: "method not granted, no origin", site: getOnly, facts: from("POST", "", nil), edits: Edits{}, cookie: true},
		{name: "plain OPTIONS is the API's", site: getOnly, facts: from("OPTIONS", page, nil), edits: Edits{}},
		{name: "unwrapped method not granted", site: getOnly, facts: from("POST", page, query("access_token=x")), code: VirtualPreflight},
		{name: "unwrapped method not granted, no origin", site: getOnly, facts: from("POST", "", query("access_token=x")), code: VirtualPreflight},
		{name: "unwrapped OPTIONS", site: testSite(t, nil), facts: from("OPTIONS", page, query("access_token=x")), code: VirtualPreflight},
		{name: "Authorization not granted", site: noHeaders, facts: from("GET", page, query("access_token=x")), code: VirtualPreflight},
		{name: "Authorization granted", site: authOnly, facts: from("GET", page, query("access_token=x")), edits: Edits{Carrier: Query, QueryEdited: true, Authorization: "Bearer x", AuthorizationEdited: true}},
		{name: "Content-Type not granted", site: authOnly, facts: from("POST", page, func(f *Facts) {
			f.RawQuery, f.ContentType, f.ContentTypes = "access_token=x", "text/plain", 1
		}), code: VirtualPreflight},

		{name: "preflight", site: required, facts: from("OPTIONS", page, asks("PATCH", "content-type,x-foo")), edits: granted(required, "content-type,x-foo"), cookie: true},
		{name: "preflight without headers", site: required, facts: from("OPTIONS", page, asks("PUT")), edits: granted(required, ""), cookie: true},
		{name: "preflight, list split by a proxy", site: required, facts: from("OPTIONS", page, asks("PUT", "a, b", "c")), edits: granted(required, "a, b,c"), cookie: true},
		{name: "preflight, method not granted", site: getOnly, facts: from("OPTIONS", page, asks("DELETE")), code: MethodNotAllowed},
		{name: "preflight, method in lower case", site: required, facts: from("OPTIONS", page, asks("patch")), code: MethodNotAllowed},
		{name: "preflight, header not granted", site: noHeaders, facts: from("OPTIONS", page, asks("GET", "x-one,x-two")), code: HeaderNotAllowed},
		{name: "preflight, header granted", site: noHeaders, facts: from("OPTIONS", page, asks("GET", "x-one")), edits: granted(noHeaders, "x-one"), cookie: true},
		{name: "preflight, bytes that no header has", site: required, facts: from("OPTIONS", page, asks("GET", "x\x00y")), code: HeaderNotAllowed},
		{name: "preflight, too long a list", site: required, facts: from("OPTIONS", page, asks("GET", string(make([]byte, maxRequestHeaderBytes)))), code: HeaderNotAllowed},
		{name: "preflight, untrusted", site: required, facts: from("OPTIONS", "https://evil.example", asks("GET")), code: OriginNotTrusted},

		{name: "token required, none", site: required, facts: from("GET", page, nil), code: TokenMissing},
		{name: "token required, none from a server", site: required, facts: from("GET", "", nil), code: TokenMissing},
		{name: "token required, the API's own", site: required, facts: from("GET", page, func(f *Facts) { f.Authorization, f.Authorizations = "Bearer x", 1 }), edits: Edits{}},
	} {
		tc.run(t)
	}
}

func TestPlanCookies(t *testing.T) {
	off := testSite(t, nil)
	on := testSite(t, func(c *SiteConfig) { c.Policy.Credentials = true })
	observing := testSite(t, func(c *SiteConfig) { c.Policy.Mode = Observe })
	fetched := func(site, mode string) func(*Facts) {
		return func(f *Facts) { f.FetchSite, f.FetchMode = site, mode }
	}
	for _, tc := range []planCase{
		{name: "cross-origin", site: off, facts: from("GET", "https://app.example.com", nil)},
		{name: "cross-origin, credentials on", site: on, facts: from("GET", "https://app.example.com", nil), cookie: true},
		{name: "http, credentials on", site: on, facts: from("GET", "http://legacy.example.com", nil)},
		{name: "loopback, credentials on", site: on, facts: from("GET", "https://localhost", nil)},
		{name: "an app, credentials on", site: on, facts: from("GET", "capacitor://localhost", nil)},
		{name: "unwrapped, credentials on", site: on, facts: from("GET", "https://app.example.com", query("access_token=x")), edits: Edits{Carrier: Query, QueryEdited: true, Authorization: "Bearer x", AuthorizationEdited: true}},
		{name: "own page", site: off, facts: from("POST", "https://api.example.com", nil), cookie: true},
		{name: "server", site: off, facts: from("GET", "", nil), cookie: true},
		{name: "image on another site", site: off, facts: from("GET", "", fetched("cross-site", "no-cors"))},
		{name: "image on another site, credentials on", site: on, facts: from("GET", "", fetched("cross-site", "no-cors")), cookie: true},
		{name: "link from another site", site: off, facts: from("GET", "", fetched("cross-site", "navigate")), cookie: true},
		{name: "image on the API's own site", site: off, facts: from("GET", "", fetched("same-origin", "no-cors")), cookie: true},
		{name: "observed", site: observing, facts: from("GET", "https://evil.example", nil), cookie: true},
	} {
		tc.run(t)
	}
}

func TestPlanObservedAndExempt(t *testing.T) {
	observing := testSite(t, func(c *SiteConfig) { c.Policy.Mode = Observe })
	exempting := testSite(t, func(c *SiteConfig) { c.Policy.Exempt = []ExemptPath{{"GET", "/v2"}, {"POST", "/v2"}} })
	evil := "https://evil.example"
	ours := "access_token=" + mustMint(t).Reveal()
	for _, tc := range []planCase{
		{name: "observed", site: observing, facts: from("POST", evil, nil), edits: Edits{}, cookie: true},
		{name: "observed preflight", site: observing, facts: from("OPTIONS", evil, func(f *Facts) { f.RequestMethod = "PUT" }), edits: Edits{}, cookie: true},
		{name: "observed, unwrapping stays enforced", site: observing, facts: from("GET", evil, query("access_token=x")), code: OriginNotTrusted},
		{name: "observed, ambiguous key", site: observing, facts: from("GET", evil, query("Access_Token=x")), code: OriginNotTrusted},
		{name: "exempt", site: exempting, facts: from("POST", evil, query("$httpMethod=x")), edits: Edits{}},
		{name: "exempt, nothing is unwrapped", site: exempting, facts: from("GET", evil, query("access_token=x")), edits: Edits{}},
		{name: "exempt, never ours", site: exempting, facts: from("GET", evil, query(ours)), code: OriginNotTrusted},
	} {
		tc.run(t)
	}
}

func TestPlanTokens(t *testing.T) {
	page := "https://app.example.com"
	full, bound, reading, expired, revoked := mustMint(t), mustMint(t), mustMint(t), mustMint(t), mustMint(t)
	grants := grantMap{
		full.Digest():    {ID: "tok_1", Subject: "full"},
		bound.Digest():   {ID: "tok_2", Domains: []trust.Domain{mustDomain(t, "app.example.com")}},
		reading.Digest(): {ID: "tok_3", Methods: []string{"GET"}, PathPrefix: "/v2"},
		expired.Digest(): {ID: "tok_4", Expires: noon.Add(-time.Second)},
		revoked.Digest(): {ID: "tok_5", Revoked: true},
	}
	site := testSite(t, func(c *SiteConfig) { c.Grants = grants })
	observing := testSite(t, func(c *SiteConfig) { c.Grants, c.Policy.Mode = grants, Observe })
	none := testSite(t, nil)
	auth := func(value string) func(*Facts) {
		return func(f *Facts) { f.Authorization, f.Authorizations = value, 1 }
	}
	in := func(tok token.Token) func(*Facts) { return query("access_token=" + tok.Reveal() + "&a=1") }
	header := func(tok token.Token) Edits { return Edits{Grant: grants[tok.Digest()], AuthorizationEdited: true} }
	inQuery := func(tok token.Token) Edits {
		return Edits{Carrier: Query, Query: "a=1", QueryEdited: true, Grant: grants[tok.Digest()], AuthorizationEdited: true}
	}
	for _, tc := range []planCase{
		{name: "header", site: site, facts: from("GET", page, auth("Bearer "+full.Reveal())), edits: header(full)},
		{name: "header, other case", site: site, facts: from("GET", page, auth("bearer  "+full.Reveal())), edits: header(full)},
		{name: "header, no origin", site: site, facts: from("GET", "", auth("Bearer "+full.Reveal())), edits: header(full), cookie: true},
		{name: "query", site: site, facts: from("GET", page, in(full)), edits: inQuery(full)},
		{name: "the API's own", site: site, facts: from("GET", page, auth("Bearer eyJ.x.y")), edits: Edits{}},
		{name: "the API's own, another scheme", site: site, facts: from("GET", page, auth("Basic dTpw")), edits: Edits{}},
		{name: "the API's own, with cgt_ within", site: site, facts: from("GET", page, auth("Bearer abcgt_x.cgt_y")), edits: Edits{}},

		{name: "unknown", site: site, facts: from("GET", page, auth("Bearer "+mustMint(t).Reveal())), code: TokenUnknown},
		{name: "unknown in the query", site: site, facts: from("GET", page, in(mustMint(t))), code: TokenUnknown},
		{name: "mistyped", site: site, facts: from("GET", page, auth("Bearer cgt_x")), code: TokenUnknown},
		{name: "a ticket", site: site, facts: from("GET", page, auth("Bearer cgk_x")), code: TokenUnknown},
		{name: "a management key", site: site, facts: from("GET", page, query("access_token=cga_x")), code: TokenUnknown},
		{name: "no tokens at all", site: none, facts: from("GET", page, auth("Bearer "+full.Reveal())), code: TokenUnknown},
		{name: "hidden in another scheme", site: site, facts: from("GET", page, auth(`Token token="`+full.Reveal()+`"`)), code: TokenUnknown},
		{name: "behind a sign, in the query", site: site, facts: from("GET", page, query("access_token=%3D"+full.Reveal())), code: TokenUnknown},
		{name: "behind something else", site: site, facts: from("GET", page, auth("Bearer x "+full.Reveal())), code: TokenUnknown},

		{name: "expired", site: site, facts: from("GET", page, auth("Bearer "+expired.Reveal())), code: TokenExpired},
		{name: "revoked", site: site, facts: from("GET", page, in(revoked)), code: TokenRevoked},
		{name: "bound, its origin", site: site, facts: from("GET", page, in(bound)), edits: inQuery(bound)},
		{name: "bound, another origin", site: site, facts: from("GET", "https://a.partner.example", in(bound)), code: TokenNotForOrigin},
		{name: "bound, no origin", site: site, facts: from("GET", "", in(bound)), code: TokenNotForOrigin},
		{name: "bound, the API's own page", site: site, facts: from("GET", "https://api.example.com", in(bound)), code: TokenNotForOrigin},
		{name: "limited, within", site: site, facts: from("GET", page, in(reading)), edits: inQuery(reading)},
		{name: "limited, method", site: site, facts: from("POST", page, in(reading)), code: TokenScope},
		{name: "limited, method override", site: site, facts: from("GET", page, query("_method=PUT&access_token="+reading.Reveal())), code: TokenScope},
		{name: "limited, path", site: site, facts: from("GET", page, func(f *Facts) { in(reading)(f); f.Path = "/v3" }), code: TokenScope},
		{name: "limited, path out by dots", site: site, facts: from("GET", page, func(f *Facts) { in(reading)(f); f.Path = "/v2/../v3" }), code: TokenScope},
		{name: "observed, header", site: observing, facts: from("GET", "https://evil.example", auth("Bearer "+full.Reveal())), edits: header(full), cookie: true},
		{name: "observed, bound", site: observing, facts: from("GET", "https://evil.example", auth("Bearer "+bound.Reveal())), code: TokenNotForOrigin},
	} {
		tc.run(t)
	}
}

func TestPlanReferer(t *testing.T) {
	site := testSite(t, nil)
	for referer, want := range map[string]struct {
		text   string
		edited bool
	}{
		"":                                {"", false},
		"https://app.example.com/":        {"https://app.example.com/", false},
		"https://app.example.com/?page=2": {"https://app.example.com/?page=2", false},
		"https://app.example.com/x?access_token=abc":            {"https://app.example.com/x", true},
		"https://app.example.com/x?a=1&access_token=abc&b=2":    {"https://app.example.com/x?a=1&b=2", true},
		"https://app.example.com/x?%61ccess_token=abc&b=2":      {"https://app.example.com/x?b=2", true},
		"https://app.example.com/x?access_token=a&ACCESS_TOKEN": {"https://app.example.com/", true},
		"https://app.example.com/x?Access_Token=abc":            {"https://app.example.com/", true},
		"https://app.example.com/x#access_token=abc":            {"https://app.example.com/x", true},
		"https://app.example.com/x?a=1#access_token=abc":        {"https://app.example.com/x?a=1", true},
		"https://app.example.com/x?[access_token]=abc":          {"https://app.example.com/", true},
		"nonsense?Access_Token=abc":                             {"", true},
	} {
		f := from("GET", "https://app.example.com", func(f *Facts) { f.Referer = referer })
		e := Plan(site, f, Judge(site, f), nil)
		if e.Referer != want.text || e.RefererEdited != want.edited {
			t.Errorf("%q: %q, %v", referer, e.Referer, e.RefererEdited)
		}
	}
}

func TestSettle(t *testing.T) {
	expose := func(c *SiteConfig) { c.Policy.Credentials, c.Policy.Expose = true, []string{"X-Total", "ETag"} }
	on, off := testSite(t, expose), testSite(t, nil)
	observing := testSite(t, func(c *SiteConfig) { c.Policy.Mode = Observe })
	page := "https://app.example.com"
	for _, tc := range []struct {
		name  string
		site  *Site
		facts *Facts
		want  ResponseEdits
	}{
		{"trusted", off, from("GET", page, nil), ResponseEdits{Replace: true, AllowOrigin: page, Expose: "*"}},
		{"trusted, credentials", on, from("GET", page, nil), ResponseEdits{Replace: true, AllowOrigin: page, Expose: "X-Total, ETag", Credentials: true}},
		{"insecure, credentials", on, from("GET", "http://legacy.example.com", nil), ResponseEdits{Replace: true, AllowOrigin: "http://legacy.example.com", Expose: "X-Total, ETag"}},
		{"unwrapped, credentials", on, from("GET", page, query("access_token=x")), ResponseEdits{Replace: true, AllowOrigin: page, Expose: "X-Total, ETag", Unwrapped: true}},
		{"refused, readable", on, from("GET", page, query("access_token=")), ResponseEdits{Replace: true, AllowOrigin: page, Expose: "Crossgate-Reason", Unwrapped: true}},
		{"untrusted", on, from("GET", "https://evil.example", nil), ResponseEdits{Replace: true}},
		{"own", on, from("GET", "https://api.example.com", nil), ResponseEdits{Replace: true}},
		{"no origin", on, from("GET", "", nil), ResponseEdits{Replace: true}},
		{"observed", observing, from("GET", "https://evil.example", nil), ResponseEdits{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := Judge(tc.site, tc.facts)
			e := Plan(tc.site, tc.facts, v, nil)
			if got := Settle(tc.site, v, &e); got != tc.want {
				t.Errorf("%+v, want %+v", got, tc.want)
			}
		})
	}
}
