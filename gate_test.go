package crossgate_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

const page = "https://app.example.com"

func newGate(t testing.TB, cfg crossgate.Config) *crossgate.Gate {
	t.Helper()
	if cfg.TrustedDomains == nil {
		cfg.TrustedDomains = []string{"app.example.com", "*.example.org"}
	}
	g, err := crossgate.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// seen is the request as the handler saw it, or nil where it saw none.
type seen struct{ *http.Request }

// do sends a request through a gate to a handler that answers "hello".
func do(g *crossgate.Gate, r *http.Request) (*http.Response, seen) {
	var s seen
	w := httptest.NewRecorder()
	g.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Request = r
		w.Header().Set("Set-Cookie", "session=1")
		w.Header().Set("Cache-Control", "public, max-age=60")
		fmt.Fprint(w, "hello")
	})).ServeHTTP(w, r)
	return w.Result(), s
}

func request(method, target, origin string, fields ...string) *http.Request {
	r := httptest.NewRequest(method, target, nil)
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	for i := 0; i < len(fields); i += 2 {
		r.Header.Add(fields[i], fields[i+1])
	}
	return r
}

// cors returns the fields of a response that are the gate's business.
func cors(h http.Header) http.Header {
	kept := http.Header{}
	for name, values := range h {
		if strings.HasPrefix(name, "Access-Control-") || name == "Vary" || name == "Crossgate-Reason" || name == "Www-Authenticate" {
			kept[name] = values
		}
	}
	return kept
}

func TestWrap(t *testing.T) {
	vary := []string{"Origin"}
	for _, tc := range []struct {
		name   string
		cfg    crossgate.Config
		req    *http.Request
		status int
		want   http.Header
	}{
		{"no origin", crossgate.Config{}, request("GET", "/", ""), 200, http.Header{"Vary": vary}},
		{"trusted", crossgate.Config{}, request("GET", "/", page), 200, http.Header{
			"Vary": vary, "Access-Control-Allow-Origin": {page}, "Access-Control-Expose-Headers": {"*"},
		}},
		{"untrusted", crossgate.Config{}, request("GET", "/", "https://evil.example"), 403, http.Header{"Vary": vary, "Crossgate-Reason": {"origin-not-trusted"}}},
		{"null", crossgate.Config{}, request("GET", "/", "null"), 403, http.Header{"Vary": vary, "Crossgate-Reason": {"origin-null"}}},
		{"untrusted preflight", crossgate.Config{}, request("OPTIONS", "/", "https://evil.example", "Access-Control-Request-Method", "PUT"), 403, http.Header{"Vary": vary, "Crossgate-Reason": {"origin-not-trusted"}}},
		{"preflight", crossgate.Config{}, request("OPTIONS", "/", page, "Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "authorization,x-a"), 204, http.Header{
			"Vary":                         {"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"},
			"Access-Control-Allow-Origin":  {page},
			"Access-Control-Allow-Methods": {"GET, HEAD, POST, PUT, PATCH, DELETE"},
			"Access-Control-Allow-Headers": {"authorization,x-a"},
			"Access-Control-Max-Age":       {"7200"},
		}},
		{"preflight, all set", crossgate.Config{Methods: []string{"PUT"}, RequestHeaders: []string{"X-A"}, MaxAge: -1, Credentials: true}, request("OPTIONS", "/", page, "Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "x-a"), 204, http.Header{
			"Vary":                             {"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"},
			"Access-Control-Allow-Origin":      {page},
			"Access-Control-Allow-Methods":     {"PUT"},
			"Access-Control-Allow-Headers":     {"x-a"},
			"Access-Control-Max-Age":           {"0"},
			"Access-Control-Allow-Credentials": {"true"},
		}},
		{"preflight refused, readable", crossgate.Config{RequestHeaders: []string{"X-A"}}, request("OPTIONS", "/", page, "Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "x-b"), 403, http.Header{
			"Vary": vary, "Access-Control-Allow-Origin": {page}, "Access-Control-Expose-Headers": {"Crossgate-Reason"}, "Crossgate-Reason": {"header-not-allowed"},
		}},
		{"plain OPTIONS is the handler's", crossgate.Config{}, request("OPTIONS", "/", page), 200, http.Header{
			"Vary": vary, "Access-Control-Allow-Origin": {page}, "Access-Control-Expose-Headers": {"*"},
		}},
		{"credentials", crossgate.Config{Credentials: true, ResponseHeaders: []string{"ETag", "X-Total"}}, request("GET", "/", page), 200, http.Header{
			"Vary": vary, "Access-Control-Allow-Origin": {page}, "Access-Control-Allow-Credentials": {"true"}, "Access-Control-Expose-Headers": {"ETag, X-Total"},
		}},
		{"token unknown, readable", crossgate.Config{}, request("GET", "/?access_token=cgt_x", page), 401, http.Header{
			"Vary": vary, "Access-Control-Allow-Origin": {page}, "Access-Control-Expose-Headers": {"Crossgate-Reason"}, "Crossgate-Reason": {"token-unknown"},
			"Www-Authenticate": {`Bearer realm="crossgate", error="invalid_token"`},
		}},
		{"unknown host", crossgate.Config{PublicURLs: []string{"https://api.example.com"}}, request("GET", "https://evil.example/", page), 421, http.Header{"Vary": vary, "Crossgate-Reason": {"host-unknown"}}},
		{"own origin", crossgate.Config{PublicURLs: []string{"https://api.example.com/"}}, request("POST", "https://api.example.com/", "https://api.example.com"), 200, http.Header{"Vary": vary}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res, s := do(newGate(t, tc.cfg), tc.req)
			if res.StatusCode != tc.status {
				t.Errorf("status %d, want %d", res.StatusCode, tc.status)
			}
			if (s.Request != nil) != (tc.status == 200) {
				t.Errorf("the handler saw %v", s.Request)
			}
			if diff := cmp.Diff(tc.want, cors(res.Header)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWrapUnwraps(t *testing.T) {
	r := request("POST", "/v2/x?a=1&access_token=T0ken&b=2", page,
		"Content-Type", "text/plain;charset=UTF-8", "Cookie", "session=1", "Referer", page+"/?access_token=T0ken")
	res, s := do(newGate(t, crossgate.Config{Credentials: true}), r)
	if res.StatusCode != 200 {
		t.Fatal(res.Status)
	}
	for name, want := range map[string]string{"Authorization": "Bearer T0ken", "Content-Type": "application/json", "Cookie": "", "Referer": page + "/"} {
		if got := s.Header.Get(name); got != want {
			t.Errorf("the handler saw %s: %q, want %q", name, got, want)
		}
	}
	if s.URL.RawQuery != "a=1&b=2" || s.RequestURI != "/v2/x?a=1&b=2" {
		t.Errorf("the handler saw %q, %q", s.URL.RawQuery, s.RequestURI)
	}
	if r.URL.RawQuery != "a=1&access_token=T0ken&b=2" || r.Header.Get("Cookie") == "" {
		t.Error("the request that came was changed")
	}
	for name, want := range map[string]string{
		"Set-Cookie": "", "Cache-Control": "private, max-age=60", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
		"Access-Control-Allow-Origin": page, "Access-Control-Allow-Credentials": "",
	} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("answered %s: %q, want %q", name, got, want)
		}
	}
}

// A token stays out of the form's values, too, where something before the gate has read them.
func TestWrapUnwrapsWhatWasParsed(t *testing.T) {
	gate := newGate(t, crossgate.Config{TrustedDomains: []string{"app.example.com"}})
	var seen url.Values
	h := gate.Wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		r.FormValue("a")
		seen = r.Form
	}))
	r := request("POST", "/?a=1&access_token=T0ken", page, "Content-Type", formType)
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader("b=2")), 3
	if err := r.ParseForm(); err != nil {
		t.Fatal(err)
	}
	h.ServeHTTP(httptest.NewRecorder(), r)
	if diff := cmp.Diff(url.Values{"a": {"1"}, "b": {"2"}}, seen); diff != "" {
		t.Error(diff)
	}
}

// A handler that writes nothing, hints early or flushes settles all the same.
func TestWrapSettlesWhateverTheHandlerDoes(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"writes nothing": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Set-Cookie", "a=b") },
		"early hints": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Set-Cookie", "a=b")
			w.WriteHeader(http.StatusEarlyHints)
			w.Header().Set("Set-Cookie", "c=d")
			w.WriteHeader(http.StatusOK)
		},
		"flushes": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Set-Cookie", "a=b")
			w.(http.Flusher).Flush()
		},
		"flushes by controller": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Set-Cookie", "a=b")
			_ = http.NewResponseController(w).Flush()
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(newGate(t, crossgate.Config{}).Wrap(h))
			defer server.Close()
			r, err := http.NewRequest("GET", server.URL+"/?access_token=x", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Origin", page)
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if res.Header.Get("Set-Cookie") != "" || res.Header.Get("Access-Control-Allow-Origin") != page {
				t.Errorf("answered %v", res.Header)
			}
		})
	}
}

func TestWrapCookies(t *testing.T) {
	for _, tc := range []struct {
		name string
		cfg  crossgate.Config
		req  *http.Request
		want string
	}{
		{"cross-origin", crossgate.Config{}, request("GET", "/", page, "Cookie", "a=b"), ""},
		{"cross-origin with credentials", crossgate.Config{Credentials: true}, request("GET", "/", page, "Cookie", "a=b"), "a=b"},
		{"embedded by another site", crossgate.Config{}, request("GET", "/", "", "Cookie", "a=b", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"), ""},
		{"a link from another site", crossgate.Config{}, request("GET", "/", "", "Cookie", "a=b", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"), "a=b"},
		{"no browser", crossgate.Config{}, request("GET", "/", "", "Cookie", "a=b"), "a=b"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, s := do(newGate(t, tc.cfg), tc.req)
			if got := s.Header.Get("Cookie"); got != tc.want {
				t.Errorf("the handler saw %q, want %q", got, tc.want)
			}
		})
	}
}

func TestGrant(t *testing.T) {
	tok, err := token.Mint(nil)
	if err != nil {
		t.Fatal(err)
	}
	g := newGate(t, crossgate.Config{Grant: func(d token.Digest) (*token.Grant, bool) {
		return &token.Grant{ID: "tok_1", Methods: []string{"GET"}}, d == tok.Digest()
	}})
	_, s := do(g, request("GET", "/?access_token="+tok.Reveal(), page))
	grant, ok := crossgate.GrantFrom(s.Context())
	if !ok || grant.ID != "tok_1" || s.Header.Get("Authorization") != "" {
		t.Errorf("the handler saw %+v, %v, Authorization %q", grant, ok, s.Header.Get("Authorization"))
	}
	if res, _ := do(g, request("POST", "/", page, "Authorization", "Bearer "+tok.Reveal())); res.Header.Get("Crossgate-Reason") != "token-scope" {
		t.Errorf("answered %v", res.Header)
	}
	if _, ok := crossgate.GrantFrom(t.Context()); ok {
		t.Error("a grant out of nothing")
	}
}

func TestGrantsEnd(t *testing.T) {
	tok, err := token.Mint(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name  string
		grant token.Grant
		want  string
	}{
		{"expired", token.Grant{Expires: time.Now().Add(-time.Second)}, "token-expired"},
		{"not yet expired", token.Grant{Expires: time.Now().Add(time.Hour)}, ""},
		{"revoked", token.Grant{Revoked: true}, "token-revoked"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := newGate(t, crossgate.Config{Grant: func(token.Digest) (*token.Grant, bool) { return &tc.grant, true }})
			res, _ := do(g, request("GET", "/?access_token="+tok.Reveal(), page))
			if got := res.Header.Get("Crossgate-Reason"); got != tc.want {
				t.Errorf("refused with %q, want %q", got, tc.want)
			}
		})
	}
}

func TestObserve(t *testing.T) {
	var got []string
	g := newGate(t, crossgate.Config{Observe: func(r *http.Request, d crossgate.Decision) {
		got = append(got, fmt.Sprintf("%s %v %s %s", r.Method, d.Allowed, d.Reason, d.Domain))
	}})
	do(g, request("GET", "/", ""))
	do(g, request("GET", "/", page))
	do(g, request("GET", "/", "https://evil.example"))
	do(g, request("GET", "/?access_token=", page))
	want := []string{"GET true trusted app.example.com", "GET false origin-not-trusted ", "GET false token-malformed app.example.com"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDecide(t *testing.T) {
	g := newGate(t, crossgate.Config{Methods: []string{"GET"}})
	for _, tc := range []struct {
		q    crossgate.Question
		want crossgate.Decision
	}{
		{crossgate.Question{Origin: page}, crossgate.Decision{Allowed: true, Reason: "trusted", Domain: "app.example.com"}},
		{crossgate.Question{Origin: page, Method: "GET", RequestHeaders: []string{"X-A"}}, crossgate.Decision{Allowed: true, Reason: "trusted", Domain: "app.example.com"}},
		{crossgate.Question{Origin: page, Method: "PUT"}, crossgate.Decision{Reason: "method-not-allowed", Domain: "app.example.com"}},
		{crossgate.Question{Origin: "http://app.example.com"}, crossgate.Decision{Reason: "origin-not-trusted", Nearest: "app.example.com", Differs: trust.DiffersScheme}},
		{crossgate.Question{Origin: "null"}, crossgate.Decision{Reason: "origin-null"}},
	} {
		got := g.Decide(tc.q)
		got.Detail = ""
		if got != tc.want {
			t.Errorf("%+v: %+v, want %+v", tc.q, got, tc.want)
		}
	}
}

func TestListChangesWhileRunning(t *testing.T) {
	g := newGate(t, crossgate.Config{})
	allowed := func(origin string) bool { return g.Decide(crossgate.Question{Origin: origin}).Allowed }
	if err := g.Trust("https://new.example.com/", "NEW.example.com"); err != nil {
		t.Fatal(err)
	}
	if !allowed("https://new.example.com") || !allowed(page) {
		t.Error("Trust did not add")
	}
	if want := []string{"app.example.com", "*.example.org", "new.example.com"}; !slices.Equal(g.TrustedDomains(), want) {
		t.Errorf("the list is %v, want %v", g.TrustedDomains(), want)
	}
	if err := g.Untrust("HTTPS://new.example.com", "never.there.example"); err != nil {
		t.Fatal(err)
	}
	if allowed("https://new.example.com") || !allowed(page) {
		t.Error("Untrust did not remove just that")
	}
	if err := g.Replace("only.example.com"); err != nil {
		t.Fatal(err)
	}
	if allowed(page) || !allowed("https://only.example.com") {
		t.Error("Replace did not replace")
	}
	if err := g.Trust("fine.example.com", "*", "*.com"); len(crossgate.ConfigErrors(err)) != 2 || allowed("https://fine.example.com") {
		t.Errorf("half of a list was added, or not all mistakes reported: %v", err)
	}
	if err := g.Replace("null"); err == nil || !allowed("https://only.example.com") {
		t.Error("a mistake replaced the list")
	}
	if err := g.Untrust("a/b"); err == nil {
		t.Error("Untrust takes anything")
	}
}

// Requests go on while the list changes, and each is decided by one list.
func TestConcurrentChanges(t *testing.T) {
	g := newGate(t, crossgate.Config{TrustedDomains: []string{"a.example", "b.example"}})
	var wg sync.WaitGroup
	stop := make(chan struct{})
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				_ = g.Replace("a.example", "b.example")
				_ = g.Replace("b.example", "a.example")
			}
		}
	})
	for range 4 {
		wg.Go(func() {
			for range 500 {
				if res, _ := do(g, request("GET", "/", "https://a.example")); res.StatusCode != 200 {
					t.Error(res.Status)
				}
			}
		})
	}
	time.AfterFunc(100*time.Millisecond, func() { close(stop) })
	wg.Wait()
}

func TestConfigMistakesAreReportedAllAtOnce(t *testing.T) {
	_, err := crossgate.New(crossgate.Config{
		TrustedDomains:  []string{"fine.example", "*", "a/b", "http://legacy.example", "*.github.io", "exаmple.com"},
		PublicURLs:      []string{"api.example.com", "app://x", "https://fine.example"},
		Methods:         []string{"get", "TRACE", "A B"},
		RequestHeaders:  []string{"X A"},
		ResponseHeaders: slices.Repeat([]string{"X"}, 129),
		MaxAge:          48 * time.Hour,
		QueryToken:      9,
	})
	var got []string
	for _, e := range crossgate.ConfigErrors(err) {
		got = append(got, e.Field+" "+string(e.Reason))
	}
	want := []string{
		"PublicURLs public-url", "PublicURLs public-url",
		"Methods method", "Methods method", "Methods method",
		"RequestHeaders header", "ResponseHeaders too-many-headers", "MaxAge max-age", "QueryToken query-token",
		"TrustedDomains entry-any", "TrustedDomains entry-path",
		"TrustedDomains insecure", "TrustedDomains public-suffix", "TrustedDomains look-alike",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if e, ok := errors.AsType[*trust.DomainError](err); !ok || e.Reason != trust.DomainAny {
		t.Errorf("the cause is %v", e)
	}
}

func TestDangerousOptions(t *testing.T) {
	_, err := crossgate.New(crossgate.Config{
		TrustedDomains:                  []string{"http://legacy.example", "capacitor://localhost", "*.github.io", "exаmple.com"},
		DangerouslyTrustInsecureOrigins: true,
		DangerouslyTrustPublicSuffixes:  true,
		DangerouslyTrustMixedScripts:    true,
	})
	if err != nil {
		t.Error(err)
	}
}

func TestZeroConfigTrustsNobody(t *testing.T) {
	g, err := crossgate.New(crossgate.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if res, s := do(g, request("GET", "/", page)); res.StatusCode != 403 || s.Request != nil {
		t.Error(res.Status)
	}
	if res, _ := do(g, request("GET", "/", "")); res.StatusCode != 200 {
		t.Error(res.Status)
	}
}

// A handler that appends to a field must not reach into another's memory.
func TestHeaderValuesAreApart(t *testing.T) {
	g := newGate(t, crossgate.Config{})
	w := httptest.NewRecorder()
	g.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Add("Access-Control-Allow-Origin", "x")
		h.Add("Vary", "y")
		h.Add("Access-Control-Expose-Headers", "z")
		h["Vary"][0] = "changed"
	})).ServeHTTP(w, request("GET", "/", page))
	want := http.Header{"Access-Control-Allow-Origin": {page, "x"}, "Vary": {"changed", "y"}, "Access-Control-Expose-Headers": {"*", "z"}}
	if diff := cmp.Diff(want, w.Header()); diff != "" {
		t.Error(diff)
	}
}

func TestOneAllocationAtMost(t *testing.T) {
	h := newGate(t, crossgate.Config{}).Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for name, r := range map[string]*http.Request{
		"no origin": request("GET", "/", ""),
		"trusted":   request("GET", "/?page=2", page),
		"untrusted": request("GET", "/", "https://evil.example"),
		"preflight": request("OPTIONS", "/", page, "Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "a,b,c,d,e"),
		"a flood":   request("OPTIONS", "/", page, "Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", strings.Repeat("a,", 50_000)),
	} {
		w := &discard{h: http.Header{}}
		if n := testing.AllocsPerRun(100, func() { clear(w.h); h.ServeHTTP(w, r) }); n > 1 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

type discard struct{ h http.Header }

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}
