package gateway

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/internal/testkit/upstream"
	"github.com/crossgate/crossgate/token"
)

// TestCanary sends one token down every route and error path, then searches
// everything that was written: it may appear in the upstream's Authorization and
// nowhere else, and Crossgate's own not even there.
func TestCanary(t *testing.T) {
	tokens := grants{}
	ours := tokens.mint(t, token.Grant{ID: "tok_1", Subject: "canary"})
	secrets := map[string]string{
		"valid":   ours,
		"unknown": newToken(t).Reveal(),
		"expired": tokens.mint(t, token.Grant{ID: "tok_2", Revoked: true}),
		"narrow":  tokens.mint(t, token.Grant{ID: "tok_3", Methods: []string{"GET"}, PathPrefix: "/b"}),
		"opaque":  "canary-of-the-upstream-0123456789",
	}
	for kind, secret := range secrets {
		t.Run(kind, func(t *testing.T) {
			for where, r := range canaryRigs(t, tokens, secret) {
				if r.api != nil {
					r.api.Forget()
				}
				answers := ""
				for _, request := range canaryRequests(secret) {
					answers += r.raw(request)
				}
				if err := r.flush(); err != nil {
					t.Error(err)
				}
				for what, text := range map[string]string{
					"answers": answers, "log": r.log.String(), "access log": r.access.String(), "upstream": upstreamSaw(r), "inspector": remembered(t, r),
				} {
					if i := strings.Index(text, secret); i >= 0 {
						t.Errorf("%s, %s: …%s…", where, what, text[max(0, i-200):min(len(text), i+len(secret)+20)])
					}
				}
				if len(r.inspect.At(inspect.DefaultSite).List(inspect.Filter{}, 0, 1)) == 0 || !strings.Contains(r.access.String(), "msg=request") {
					t.Errorf("%s: nothing was logged, so nothing was proved", where)
				}
			}
		})
	}
}

// canaryRigs are gateways before upstreams that do well, or fail in ways that could
// give the token away.
func canaryRigs(t *testing.T, tokens grants, secret string) map[string]*rig {
	t.Helper()
	site := func(s *gate.SiteConfig) { s.Grants = tokens }
	all := map[string]*rig{
		"echo":        newRig(t, rigConfig{site: site, answer: answerInSilence}),
		"unreachable": newRig(t, rigConfig{site: site, upstream: upstream.Closed(t)}),
		"not ready":   newRig(t, rigConfig{empty: true}),
		"broken": newRig(t, rigConfig{site: site, upstream: upstream.Raw(t, func(c net.Conn, r *bufio.Reader) {
			if _, err := upstream.ReadRequest(r); err == nil {
				_, _ = io.WriteString(c, "I do not like "+secret+"\r\n\r\n")
			}
		})}),
		"panic": newRig(t, rigConfig{site: site}),
	}
	if token.IsOurs(secret) { // the upstream's own token is its own parameter there
		all["query off"] = newRig(t, rigConfig{site: func(s *gate.SiteConfig) { s.Grants, s.Policy.QueryCarrier = tokens, gate.QueryOff }})
		all["observe"] = newRig(t, rigConfig{site: func(s *gate.SiteConfig) { s.Grants, s.Policy.Mode = tokens, gate.Observe }})
		all["exempt"] = newRig(t, rigConfig{site: func(s *gate.SiteConfig) {
			s.Grants, s.Policy.Exempt = tokens, []gate.ExemptPath{{Method: "GET", Path: "/"}, {Method: "POST", Path: "/"}}
		}})
	}
	proxy := all["panic"].Gateway.proxy
	proxy.Rewrite = nil
	proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic("with " + secret) }
	return all
}

// answerInSilence redirects as answerByHops does, but gives nothing away.
func answerInSilence(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/0" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	answerByHops(w, r)
}

// canaryRequests hold the token in every place, with everything else right and
// wrong.
func canaryRequests(secret string) []string {
	var all []string
	for _, query := range []string{
		"?access_token=%s", "?a=b&access_token=%s&c=d", "?access_token=Bearer+%s", "?access%%5Ftoken=%s",
		"?access_token=%[1]s&access_token=%[1]s", "?Access_Token=%s", "?access.token=%s", "?a;access_token=%s", "?access_token=%s%%zz",
	} {
		for _, method := range []string{"GET", "POST", "DELETE", "HEAD", "TRACE", "get"} {
			for _, origin := range []string{"", trustedOrigin, untrustedOrigin, "null"} {
				all = append(all, canaryRequest(method, "/3"+fmt.Sprintf(query, secret), origin, ""))
			}
		}
	}
	for _, fields := range []string{
		"Authorization: Bearer %s\r\n", "Authorization: bearer  %s\r\n", "Authorization: Bearer %[1]s\r\nAuthorization: Bearer %[1]s\r\n",
		"Referer: https://app.example.com/?access_token=%s\r\n", "Referer: https://app.example.com/?a=b&Access_Token=%s#x\r\n",
	} {
		for _, origin := range []string{"", trustedOrigin, untrustedOrigin} {
			all = append(all, canaryRequest("GET", "/0", origin, fmt.Sprintf(fields, secret)))
		}
	}
	all = append(all, canaryEnvelopes(secret)...)
	both := "Authorization: Bearer " + secret + "\r\n"
	return append(all,
		canaryRequest("GET", "/0?access_token="+secret, trustedOrigin, both),
		canaryRequest("OPTIONS", "/0?access_token="+secret, trustedOrigin, "Access-Control-Request-Method: GET\r\n"),
		canaryRequest("GET", healthPath+"?access_token="+secret, "", ""),
		canaryRequest("GET", "/.crossgate/none?access_token="+secret, trustedOrigin, ""),
		canaryRequest("GET", "/0?access_token="+secret, "", strings.Repeat("A: b\r\n", 140)),
		canaryRequest("GET", "/0?access_token="+secret, "", "Connection: authorization\r\n"),
		strings.Replace(canaryRequest("GET", "/0?access_token="+secret, trustedOrigin, ""), "Host: localhost", "Host: a.example", 1),
		canaryRequest("POST", "/0?access_token="+secret, trustedOrigin, "Transfer-Encoding: chunked\r\n")+"zz\r\n",
		canaryRequest("GET", "http://localhost/0?access_token="+secret, trustedOrigin, ""),
	)
}

// canaryEnvelopes hold the token in every field of an envelope and of the form of a
// ticket, where it belongs and where it does not.
func canaryEnvelopes(secret string) []string {
	var all []string
	for _, w := range wrappings {
		for _, fields := range [][]string{
			{"$httpMethod", "PUT", "access_token", secret, "$body", "x"},
			{"$httpMethod", "GET", "access_token", "Bearer " + secret},
			{"$httpMethod", "PURGE", "access_token", secret},
			{"$httpMethod", "PUT", "access_token", secret, "access_token", secret},
			{"$httpMethod", "PUT", "$body", "x", "access_token", secret},
			{"$httpMethod", "PUT", "access_token", secret, "$httpHeaders", "Host: a"},
			{"$httpMethod", "PUT", "access_token", secret + "\r\nX-A: b"},
			{"$httpMethod", "PUT", "access_token", secret + " " + secret},
			{"$httpMethod", "PUT", "access_token", secret, "more", "x"},
			{"$httpMethod", secret},
			{"$httpMethod", secret, "access_token", "T"},
			{"$httpMethod", "Bearer " + secret, "access_token", "T"},
			{"$httpMethod", "PUT", secret, "x"},
			{"$httpMethod", "PUT", "access_token", "T", "$httpHeaders", secret + ": x"},
			{"$httpMethod", "PUT", "access_token", "T", "$httpHeaders", secret},
			{"$httpMethod", "PUT", "access_token", "T", "$httpHeaders", "Authorization: Bearer " + secret},
			{"$httpMethod", "PUT", "access_token", "T", "$httpHeaders", "Referer: " + trustedOrigin + "/?access_token=" + secret},
			{"$httpMethod", "PUT", "access_token", "T", "$ct", "a/b\r\n" + secret, "$body", "x"},
		} {
			text := w.write(fields...)
			all = append(all,
				canaryPost("/0", "", w.contentType, text),
				canaryPost("/1", trustedOrigin, w.contentType, text),
				canaryPost("/0", untrustedOrigin, w.contentType, text),
				canaryPost(ticketPath+"?access_token="+secret, trustedOrigin, w.contentType, text),
				canaryPost("/0", trustedOrigin, w.contentType, text+"%"),
				canaryPost("/0", trustedOrigin, w.contentType, strings.TrimSuffix(text, "\r\n")+"&x=y"),
				strings.Replace(canaryPost("/0", trustedOrigin, w.contentType, text), "POST", "PUT", 1),
			)
		}
	}
	for _, fields := range [][]string{
		{"access_token", secret},
		{"access_token", secret, "url", "/a?b=c"},
		{"access_token", secret, "access_token", secret},
		{"access_token", secret, "url", "/?access_token=" + secret},
		{"access_token", secret, "method", secret},
		{"access_token", secret, "path_prefix", secret},
		{"access_token", secret, "websocket", secret},
		{"access_token", "T", secret, "x"},
		{secret, ""},
	} {
		for _, origin := range []string{"", trustedOrigin, untrustedOrigin, "null"} {
			all = append(all, canaryPost(ticketPath, origin, formType, form(fields...)))
		}
	}
	return all
}

func canaryPost(target, origin, contentType, body string) string {
	return canaryRequest("POST", target, origin, fmt.Sprintf("Content-Type: %s\r\nContent-Length: %d\r\n", contentType, len(body))) + body
}

func canaryRequest(method, target, origin, fields string) string {
	if origin != "" {
		fields += "Origin: " + origin + "\r\n"
	}
	return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n"
}

// remembered is everything that the Inspector holds, and what of it is written down.
func remembered(t *testing.T, r *rig) string {
	t.Helper()
	var all strings.Builder
	err := r.inspect.Flush(t.Context(), func(_ context.Context, _ int64, roll inspect.Rollup) error {
		_, err := fmt.Fprintf(&all, "%+v\n", roll)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for before := inspect.ID(0); ; {
		page := r.inspect.At(inspect.DefaultSite).List(inspect.Filter{}, before, inspect.MaxListed)
		if len(page) == 0 {
			break
		}
		_, _ = fmt.Fprintf(&all, "%+v\n", page)
		before = page[len(page)-1].ID
	}
	_, _ = fmt.Fprintf(&all, "%+v %+v %+v\n", r.inspect.At(inspect.DefaultSite).Series(inspect.LastDay), r.inspect.At(inspect.DefaultSite).SeenOrigins(), r.inspect.At(inspect.DefaultSite).Series(inspect.LastWeek))
	return all.String()
}

// upstreamSaw is everything that the upstream saw, but an Authorization that may be.
func upstreamSaw(r *rig) string {
	if r.api == nil {
		return ""
	}
	var all strings.Builder
	for _, seen := range r.api.Seen() {
		if !slices.ContainsFunc(seen.Header["Authorization"], func(v string) bool { return strings.Contains(v, "cgt_") }) {
			seen.Header.Del("Authorization")
		}
		_, _ = fmt.Fprintf(&all, "%+v\n", seen)
	}
	return all.String()
}
