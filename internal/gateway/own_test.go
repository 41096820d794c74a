package gateway

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/client"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/token"
)

const ticketPath = ownPrefix + gate.TicketName

// ticketKeys are keys that sign from the beginning of time.
func ticketKeys() *token.TicketKeys {
	return token.NewTicketKeys(token.TicketKey{Secret: [token.TicketKeyBytes]byte{1, 2, 3}})
}

// askTicket asks for a ticket as a page of an origin does; the form is of names and
// values in turn.
func (r *rig) askTicket(origin string, fields ...string) *http.Response {
	r.t.Helper()
	head := []string{"Content-Type", formType}
	if origin != "" {
		head = append(head, "Origin", origin)
	}
	return r.send("POST", ticketPath, form(fields...), head...)
}

// ticket is the ticket that a page of an origin gets.
func (r *rig) ticket(origin string, fields ...string) string {
	r.t.Helper()
	res := r.askTicket(origin, fields...)
	body := bodyOf(r.t, res)
	var answer struct {
		Ticket  string `json:"ticket"`
		Expires int    `json:"expires_in"`
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil || res.StatusCode != http.StatusOK || answer.Expires != 60 {
		r.t.Fatalf("%d %s: %v", res.StatusCode, body, err)
	}
	return answer.Ticket
}

// A trusted page gets a ticket, whatever the policy says of ordinary requests; the
// answer is kept by nobody and has nothing ambient.
func TestTicketEndpoint(t *testing.T) {
	tokens := grants{}
	secret := tokens.mint(t, token.Grant{ID: "tok_1"})
	r := newRig(t, rigConfig{site: func(s *gate.SiteConfig) {
		s.Grants, s.Tickets = tokens, ticketKeys()
		s.Policy.Methods, s.Policy.TokenRequired, s.Policy.Credentials = []string{"GET"}, true, true
	}})
	res := r.askTicket(trustedOrigin, "access_token", secret)
	if body := bodyOf(t, res); res.StatusCode != http.StatusOK || !strings.HasPrefix(body, `{"ticket":"cgk_`) {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": trustedOrigin, "Access-Control-Allow-Credentials": "", "Set-Cookie": "", "Cache-Control": "no-store",
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Content-Type": "application/json", "Vary": "Origin",
	} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if len(r.api.Seen()) > 0 {
		t.Error("the upstream was asked")
	}
}

// Whoever may not have a ticket gets none.
func TestTicketsRefused(t *testing.T) {
	tokens := grants{}
	secret := tokens.mint(t, token.Grant{ID: "tok_1"})
	revoked := tokens.mint(t, token.Grant{ID: "tok_2", Revoked: true})
	r := newRig(t, rigConfig{site: func(s *gate.SiteConfig) { s.Grants, s.Tickets = tokens, ticketKeys() }})
	ticket := r.ticket(trustedOrigin, "access_token", secret)
	good := form("access_token", secret)
	page := []string{"Origin", trustedOrigin, "Content-Type", formType}
	for _, tt := range []struct {
		name   string
		method string
		query  string
		body   string
		fields []string
		status int
		code   string
	}{
		{"an untrusted page", "POST", "", good, []string{"Origin", untrustedOrigin, "Content-Type", formType}, 403, "origin-not-trusted"},
		{"a form that navigates", "POST", "", good, append(page, "Sec-Fetch-Mode", "navigate"), 403, "navigation"},
		{"a server, without an address", "POST", "", good, []string{"Content-Type", formType}, 400, "control-malformed"},
		{"GET", "GET", "", "", page, 405, "method-unsupported"},
		{"OPTIONS", "OPTIONS", "", "", page, 405, "method-unsupported"},
		{"another type", "POST", "", good, []string{"Origin", trustedOrigin, "Content-Type", "text/plain"}, 400, "control-malformed"},
		{"JSON", "POST", "", `{"access_token":"` + secret + `"}`, []string{"Origin", trustedOrigin, "Content-Type", "application/json"}, 400, "control-malformed"},
		{"multipart", "POST", "", multipart("access_token", secret), []string{"Origin", trustedOrigin, "Content-Type", multipartType}, 400, "control-malformed"},
		{"two types", "POST", "", good, append(page, "Content-Type", formType), 400, "control-malformed"},
		{"nothing", "POST", "", "", page, 400, "control-malformed"},
		{"no token", "POST", "", "url=/a", page, 401, "token-missing"},
		{"too much", "POST", "", good + "&url=/" + strings.Repeat("a", gate.MaxTicketForm), page, 413, "body-too-large"},
		{"another field", "POST", "", good + "&a=b", page, 400, "control-malformed"},
		{"two tokens", "POST", "", good + "&" + good, page, 400, "token-twice"},
		{"a token in the query", "POST", "?access_token=" + secret, good, page, 400, "token-twice"},
		{"a token in the header", "POST", "", good, append(page, "Authorization", "Bearer "+secret), 400, "token-twice"},
		{"an envelope", "POST", "", "$httpMethod=POST&" + good, page, 400, "control-malformed"},
		{"the API's own token", "POST", "", "access_token=abc", page, 400, "ticket-unsupported"},
		{"an unknown token", "POST", "", form("access_token", newToken(t).Reveal()), page, 401, "token-unknown"},
		{"a revoked token", "POST", "", form("access_token", revoked), page, 401, "token-revoked"},
		{"a ticket", "POST", "", form("access_token", ticket), page, 401, "token-unknown"},
		{"a method that is not granted", "POST", "", good + "&method=PURGE", page, 400, "control-malformed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := r.send(tt.method, ticketPath+tt.query, tt.body, tt.fields...)
			body := bodyOf(t, res)
			if res.StatusCode != tt.status || res.Header.Get("Crossgate-Reason") != tt.code || res.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%d %s, want %d %s", res.StatusCode, body, tt.status, tt.code)
			}
			if tt.status == http.StatusMethodNotAllowed && res.Header.Get("Allow") != "POST" {
				t.Errorf("Allow: %q", res.Header.Get("Allow"))
			}
			if strings.Contains(body, secret) || len(r.api.Seen()) > 0 {
				t.Errorf("too much was said: %s, and the upstream saw %v", body, r.api.Seen())
			}
		})
	}
}

// Preflights for what is ours are answered like any, and go no further.
func TestPreflightsOfOurOwn(t *testing.T) {
	for _, observing := range []bool{false, true} {
		r := newRig(t, rigConfig{site: func(s *gate.SiteConfig) {
			if observing {
				s.Policy.Mode = gate.Observe
			}
		}})
		trusted := r.ask("OPTIONS", ticketPath, "Origin", trustedOrigin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")
		if trusted.StatusCode != http.StatusNoContent || trusted.Header.Get("Access-Control-Allow-Headers") != "content-type" {
			t.Errorf("%d %v", trusted.StatusCode, trusted.Header)
		}
		if other := r.ask("OPTIONS", ticketPath, "Origin", untrustedOrigin, "Access-Control-Request-Method", "POST"); other.StatusCode < 400 {
			t.Errorf("another page: %d", other.StatusCode)
		}
		if len(r.api.Seen()) > 0 {
			t.Error("the upstream was asked")
		}
	}
}

// The browser client is served on the API's own address, to whoever is not refused.
func TestClientIsServed(t *testing.T) {
	r := newRig(t, rigConfig{site: func(s *gate.SiteConfig) {
		s.PublicURLs = publicURLs(t, "https://api.example.com")
		s.Policy.TokenRequired, s.Policy.Methods = true, []string{"PUT"}
	}})
	for _, name := range client.Names() {
		t.Run(name, func(t *testing.T) {
			res := r.ask("GET", ownPrefix+name, "Host", "api.example.com", "Origin", trustedOrigin, "Accept-Encoding", "gzip")
			keep := "public, max-age=3600"
			if strings.Contains(name, "-") {
				keep = "public, max-age=31536000, immutable"
			}
			for field, want := range map[string]string{
				"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": keep, "Cross-Origin-Resource-Policy": "cross-origin",
				"X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": trustedOrigin, "Content-Encoding": "gzip",
			} {
				if got := res.Header.Get(field); res.StatusCode != http.StatusOK || got != want {
					t.Errorf("%d, %s: %q, want %q", res.StatusCode, field, got, want)
				}
			}
			vary := strings.Join(res.Header["Vary"], ", ")
			if !strings.Contains(vary, "Accept-Encoding") || !strings.Contains(vary, "Origin") {
				t.Errorf("Vary: %s", vary)
			}
			again := r.ask("GET", ownPrefix+name, "Host", "api.example.com", "Accept-Encoding", "gzip", "If-None-Match", res.Header.Get("ETag"))
			if again.StatusCode != http.StatusNotModified {
				t.Errorf("asked again: %d", again.StatusCode)
			}
		})
	}
	for _, tt := range []struct {
		name, method, path string
		fields             []string
		status             int
	}{
		{"HEAD", "HEAD", "client.js", nil, 200},
		{"no Origin", "GET", "worker.js", nil, 200},
		{"an untrusted page", "GET", "client.js", []string{"Origin", untrustedOrigin}, 403},
		{"another host", "GET", "client.js", []string{"Host", "other.example"}, 421},
		{"POST", "POST", "client.js", nil, 405},
		{"another file", "GET", "client.ts", nil, 404},
		{"a file below", "GET", "client.js/x", nil, 404},
		{"another hash", "GET", "client-0000000000000000.js", nil, 404},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := r.ask(tt.method, ownPrefix+tt.path, append([]string{"Host", "api.example.com"}, tt.fields...)...)
			if tt.fields != nil && tt.fields[0] == "Host" {
				res = r.ask(tt.method, ownPrefix+tt.path, tt.fields...)
			}
			if res.StatusCode != tt.status || tt.status == 405 && res.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("%d, Allow %q", res.StatusCode, res.Header.Get("Allow"))
			}
		})
	}
	if len(r.api.Seen()) > 0 {
		t.Error("the upstream was asked")
	}
}

// What servers could take for a path of ours never goes up, whatever it carries.
func TestPathsLikeOurOwn(t *testing.T) {
	r := newRig(t, rigConfig{})
	for _, path := range []string{
		"/.crossgate", "/.crossgate/", "//.crossgate/ticket", "/.crossgate//ticket", "/.CrossGate/ticket", "/x/../.crossgate/ticket",
		"/./.crossgate/ticket", "/x%2f..%2f.crossgate/ticket", "/v2//.crossgate/ticket", "/v2/.Crossgate/ticket", "/v2/x/../.crossgate/client.js", "/v2/.crossgate%5cticket",
		"/%2e%63rossgate/other", "/.crossgate%5cticket", "/.crossgate/../.crossgate/x",
	} {
		t.Run(path, func(t *testing.T) {
			res := r.ask("GET", path)
			if res.StatusCode != 404 || res.Header.Get("Crossgate-Reason") != "not-found" {
				t.Errorf("%d, %q", res.StatusCode, res.Header.Get("Crossgate-Reason"))
			}
		})
	}
	if len(r.api.Seen()) > 0 {
		t.Error("the upstream was asked")
	}
	for _, path := range []string{"/.crossgates/x", "/x/.crossgate/y", "/x/.crossgate/ticket/y", "/x/.crossgate/other.js", "/.crossgate.json", "/crossgate/x"} {
		if res := r.ask("GET", path); res.StatusCode != 200 {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}
