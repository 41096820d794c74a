package crossgate

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/crossgate/crossgate/internal/gate"
)

// allFactsOf is factsOf without its short cuts.
func allFactsOf(r *http.Request) gate.Facts {
	h := r.Header
	f := gate.Facts{Method: r.Method, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Host: r.Host}
	f.Origin, f.Origins = first(h["Origin"])
	f.Authorization, f.Authorizations = first(h["Authorization"])
	f.ContentType, f.ContentTypes = first(h["Content-Type"])
	f.Referer, _ = first(h["Referer"])
	f.FetchSite, _ = first(h["Sec-Fetch-Site"])
	f.FetchMode, _ = first(h["Sec-Fetch-Mode"])
	f.Fetched = h["Sec-Fetch-Dest"] != nil || h["Sec-Fetch-User"] != nil
	f.RequestMethod, _ = first(h["Access-Control-Request-Method"])
	f.RequestHeaders = h["Access-Control-Request-Headers"]
	return f
}

// The short cuts of factsOf change no decision, and no edit that matters.
func TestFactsShortCuts(t *testing.T) {
	g, err := New(Config{
		TrustedDomains: []string{"app.example.com"},
		PublicURLs:     []string{"https://api.example.com"},
		RequestHeaders: []string{"authorization"},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := g.site.Load()
	random := rand.New(rand.NewPCG(5, 6))
	for range 100_000 {
		r := randomRequest(random)
		lazy, all := factsOf(r), allFactsOf(r)
		v, w := gate.Judge(s, &lazy), gate.Judge(s, &all)
		if v != w {
			t.Fatalf("%v %v: judged %+v, with all facts %+v", r.Method, r.Header, v, w)
		}
		e, f := gate.Plan(s, &lazy, v), gate.Plan(s, &all, w)
		if r.Header["Cookie"] == nil {
			f.DropCookie = e.DropCookie // there is none to drop
		}
		if e != f {
			t.Fatalf("%v %v %v: planned\n%+v\nwith all facts\n%+v", r.Method, r.URL, r.Header, e, f)
		}
	}
}

func randomRequest(random *rand.Rand) *http.Request {
	one := func(of ...string) string { return of[random.IntN(len(of))] }
	r := httptest.NewRequest(one("GET", "POST", "PUT", "OPTIONS"), "https://api.example.com/x"+one("", "?a=1", "?access_token=x", "?access_token=cgt_x", "?$httpMethod=PUT"), nil)
	for name, values := range map[string][]string{
		"Origin":                         {"", "https://app.example.com", "https://api.example.com", "https://evil.example", "null"},
		"Authorization":                  {"", "Bearer x", "Bearer cgt_x"},
		"Content-Type":                   {"", "text/plain", "application/json"},
		"Cookie":                         {"", "a=b"},
		"Referer":                        {"", "https://app.example.com/?access_token=x"},
		"Sec-Fetch-Site":                 {"", "same-origin", "cross-site"},
		"Sec-Fetch-Mode":                 {"", "cors", "no-cors", "navigate"},
		"Sec-Fetch-Dest":                 {"", "", "empty"},
		"Access-Control-Request-Method":  {"", "PUT"},
		"Access-Control-Request-Headers": {"", "authorization", "x-a"},
	} {
		if v := one(values...); v != "" {
			r.Header.Set(name, v)
		}
	}
	return r
}
