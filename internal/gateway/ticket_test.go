package gateway

import (
	"bufio"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/testkit/upstream"
	"github.com/crossgate/crossgate/token"
)

// A ticketRig is a gateway with tickets, a token to make them of, and a clock.
type ticketRig struct {
	*rig
	tokens grants
	secret string
	ahead  atomic.Int64 // of the real time, in nanoseconds
}

func newTicketRig(t *testing.T, grant token.Grant, cfg rigConfig) *ticketRig {
	t.Helper()
	r := &ticketRig{tokens: grants{}}
	grant.ID = "tok_1"
	r.secret = r.tokens.mint(t, grant)
	cfg.site = func(s *gate.SiteConfig) { s.Grants, s.Tickets, s.Name = r.tokens, ticketKeys(), "default" }
	cfg.config = func(c *Config) { c.Now = func() time.Time { return time.Now().Add(time.Duration(r.ahead.Load())) } }
	r.rig = newRig(t, cfg)
	return r
}

// A ticket is of use where it was asked for, for what it was asked for, in a query.
func TestTicketsInUse(t *testing.T) {
	r := newTicketRig(t, token.Grant{PathPrefix: "/v1"}, rigConfig{})
	plain := r.ticket(trustedOrigin, "access_token", r.secret)
	bound := r.ticket(trustedOrigin, "access_token", r.secret, "url", "/v1/image?size=2")
	narrow := r.ticket(trustedOrigin, "access_token", r.secret, "path_prefix", "/v1/a")
	deletes := r.ticket(trustedOrigin, "access_token", r.secret, "method", "DELETE")
	byServer := r.ticket("", "access_token", r.secret, "url", "/v1/image")
	const other = "https://other.example.com"
	for _, tt := range []struct {
		name           string
		method, target string
		origin         string
		ticket         string
		code           string
	}{
		{"from its page", "GET", "/v1/a", trustedOrigin, plain, ""},
		{"HEAD", "HEAD", "/v1/a", trustedOrigin, plain, ""},
		{"with a query", "GET", "/v1/a?b=c", trustedOrigin, plain, ""},
		{"from another page", "GET", "/v1/a", other, plain, "token-not-for-origin"},
		{"from nowhere", "GET", "/v1/a", "", plain, "token-not-for-origin"},
		{"for a change", "DELETE", "/v1/a", trustedOrigin, plain, "token-scope"},
		{"beyond its token", "GET", "/v2/a", trustedOrigin, plain, "token-scope"},
		{"with a method in the query", "GET", "/v1/a?_method=DELETE", trustedOrigin, plain, "token-scope"},
		{"within its path", "GET", "/v1/a/b", trustedOrigin, narrow, ""},
		{"beside its path", "GET", "/v1/ab", trustedOrigin, narrow, "token-scope"},
		{"for a change that it is for", "DELETE", "/v1/a", trustedOrigin, deletes, ""},
		{"for a GET that it is not for", "GET", "/v1/a", trustedOrigin, deletes, "token-scope"},
		{"an image", "GET", "/v1/image?size=2", "", bound, ""},
		{"an image from its page", "GET", "/v1/image?size=2", trustedOrigin, bound, ""},
		{"an image on another page", "GET", "/v1/image?size=2", other, bound, "token-not-for-origin"},
		{"another image", "GET", "/v1/image?size=3", "", bound, "token-scope"},
		{"another image by its path", "GET", "/v1/image2?size=2", "", bound, "token-scope"},
		{"a server's image", "GET", "/v1/image", "", byServer, ""},
		{"a server's image in a page", "GET", "/v1/image", trustedOrigin, byServer, "token-not-for-origin"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r.api.Forget()
			var fields []string
			if tt.origin != "" {
				fields = []string{"Origin", tt.origin}
			}
			separator := "?"
			if strings.Contains(tt.target, "?") {
				separator = "&"
			}
			res := r.ask(tt.method, tt.target+separator+"access_token="+url.QueryEscape(tt.ticket), fields...)
			if res.Header.Get("Crossgate-Reason") != tt.code || (res.StatusCode == http.StatusOK) != (tt.code == "") {
				t.Fatalf("%d %s, want %q", res.StatusCode, bodyOf(t, res), tt.code)
			}
			if tt.code != "" {
				return
			}
			seen := r.api.Last(t)
			if seen.Target != tt.target || seen.Header.Get("Crossgate-Token") != "tok_1" || seen.Header.Get("Authorization") != "" {
				t.Errorf("the upstream saw %+v", seen)
			}
		})
	}
}

// A ticket stands in a query and nowhere else, and dies with its token, with its
// minute and outside of its site.
func TestTicketsOutOfUse(t *testing.T) {
	r := newTicketRig(t, token.Grant{}, rigConfig{})
	ticket := r.ticket(trustedOrigin, "access_token", r.secret)
	for _, w := range wrappings {
		if res := r.enclose(w, "/a", "$httpMethod", "GET", "access_token", ticket); res.Header.Get("Crossgate-Reason") != "token-unknown" {
			t.Errorf("in a %s: %d", w.name, res.StatusCode)
		}
	}
	ask := func(what, want string) {
		t.Helper()
		if res := r.ask("GET", "/a?access_token="+ticket, "Origin", trustedOrigin); res.Header.Get("Crossgate-Reason") != want {
			t.Errorf("%s: %d %s", what, res.StatusCode, bodyOf(t, res))
		}
	}
	if res := r.ask("GET", "/a", "Origin", trustedOrigin, "Authorization", "Bearer "+ticket); res.Header.Get("Crossgate-Reason") != "token-unknown" {
		t.Errorf("in Authorization: %d", res.StatusCode)
	}
	ask("in time", "")
	r.ahead.Store(int64(token.TicketLife + time.Second))
	ask("too late", "token-expired")
	r.ahead.Store(0)

	r.site.Name = "another"
	r.publish()
	ask("at another site", "token-unknown")
	r.site.Name = "default"

	r.site.Tickets = token.NewTicketKeys(token.TicketKey{Secret: [token.TicketKeyBytes]byte{9}})
	r.publish()
	ask("of another key", "token-unknown")
	r.site.Tickets = ticketKeys()

	for _, grant := range r.tokens {
		grant.Revoked = true
	}
	r.publish()
	ask("of a revoked token", "token-revoked")
	if seen := r.api.Seen(); len(seen) != 1 {
		t.Errorf("the upstream saw %d requests", len(seen))
	}
}

// A WebSocket must be asked for.
func TestTicketsForWebSockets(t *testing.T) {
	r := newTicketRig(t, token.Grant{}, rigConfig{upstream: upstream.Raw(t, echoSocket(goodHandshake))})
	for _, tt := range []struct {
		name   string
		fields []string
		origin string
		status int
	}{
		{"asked for", []string{"websocket", "1"}, trustedOrigin, 101},
		{"not asked for", nil, trustedOrigin, 403},
		{"from another page", []string{"websocket", "1"}, "https://other.example.com", 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ticket := r.ticket(trustedOrigin, append([]string{"access_token", r.secret}, tt.fields...)...)
			request := strings.Replace(handshake("Origin: "+tt.origin+"\r\n"), "/socket", "/socket?access_token="+ticket, 1)
			if res := readAnswer(t, r.raw(request)); res.StatusCode != tt.status {
				t.Errorf("%d %v", res.StatusCode, res.Header)
			}
		})
	}
}

// A stream outlives the ticket that opened it, and ends soon after the ticket's token
// was revoked.
func TestStreamsOutliveTickets(t *testing.T) {
	more := make(chan struct{})
	r := newTicketRig(t, token.Grant{}, rigConfig{answer: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for i := 0; ; i++ {
			_, _ = fmt.Fprintf(w, "data: %d\n", i)
			w.(http.Flusher).Flush()
			select {
			case <-more:
			case <-r.Context().Done():
				return
			}
		}
	}})
	ticket := r.ticket(trustedOrigin, "access_token", r.secret)
	res := r.ask("GET", "/events?access_token="+ticket, "Origin", trustedOrigin)
	lines := bufio.NewReader(res.Body)
	expectLine := func(want string) {
		t.Helper()
		if line, err := lines.ReadString('\n'); err != nil || line != want+"\n" {
			t.Fatalf("%q, %v", line, err)
		}
	}
	expectLine("data: 0")
	r.ahead.Store(int64(time.Hour))
	if late := r.ask("GET", "/events?access_token="+ticket, "Origin", trustedOrigin); late.StatusCode != http.StatusUnauthorized {
		t.Errorf("the ticket is still of use: %d", late.StatusCode)
	}
	time.Sleep(3 * StreamCheck) // it is judged again meanwhile, more than once
	more <- struct{}{}
	expectLine("data: 1")

	r.site.Grants = grants{}
	r.publish()
	expectEnd(t, "token revoked", lines)
}

// So does a stream that an envelope opened.
func TestRevocationEndsStreamsOfEnvelopes(t *testing.T) {
	r := newTicketRig(t, token.Grant{}, rigConfig{answer: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}})
	for _, w := range wrappings {
		res := r.enclose(w, "/events", "$httpMethod", "GET", "access_token", r.secret)
		if res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d", w.name, res.StatusCode)
		}
		r.site.Grants = grants{}
		r.publish()
		expectEnd(t, w.name, res.Body)
		r.site.Grants = r.tokens
		r.publish()
	}
}
