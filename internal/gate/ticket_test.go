package gate

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// A ticketRig is a site with an access token that tickets can be had for.
type ticketRig struct {
	*testing.T
	site   *Site
	cfg    SiteConfig
	grant  *token.Grant
	secret string
}

func newTicketRig(t *testing.T, change func(*ticketRig)) *ticketRig {
	tok := mustMint(t)
	r := &ticketRig{T: t, grant: &token.Grant{ID: "tok_1"}, secret: tok.Reveal()}
	r.cfg = SiteConfig{
		PublicURLs: []trust.Origin{mustOrigin(t, "https://api.example.com")},
		Trusted:    setOf(t, "app.example.com", "other.example.com"),
		Policy:     DefaultPolicy(),
		Name:       "default",
		Grants:     grantMap{tok.Digest(): r.grant},
		Tickets:    token.NewTicketKeys(token.TicketKey{Secret: [32]byte{1}}),
	}
	if change != nil {
		change(r)
	}
	r.site = NewSite(r.cfg)
	return r
}

// ask asks for a ticket, as a page of an origin; "" is a server.
func (r *ticketRig) ask(origin string, fields ...string) (string, Code) {
	r.Helper()
	form := url.Values{"access_token": {r.secret}}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	request, p := ReadTicketRequest(form.Encode())
	if p != nil {
		return "", p.Code
	}
	f := enveloped(origin, func(f *Facts) { f.Path = "/.crossgate/ticket" })
	text, p := IssueTicket(r.site, f, Judge(r.site, f), request)
	return text, codeOf(Edits{Problem: p})
}

// get uses a ticket.
func (r *ticketRig) get(ticket, origin, target string, change func(*Facts)) Code {
	r.Helper()
	f := from("GET", origin, func(f *Facts) {
		path, query, found := strings.Cut(target, "?")
		f.Path, f.RawQuery = path, "access_token="+ticket
		if found {
			f.RawQuery = query + "&" + f.RawQuery
		}
		if change != nil {
			change(f)
		}
	})
	e := Plan(r.site, f, Judge(r.site, f), nil)
	if e.Problem == nil && (e.Grant != r.grant || strings.Contains(e.Authorization+e.Query, "cgk_")) {
		r.Errorf("carried with %+v", e)
	}
	return codeOf(e)
}

const (
	ticketPage = "https://app.example.com"
	otherPage  = "https://other.example.com"
)

func TestTicketUse(t *testing.T) {
	later := func(d time.Duration) func(*Facts) { return func(f *Facts) { f.Now = noon.Add(d) } }
	for _, tc := range []struct {
		name   string
		asked  []string
		origin string
		target string
		change func(*Facts)
		code   Code
	}{
		{"where it was asked for", nil, ticketPage, "/v2/events", nil, ""},
		{"with a query", nil, ticketPage, "/v2/events?a=1&b=2", nil, ""},
		{"from another trusted page", nil, otherPage, "/v2/events", nil, TokenNotForOrigin},
		{"without an origin", nil, "", "/v2/events", nil, TokenNotForOrigin},
		{"from an untrusted page", nil, "https://evil.example", "/v2/events", nil, OriginNotTrusted},
		{"in its last second", nil, ticketPage, "/v2/events", later(59 * time.Second), ""},
		{"too late", nil, ticketPage, "/v2/events", later(60 * time.Second), TokenExpired},
		{"too late, for a stream that came in time", nil, ticketPage, "/v2/events", func(f *Facts) { f.Now, f.Since = noon.Add(time.Hour), noon }, ""},
		{"HEAD", nil, ticketPage, "/v2/events", func(f *Facts) { f.Method = "HEAD" }, ""},
		{"DELETE", nil, ticketPage, "/v2/events", func(f *Facts) { f.Method = "DELETE" }, TokenScope},
		{"DELETE, asked for", []string{"method", "DELETE"}, ticketPage, "/v2/events", func(f *Facts) { f.Method = "DELETE" }, ""},
		{"GET as DELETE", nil, ticketPage, "/v2/events?_method=DELETE", nil, TokenScope},
		{"text, which it is not for", nil, ticketPage, "/v2/events", func(f *Facts) { f.Method, f.ContentType, f.ContentTypes = "POST", "text/plain", 1 }, TokenScope},
		{"WebSocket", nil, ticketPage, "/v2/events", func(f *Facts) { f.Upgrade = true }, TokenScope},
		{"WebSocket, asked for", []string{"websocket", "1"}, ticketPage, "/v2/events", func(f *Facts) { f.Upgrade = true }, ""},
		{"under its path", []string{"path_prefix", "/v2"}, ticketPage, "/v2/events", nil, ""},
		{"beside its path", []string{"path_prefix", "/v2"}, ticketPage, "/v22/events", nil, TokenScope},
		{"climbing out of its path", []string{"path_prefix", "/v2"}, ticketPage, "/v2/../v3", nil, TokenScope},

		{"its address", []string{"url", "/img/7?size=2"}, ticketPage, "/img/7?size=2", nil, ""},
		{"its address, without an origin", []string{"url", "/img/7?size=2"}, "", "/img/7?size=2", nil, ""},
		{"its address, from another trusted page", []string{"url", "/img/7?size=2"}, otherPage, "/img/7?size=2", nil, TokenNotForOrigin},
		{"its address, with more in the query", []string{"url", "/img/7?size=2"}, "", "/img/7?size=2&x=1", nil, TokenScope},
		{"its address, without its query", []string{"url", "/img/7?size=2"}, "", "/img/7", nil, TokenScope},
		{"its address, spelled otherwise", []string{"url", "/img/7"}, "", "/img/%37", nil, TokenScope},
		{"its address, by DELETE", []string{"url", "/img/7"}, ticketPage, "/img/7", func(f *Facts) { f.Method = "DELETE" }, TokenScope},
		{"a download", []string{"url", "/img/7"}, "", "/img/7", func(f *Facts) { f.FetchMode, f.FetchSite = "navigate", "cross-site" }, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := newTicketRig(t, nil)
			ticket, code := r.ask(ticketPage, tc.asked...)
			if code != "" {
				t.Fatalf("no ticket: %s", code)
			}
			if code := r.get(ticket, tc.origin, tc.target, tc.change); code != tc.code {
				t.Errorf("%q, want %q", code, tc.code)
			}
		})
	}
}

// A ticket stands in a query and nowhere else.
func TestTicketElsewhere(t *testing.T) {
	r := newTicketRig(t, nil)
	ticket, _ := r.ask(ticketPage)
	header := from("GET", ticketPage, func(f *Facts) { f.Authorization, f.Authorizations = "Bearer "+ticket, 1 })
	if code := codeOf(Plan(r.site, header, Judge(r.site, header), nil)); code != TokenUnknown {
		t.Errorf("in Authorization: %q", code)
	}
	body := enveloped(ticketPage, nil)
	c := controls("GET", nil)
	c.Token = ticket
	if code := codeOf(Plan(r.site, body, Judge(r.site, body), c)); code != TokenUnknown {
		t.Errorf("in an envelope: %q", code)
	}
	if _, code := r.ask(ticketPage, "access_token", ticket); code != TokenTwice {
		t.Errorf("beside a token, for another ticket: %q", code)
	}
	r.secret = ticket
	if _, code := r.ask(ticketPage); code != TokenUnknown {
		t.Errorf("a ticket for a ticket: %q", code)
	}
}

// A ticket can do what it and its token can, judged at use.
func TestTicketDiesWithItsToken(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*ticketRig)
		code   Code
	}{
		{"revoked", func(r *ticketRig) { r.grant.Revoked = true }, TokenRevoked},
		{"expired", func(r *ticketRig) { r.grant.Expires = noon }, TokenExpired},
		{"limited to a method", func(r *ticketRig) { r.grant.Methods = []string{"POST"} }, TokenScope},
		{"limited to a path", func(r *ticketRig) { r.grant.PathPrefix = "/v3" }, TokenScope},
		{"bound to another domain", func(r *ticketRig) { r.grant.Domains = []trust.Domain{mustDomain(t, "other.example.com")} }, TokenNotForOrigin},
		{"deleted", func(r *ticketRig) { r.cfg.Grants = grantMap{} }, TokenUnknown},
		{"the site has another name", func(r *ticketRig) { r.cfg.Name = "other" }, TokenUnknown},
		{"the keys are others", func(r *ticketRig) { r.cfg.Tickets = token.NewTicketKeys(token.TicketKey{Secret: [32]byte{2}}) }, TokenUnknown},
		{"there are no keys", func(r *ticketRig) { r.cfg.Tickets = nil }, TokenUnknown},
		{"the page is no longer trusted", func(r *ticketRig) { r.cfg.Trusted = setOf(t, "other.example.com") }, OriginNotTrusted},
		{"queries are off", func(r *ticketRig) { r.cfg.Policy.QueryCarrier = QueryOff }, TokenMissing},
		{"queries are off for the token itself", func(r *ticketRig) { r.grant.QueryCarrier = QueryOff }, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := newTicketRig(t, nil)
			ticket, _ := r.ask(ticketPage)
			tc.change(r)
			r.site = NewSite(r.cfg)
			if code := r.get(ticket, ticketPage, "/v2/events", nil); code != tc.code {
				t.Errorf("%q, want %q", code, tc.code)
			}
		})
	}
}

// Without an Origin, whoever asked for a ticket answers for it: a token that is bound to
// domains works for images of a page of theirs, and no longer than the page is trusted.
func TestTicketWithoutOriginAnswersForItsPage(t *testing.T) {
	r := newTicketRig(t, func(r *ticketRig) { r.grant.Domains = []trust.Domain{mustDomain(t, "app.example.com")} })
	ticket, code := r.ask(ticketPage, "url", "/img/7")
	if code != "" {
		t.Fatal(code)
	}
	if code := r.get(ticket, "", "/img/7", nil); code != "" {
		t.Errorf("an image: %q", code)
	}
	r.cfg.Trusted = setOf(t, "other.example.com")
	r.site = NewSite(r.cfg)
	if code := r.get(ticket, "", "/img/7", nil); code != TokenNotForOrigin {
		t.Errorf("an image, its page no longer trusted: %q", code)
	}
}

// A redirect takes a ticket no further than its page could have asked with it.
func TestTicketFollows(t *testing.T) {
	for _, tc := range []struct {
		name  string
		asked []string
		grant func(*token.Grant)
		to    string
		want  bool
	}{
		{"anywhere", nil, nil, "/v3/b", true},
		{"within its path", []string{"path_prefix", "/v2"}, nil, "/v2/b", true},
		{"out of its path", []string{"path_prefix", "/v2"}, nil, "/v3/b", false},
		{"from its address", []string{"url", "/v2/a"}, nil, "/v2/b", false},
		{"out of its token's path", nil, func(g *token.Grant) { g.PathPrefix = "/v2" }, "/v3/b", false},
		{"of a token that may not be in a query", nil, func(g *token.Grant) { g.QueryCarrier = token.QueryOff }, "/v2/b", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := newTicketRig(t, func(r *ticketRig) {
				if tc.grant != nil {
					tc.grant(r.grant)
				}
			})
			ticket, code := r.ask(ticketPage, tc.asked...)
			if code != "" {
				t.Fatalf("no ticket: %s", code)
			}
			f := from("GET", ticketPage, func(f *Facts) { f.Path, f.RawQuery = "/v2/a", "access_token="+ticket })
			v := Judge(r.site, f)
			e := Plan(r.site, f, v, nil)
			if e.Problem != nil {
				t.Fatal(e.Problem.Code)
			}
			if got := MayFollow(f, v, &e, tc.to, ""); got != tc.want {
				t.Errorf("followed: %v", got)
			}
		})
	}
}

func TestTicketRequest(t *testing.T) {
	withOthers := func(secret string) func(*ticketRig) { return func(r *ticketRig) { r.secret = secret } }
	for _, tc := range []struct {
		name   string
		change func(*ticketRig)
		origin string
		fields []string
		code   Code
	}{
		{"a page", nil, ticketPage, nil, ""},
		{"an untrusted page", nil, "https://evil.example", nil, OriginNotTrusted},
		{"a server, for its origin", nil, "", nil, ControlMalformed},
		{"a server, for an address", nil, "", []string{"url", "/img"}, ""},
		{"an API's own token", withOthers("opaque"), ticketPage, nil, TicketUnsupported},
		{"a management key", withOthers("cga_x"), ticketPage, nil, TokenUnknown},
		{"an unknown token", withOthers("cgt_x"), ticketPage, nil, TokenUnknown},
		{"an empty token", withOthers(""), ticketPage, nil, TokenMalformed},
		{"a revoked token", func(r *ticketRig) { r.grant.Revoked = true }, ticketPage, nil, TokenRevoked},
		{"another page's token", func(r *ticketRig) { r.grant.Domains = []trust.Domain{mustDomain(t, "other.example.com")} }, ticketPage, nil, TokenNotForOrigin},
		{"a token for a path", func(r *ticketRig) { r.grant.PathPrefix = "/v2" }, ticketPage, nil, ""},
		{"no keys", func(r *ticketRig) { r.cfg.Tickets = nil }, ticketPage, nil, NotReady},
		{"an address of elsewhere", nil, ticketPage, []string{"url", "https://api.example.com/"}, ControlMalformed},
		{"an address of elsewhere, without its scheme", nil, ticketPage, []string{"url", "//evil.example/"}, ControlMalformed},
		{"an address with a token", nil, ticketPage, []string{"url", "/a?access_token=x"}, ControlMalformed},
		{"an address and a method", nil, ticketPage, []string{"url", "/a", "method", "GET"}, ControlMalformed},
		{"an address and a WebSocket", nil, ticketPage, []string{"url", "/a", "websocket", "1"}, ControlMalformed},
		{"a WebSocket that cannot begin", nil, ticketPage, []string{"websocket", "1", "method", "POST"}, ControlMalformed},
		{"a method that is not granted", nil, ticketPage, []string{"method", "UNLOCK"}, ControlMalformed},
		{"OPTIONS", nil, ticketPage, []string{"method", "OPTIONS"}, ControlMalformed},
		{"a field that nobody knows", nil, ticketPage, []string{"expires_in", "600"}, ControlMalformed},
		{"a path that climbs", nil, ticketPage, []string{"path_prefix", "/a/../b"}, ControlMalformed},
		{"a field twice", nil, ticketPage, []string{"url", "/a", "url", "/b"}, ControlMalformed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := newTicketRig(t, tc.change)
			ticket, code := r.ask(tc.origin, tc.fields...)
			if code != tc.code || (ticket == "") != (code != "") {
				t.Errorf("%q with %q, want %q", ticket, code, tc.code)
			}
		})
	}
}

// How a request for a ticket came counts as much as what it says.
func TestTicketRequestComes(t *testing.T) {
	r := newTicketRig(t, nil)
	for _, tc := range []struct {
		name   string
		origin string
		change func(*Facts)
		code   Code
	}{
		{"an HTML form", ticketPage, func(f *Facts) { f.FetchMode = "navigate" }, Navigation},
		{"a beacon", ticketPage, func(f *Facts) { f.FetchMode = "no-cors" }, Navigation},
		{"a browser without an origin", "", func(f *Facts) { f.FetchSite = "cross-site" }, Navigation},
		{"beside Authorization", ticketPage, func(f *Facts) { f.Authorizations = 1 }, TokenTwice},
		{"beside a query token", ticketPage, query("access_token=x"), TokenTwice},
	} {
		f := enveloped(tc.origin, tc.change)
		_, p := IssueTicket(r.site, f, Judge(r.site, f), TicketRequest{secret: r.secret, target: "/a"})
		if code := codeOf(Edits{Problem: p}); code != tc.code {
			t.Errorf("%s: %q, want %q", tc.name, code, tc.code)
		}
	}
	for _, form := range []string{"", "access_token", "url=/a", "access_token=a&access_token=a", "access_token=%zz", "&access_token=a"} {
		if _, p := ReadTicketRequest(form); p == nil && form != "access_token" {
			t.Errorf("%q is taken", form)
		}
	}
}
