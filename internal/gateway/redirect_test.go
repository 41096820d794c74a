package gateway

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/token"
)

// answerByHops redirects /N to /N-1 and answers at /0; /to redirects to what its
// query says, by a status before a plus sign or by 302.
func answerByHops(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/to" {
		status, location, found := strings.Cut(r.URL.RawQuery, "+")
		n, _ := strconv.Atoi(status)
		if !found {
			n, location = http.StatusFound, r.URL.RawQuery
		}
		w.Header().Set("Location", location)
		w.WriteHeader(n)
		return
	}
	n, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
	if n > 0 {
		http.Redirect(w, r, fmt.Sprintf("/%d", n-1), http.StatusSeeOther)
		return
	}
	_, _ = fmt.Fprintf(w, "arrived with %q and %q", r.Header.Get("Authorization"), r.Header.Get("Crossgate-Token"))
}

// Redirects of unwrapped requests are followed here, five of them and on the same
// upstream; those of ordinary requests are the browser's business (rule 9).
func TestRedirects(t *testing.T) {
	tokens := grants{}
	narrow := tokens.mint(t, token.Grant{ID: "tok_1", PathPrefix: "/1"})
	r := newRig(t, rigConfig{answer: answerByHops, site: func(s *gate.SiteConfig) { s.Grants = tokens }})
	origin := "http://" + r.address()
	for _, tt := range []struct {
		name     string
		method   string
		target   string
		status   int
		location string
		body     string
		upstream int // requests that the upstream saw
	}{
		{"followed", "GET", "/3?access_token=abc", 200, "", `arrived with "Bearer abc" and ""`, 4},
		{"five hops", "GET", "/5?access_token=abc", 200, "", `arrived with "Bearer abc" and ""`, 6},
		{"six hops", "GET", "/6?access_token=abc", 303, "/0", "", 6},
		{"HEAD", "HEAD", "/1?access_token=abc", 200, "", "", 2},
		{"ordinary", "GET", "/3", 303, "/2", "", 1},
		{"POST", "POST", "/3?access_token=abc", 502, "", "", 1},
		{"DELETE", "DELETE", "/3?access_token=abc", 502, "", "", 1},
		{"ordinary POST", "POST", "/3", 303, "/2", "", 1},
		{"out of the token's scope", "GET", "/1?access_token=" + narrow, 303, "/0", "", 1},
		{"to another server", "GET", "/to?http://other.example/a&access_token=abc", 302, "http://other.example/a", "", 1},
		{"to the upstream by name", "GET", "/to?" + r.upstream.String() + "/0", 302, origin + "/0", "", 1},
		{"to the upstream without a scheme", "GET", "/to?//" + r.upstream.Host + "/0%3Fq", 302, origin + "/0%3Fq", "", 1},
		{"to the upstream's root", "GET", "/to?" + r.upstream.String(), 302, origin + "/", "", 1},
		{"to a relative path", "GET", "/to?b/c", 302, "b/c", "", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r.api.Forget()
			res := r.ask(tt.method, tt.target)
			if res.StatusCode != tt.status || res.Header.Get("Location") != tt.location {
				t.Errorf("%d, Location %q, want %d, %q", res.StatusCode, res.Header.Get("Location"), tt.status, tt.location)
			}
			if got := bodyOf(t, res); tt.body != "" && got != tt.body {
				t.Errorf("body %q, want %q", got, tt.body)
			}
			if got := len(r.api.Seen()); got != tt.upstream {
				t.Errorf("the upstream saw %d requests, want %d", got, tt.upstream)
			}
			if tt.status == http.StatusBadGateway && res.Header.Get("Crossgate-Reason") != "redirect-blocked" {
				t.Errorf("reason %q", res.Header.Get("Crossgate-Reason"))
			}
		})
	}
}

// Behind an upstream with a path of its own, redirects within it lose it, and those
// that leave it are not followed.
func TestRedirectsBelowAPath(t *testing.T) {
	r := newRig(t, rigConfig{
		answer: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", r.URL.RawQuery)
			w.WriteHeader(http.StatusMovedPermanently)
		},
		site: func(s *gate.SiteConfig) { s.PublicURLs = publicURLs(t, "https://api.example.com") },
	})
	at := *r.upstream
	at.Path = "/v1"
	r.upstream = &at
	r.publish()
	base := "http://" + r.upstream.Host
	for _, tt := range []struct{ name, location, want string }{
		{"absolute", base + "/v1/a?b#c", "https://api.example.com/a?b#c"},
		{"the path itself", base + "/v1", "https://api.example.com/"},
		{"only a path", "/v1/a", "https://api.example.com/a"},
		{"outside", base + "/v2/a", base + "/v2/a"},
		{"outside by its path", "/v2/a", "/v2/a"},
		{"a longer name", "/v10/a", "/v10/a"},
		{"no open redirect", base + "/v1//evil.example/a", "https://api.example.com//evil.example/a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := readAnswer(t, r.raw("GET /x?"+strings.ReplaceAll(tt.location, "#", "%23")+" HTTP/1.1\r\nHost: api.example.com\r\n\r\n"))
			want := strings.ReplaceAll(tt.want, "#", "%23")
			if got := res.Header.Get("Location"); got != want {
				t.Errorf("Location %q, want %q", got, want)
			}
		})
	}
}
