package crossgate

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/envelope"
	"github.com/crossgate/crossgate/internal/gate"
)

const formType = "application/x-www-form-urlencoded"

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
	f.Upgrade = h["Upgrade"] != nil
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
		c := randomControls(random, r)
		e, f := gate.Plan(s, &lazy, v, c), gate.Plan(s, &all, w, c)
		if r.Header["Cookie"] == nil {
			f.DropCookie = e.DropCookie // there is none to drop
		}
		if e.Problem != nil && f.Problem != nil && e.Problem.Code == f.Problem.Code {
			f.Problem = e.Problem // with the same detail, it may be another value
		}
		if e != f {
			t.Fatalf("%v %v %v: planned\n%+v\nwith all facts\n%+v", r.Method, r.URL, r.Header, e, f)
		}
	}
}

// randomControls are those of an envelope, where a request's body can be one.
func randomControls(random *rand.Rand, r *http.Request) *envelope.Controls {
	if !mayHoldEnvelope(r) || random.IntN(4) == 0 {
		return nil
	}
	c := &envelope.Controls{Kind: envelope.Form, Method: []string{"GET", "PUT", "PURGE"}[random.IntN(3)]}
	switch random.IntN(3) {
	case 0:
		c.HasToken, c.Token = true, "x"
	case 1:
		c.HasToken, c.Token = true, "cgt_x"
	}
	return c
}

func randomRequest(random *rand.Rand) *http.Request {
	one := func(of ...string) string { return of[random.IntN(len(of))] }
	r := httptest.NewRequest(one("GET", "POST", "PUT", "OPTIONS"), "https://api.example.com/x"+one("", "?a=1", "?access_token=x", "?access_token=cgt_x", "?$httpMethod=PUT"), nil)
	if text := one("", "", "a=1", "$httpMethod=PUT&access_token=x&$body=y", "$httpMethod=GET", "$httpMethod=PUT&$httpMethod"); text != "" {
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
	}
	for name, values := range map[string][]string{
		"Origin":                         {"", "https://app.example.com", "https://api.example.com", "https://evil.example", "null"},
		"Authorization":                  {"", "Bearer x", "Bearer cgt_x"},
		"Content-Type":                   {"", "text/plain", "application/json", formType, formType},
		"Cookie":                         {"", "a=b"},
		"Referer":                        {"", "https://app.example.com/?access_token=x"},
		"Sec-Fetch-Site":                 {"", "same-origin", "cross-site"},
		"Sec-Fetch-Mode":                 {"", "cors", "no-cors", "navigate"},
		"Sec-Fetch-Dest":                 {"", "", "empty"},
		"Content-Encoding":               {"", "", "", "gzip"},
		"Upgrade":                        {"", "", "", "websocket"},
		"Access-Control-Request-Method":  {"", "PUT"},
		"Access-Control-Request-Headers": {"", "authorization", "x-a"},
	} {
		if v := one(values...); v != "" {
			r.Header.Set(name, v)
		}
	}
	return r
}

// The quick way answers to the byte what the long way does, or leaves it to that.
func TestQuickWay(t *testing.T) {
	for name, cfg := range map[string]Config{
		"plain":       {TrustedDomains: []string{"app.example.com"}, RequestHeaders: []string{"Authorization"}},
		"public URL":  {TrustedDomains: []string{"app.example.com"}, PublicURLs: []string{"https://api.example.com"}},
		"get only":    {TrustedDomains: []string{"app.example.com"}, Methods: []string{"GET"}},
		"credentials": {TrustedDomains: []string{"app.example.com"}, Credentials: true},
	} {
		t.Run(name, func(t *testing.T) {
			quick, err := New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			cfg.Observe = func(*http.Request, Decision) {} // whoever observes goes the long way
			long, err := New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			random, taken := rand.New(rand.NewPCG(7, 8)), 0
			for range 20_000 {
				r := randomRequest(random)
				text, err := io.ReadAll(r.Body)
				if err != nil {
					t.Fatal(err)
				}
				if quick.serveQuickly(quick.site.Load(), httptest.NewRecorder(), withText(r, text), http.NotFoundHandler()) {
					taken++
				}
				if a, b := answerOf(quick, withText(r, text)), answerOf(long, withText(r, text)); a != b {
					t.Fatalf("%s %v %v:\n%s\nthe long way:\n%s", r.Method, r.URL, r.Header, a, b)
				}
			}
			if (taken > 0) == cfg.Credentials {
				t.Errorf("%d requests took the quick way", taken)
			}
		})
	}
}

// withText returns a request with a body of its own.
func withText(r *http.Request, text []byte) *http.Request {
	out := *r
	if len(text) > 0 {
		out.Body = io.NopCloser(bytes.NewReader(text))
	}
	return &out
}

// answerOf is a gate's whole answer to a request, and what the handler saw of it.
func answerOf(g *Gate, r *http.Request) string {
	w := httptest.NewRecorder()
	g.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		fmt.Fprint(w, r.Method, r.URL, r.Header, r.ContentLength, string(body), err)
	})).ServeHTTP(w, r)
	return fmt.Sprint(w.Code, w.Header(), w.Body)
}
