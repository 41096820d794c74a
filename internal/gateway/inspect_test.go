package gateway

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/internal/testkit/upstream"
	"github.com/crossgate/crossgate/token"
)

// remembers waits for the Inspector to have a number of exchanges, the newest of which
// it returns: an exchange ends a moment after its answer.
func (r *rig) remembers(n int) inspect.Exchange {
	r.t.Helper()
	for {
		if all := r.inspect.At(inspect.DefaultSite).List(inspect.Filter{}, 0, n+1); len(all) >= n {
			if len(all) > n {
				r.t.Fatalf("%d exchanges are remembered, want %d: %+v", len(all), n, all)
			}
			return all[0]
		}
		time.Sleep(time.Millisecond)
	}
}

// The Inspector is told of every exchange what became of it, and nothing secret.
func TestInspected(t *testing.T) {
	tokens := grants{}
	secret := tokens.mint(t, token.Grant{ID: "tok_7"})
	withTokens := func(s *gate.SiteConfig) { s.Grants = tokens }
	observing := func(s *gate.SiteConfig) { s.Grants, s.Policy.Mode = tokens, gate.Observe }
	page := []string{"Origin", trustedOrigin, "Sec-Fetch-Mode", "cors", "Sec-Fetch-Site", "cross-site"}
	answer := []inspect.Field{{Name: "Access-Control-Allow-Origin", Value: trustedOrigin}, {Name: "Access-Control-Expose-Headers", Value: "*"}, {Name: "Vary", Value: "Origin"}}
	refusal := []inspect.Field{{Name: "Access-Control-Allow-Origin", Value: trustedOrigin}, {Name: "Access-Control-Expose-Headers", Value: "Crossgate-Reason"}, {Name: "Vary", Value: "Origin"}}
	onlyVary := []inspect.Field{{Name: "Vary", Value: "Origin"}}
	for _, tt := range []struct {
		name   string
		rig    rigConfig
		method string
		target string
		body   string
		fields []string
		want   inspect.Exchange
	}{
		{
			"a GET with a token in the query",
			rigConfig{site: withTokens},
			"GET", "/a/b?x=y&access_token=" + secret, "", page,
			inspect.Exchange{
				Method: "GET", Effective: "GET", Path: "/a/b", Query: true, Carrier: inspect.Query, Origin: trustedOrigin, Outcome: inspect.Allowed,
				Verdict: inspect.VerdictTrusted, Reason: "trusted", DomainID: 1, Token: "tok_7", Status: 200, FetchMode: "cors", FetchSite: "cross-site",
				Answer: answer,
			},
		},
		{
			"an ordinary PATCH",
			rigConfig{site: withTokens},
			"PATCH", "/a", "{}",
			append([]string{"Authorization", "Bearer " + secret, "Content-Type", "application/json;charset=utf-8", "X-Custom", secret, "Cookie", "a=b"}, page...),
			inspect.Exchange{
				Method: "PATCH", Effective: "PATCH", Path: "/a", Origin: trustedOrigin, Outcome: inspect.Allowed, Verdict: inspect.VerdictTrusted,
				Reason: "trusted", DomainID: 1, Token: "tok_7", Status: 200, Headers: []string{"authorization", "content-type", "x-custom"},
				ContentType: "application/json", Cookie: true, FetchMode: "cors", FetchSite: "cross-site", Answer: answer,
			},
		},
		{
			"a PATCH in a form",
			rigConfig{site: withTokens},
			"POST", "/a",
			form("$httpMethod", "PATCH", "access_token", secret, "$httpHeaders", "X-Custom: a", "$ct", "application/json", "$body", "{}"),
			append([]string{"Content-Type", formType}, page...),
			inspect.Exchange{
				Method: "POST", Effective: "PATCH", Path: "/a", Carrier: inspect.Form, Origin: trustedOrigin, Outcome: inspect.Allowed,
				Verdict: inspect.VerdictTrusted, Reason: "trusted", DomainID: 1, Token: "tok_7", Status: 200, FetchMode: "cors", FetchSite: "cross-site",
				Answer: answer,
			},
		},
		{
			"JSON as text",
			rigConfig{site: withTokens},
			"POST", "/a?access_token=" + secret, "{}",
			append([]string{"Content-Type", "text/plain;charset=UTF-8"}, page...),
			inspect.Exchange{
				Method: "POST", Effective: "POST", Path: "/a", Query: true, Carrier: inspect.Text, Origin: trustedOrigin, Outcome: inspect.Allowed,
				Verdict: inspect.VerdictTrusted, Reason: "trusted", DomainID: 1, Token: "tok_7", Status: 200, ContentType: "application/json",
				FetchMode: "cors", FetchSite: "cross-site", Answer: answer,
			},
		},
		{
			"a preflight",
			rigConfig{},
			"OPTIONS", "/a", "",
			[]string{"Origin", trustedOrigin, "Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "content-type,x-custom"},
			inspect.Exchange{
				Method: "OPTIONS", Effective: "OPTIONS", Path: "/a", Origin: trustedOrigin, Outcome: inspect.Allowed, Verdict: inspect.VerdictTrusted,
				Reason: "trusted", DomainID: 1, Status: 204, Preflight: true, Requested: inspect.Intended{Method: "PUT", Headers: []string{"content-type", "x-custom"}},
				Answer: []inspect.Field{
					{Name: "Access-Control-Allow-Origin", Value: trustedOrigin},
					{Name: "Access-Control-Allow-Methods", Value: "GET, HEAD, POST, PUT, PATCH, DELETE"},
					{Name: "Access-Control-Allow-Headers", Value: "content-type,x-custom"},
					{Name: "Access-Control-Max-Age", Value: "7200"},
					{Name: "Vary", Value: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"},
				},
			},
		},
		{
			"an unknown token",
			rigConfig{site: withTokens},
			"GET", "/a?access_token=" + newToken(t).Reveal(), "", page,
			inspect.Exchange{
				Method: "GET", Effective: "GET", Path: "/a", Query: true, Carrier: inspect.Query, Origin: trustedOrigin, Outcome: inspect.Refused,
				Verdict: inspect.VerdictTrusted, Reason: gate.TokenUnknown, DomainID: 1, Status: 401, FetchMode: "cors", FetchSite: "cross-site", Answer: refusal,
			},
		},
		{
			"an untrusted origin",
			rigConfig{},
			"GET", "/a", "",
			[]string{"Origin", untrustedOrigin},
			inspect.Exchange{
				Method: "GET", Effective: "GET", Path: "/a", Origin: untrustedOrigin, Outcome: inspect.Refused, Verdict: inspect.VerdictRefused,
				Reason: gate.OriginNotTrusted, Status: 403, Answer: onlyVary,
			},
		},
		{
			"an untrusted origin that is only observed",
			rigConfig{site: observing},
			"GET", "/a", "",
			[]string{"Origin", untrustedOrigin},
			inspect.Exchange{
				Method: "GET", Effective: "GET", Path: "/a", Origin: untrustedOrigin, Outcome: inspect.Observed, Verdict: inspect.VerdictObserved,
				Reason: gate.OriginNotTrusted, Status: 200, Answer: onlyVary,
			},
		},
		{
			"no origin",
			rigConfig{},
			"GET", "/a", "", nil,
			inspect.Exchange{
				Method: "GET", Effective: "GET", Path: "/a", Outcome: inspect.Allowed, Verdict: inspect.VerdictNoOrigin, Reason: gate.ReasonNoOrigin, Status: 200,
			},
		},
		{
			"an upstream that is down",
			rigConfig{upstream: upstream.Closed(t)},
			"GET", "/a", "", page,
			inspect.Exchange{
				Method: "GET", Effective: "GET", Path: "/a", Origin: trustedOrigin, Outcome: inspect.Failed, Verdict: inspect.VerdictTrusted,
				Reason: "upstream-unreachable", DomainID: 1, Status: 502, FetchMode: "cors", FetchSite: "cross-site", Answer: refusal,
			},
		},
		{
			"another host",
			rigConfig{},
			"GET", "/a", "",
			[]string{"Host", "other.example", "Origin", trustedOrigin},
			inspect.Exchange{
				Method: "GET", Effective: "GET", Path: "/a", Host: "other.example", Origin: trustedOrigin, Outcome: inspect.Refused,
				Verdict: inspect.VerdictTrusted, Reason: gate.PublicURLUnset, DomainID: 1, Status: 421, Answer: refusal,
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, tt.rig)
			bodyOf(t, r.send(tt.method, tt.target, tt.body, tt.fields...))
			got := r.remembers(1)
			if tt.want.Host == "" {
				tt.want.Host = r.address()
			}
			tt.want.Scheme = "http"
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(inspect.Exchange{}, "ID", "Time", "Duration", "Site")); diff != "" {
				t.Errorf("differs (-want +got):\n%s", diff)
			}
		})
	}
}

// A preflight and the request behind it are joined; health checks are not remembered.
func TestInspectedTogether(t *testing.T) {
	r := newRig(t, rigConfig{})
	bodyOf(t, r.ask("GET", healthPath))
	bodyOf(t, r.ask("OPTIONS", "/a", "Origin", trustedOrigin, "Access-Control-Request-Method", "DELETE"))
	asked := r.remembers(1)
	bodyOf(t, r.ask("DELETE", "/a", "Origin", trustedOrigin))
	got := r.remembers(2)
	asked, _ = r.inspect.At(inspect.DefaultSite).Get(asked.ID)
	if got.Joined != asked.ID || asked.Joined != got.ID || got.Method != http.MethodDelete {
		t.Errorf("%s with %s, %s with %s", asked.ID, asked.Joined, got.ID, got.Joined)
	}
}
