package doctor

import (
	"cmp"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/crossgate/crossgate"
	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
)

// An api is a server that decides by a function which origins it lets in, with a mistake
// or without.
type api struct {
	lets        func(origin string) bool
	answers     string // as Access-Control-Allow-Origin; "": the origin itself
	credentials bool
	noVary      bool // it never says Vary
	varyLate    bool // only to those whom it lets in
	noMaxAge    bool
	errorsBare  bool // errors lack the headers
	headBare    bool // HEAD does
	token       bool // it wants one, and says so in a bare 401
	noPreflight bool // OPTIONS is like all else
	flapping    int  // preflights so far, if they are to differ
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status := http.StatusOK
	switch {
	case r.URL.Path == noSuchPath:
		status = http.StatusNotFound
	case a.token && r.Method != http.MethodOptions && r.Header.Get("Authorization") != "Bearer good":
		status = http.StatusUnauthorized
	}
	bare := status >= 400 && a.errorsBare || r.Method == http.MethodHead && a.headBare
	if !bare {
		a.decorate(w.Header(), r)
	}
	w.WriteHeader(status)
}

func (a *api) decorate(h http.Header, r *http.Request) {
	origin := r.Header.Get("Origin")
	let := origin != "" && a.lets != nil && a.lets(origin) || a.answers != ""
	if !a.noVary && (let || !a.varyLate) {
		h.Set("Vary", "Origin")
	}
	if !let {
		return
	}
	h.Set("Access-Control-Allow-Origin", cmp.Or(a.answers, origin))
	if a.credentials {
		h.Set("Access-Control-Allow-Credentials", "true")
	}
	if r.Method == http.MethodOptions && !a.noPreflight {
		h.Set("Access-Control-Allow-Methods", "PUT, PATCH, DELETE")
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-A")
		if !a.noMaxAge {
			h.Set("Access-Control-Max-Age", "7200")
		}
		if a.flapping > 0 {
			a.flapping++
			h.Set("Access-Control-Max-Age", strings.Repeat("1", a.flapping))
		}
	}
}

func trusts(origin string) bool { return origin == pageOrigin }

// Servers with a mistake: each is named. Servers without one: nothing is.
func TestFaultsAreNamed(t *testing.T) {
	simple := preflight.Request{}
	asked := preflight.Request{Headers: headers("X-A", "1")}
	withToken := preflight.Request{Headers: headers("Authorization", "Bearer good")}
	pattern := regexp.MustCompile(`^https://app.example.com$`)
	for _, c := range []struct {
		name        string
		server      *api
		request     preflight.Request
		credentials bool
		want        string // codes of insecure and blocking findings, sorted
		verdict     explain.Outcome
	}{
		{"a list", &api{lets: trusts}, simple, false, "", explain.Readable},
		{"a list, with a preflight", &api{lets: trusts}, asked, false, "", explain.Readable},
		{"a list, with credentials", &api{lets: trusts, credentials: true}, asked, true, "", explain.Readable},
		{"a list, and a token", &api{lets: trusts, token: true}, withToken, false, "", explain.Readable},
		{"a family of hosts", &api{lets: func(o string) bool { return strings.HasPrefix(o, "https:") && strings.HasSuffix(o, ".example.com") }}, simple, false, "", explain.Readable},
		{"one origin for all", &api{answers: pageOrigin, noVary: true}, simple, false, "", explain.Readable},
		{"everybody", &api{answers: "*", noVary: true}, simple, false, "", explain.Readable},
		{"everybody, with a preflight", &api{answers: "*"}, asked, false, "", explain.Readable},

		{"reflects", &api{lets: func(string) bool { return true }}, simple, false, "null-allowed origin-reflected", explain.Readable},
		{"reflects, with credentials", &api{lets: func(string) bool { return true }, credentials: true}, asked, true, "null-allowed origin-reflected", explain.Readable},
		{"null", &api{lets: func(o string) bool { return o == pageOrigin || o == "null" }}, simple, false, "null-allowed", explain.Readable},
		{"begins with", &api{lets: func(o string) bool { return strings.HasPrefix(o, pageOrigin) && !strings.Contains(o, ":8443") }}, simple, false, "look-alike-allowed", explain.Readable},
		{"ends with", &api{lets: func(o string) bool { return strings.HasPrefix(o, "https:") && strings.HasSuffix(o, "example.com") }}, simple, false, "look-alike-allowed", explain.Readable},
		{"a dot is any character", &api{lets: pattern.MatchString}, simple, false, "look-alike-allowed", explain.Readable},
		{"any scheme", &api{lets: func(o string) bool { return trusts(o) || o == "http://app.example.com" }}, simple, false, "insecure-origin-allowed", explain.Readable},

		{"no Vary", &api{lets: trusts, noVary: true}, simple, false, "vary-missing", explain.Readable},
		{"Vary for the trusted alone", &api{lets: trusts, varyLate: true}, simple, false, "vary-missing", explain.Readable},
		{"bare errors", &api{lets: trusts, errorsBare: true}, simple, false, "error-hidden", explain.Readable},
		{"a bare 401", &api{lets: trusts, errorsBare: true, token: true}, withToken, false, "error-hidden", explain.Readable},
		{"a bare HEAD", &api{lets: trusts, headBare: true}, simple, false, "head-differs", explain.Readable},

		{"another origin", &api{answers: "https://other.example"}, simple, false, "allow-origin-mismatch", explain.Blocked},
		{"no preflight", &api{lets: trusts, noPreflight: true}, asked, false, "allow-headers-missing", explain.Blocked},
		{"a wildcard with credentials", &api{answers: "*", credentials: true}, simple, true, "allow-origin-wildcard", explain.Blocked},
		{"no credentials", &api{lets: trusts}, simple, true, "allow-credentials-missing", explain.Blocked},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := httptest.NewServer(c.server)
			t.Cleanup(s.Close)
			r := examine(t, Question{Origin: pageOrigin, Target: mustURL(t, s.URL+"/items"), Request: c.request, Credentials: c.credentials})
			if got := faults(r); got != c.want {
				t.Errorf("faults %q, want %q", got, c.want)
			}
			if r.Verdict != c.verdict {
				t.Errorf("verdict %s, want %s", r.Verdict, c.verdict)
			}
		})
	}
}

// faults are the codes of what is insecure and of what blocks everywhere, sorted.
func faults(r Report) string {
	var codes []string
	for _, f := range r.Findings {
		if f.Engines == nil && (f.Severity == explain.Insecure || f.Severity == explain.Blocks) {
			codes = append(codes, string(f.Code))
		}
	}
	slices.Sort(codes)
	return strings.Join(slices.Compact(codes), " ")
}

// Two servers behind one name that do not agree, and preflights that are asked for again
// and again.
func TestPreflightsAreRepeated(t *testing.T) {
	for _, c := range []struct {
		server *api
		want   explain.FindingCode
	}{
		{&api{lets: trusts, flapping: 1}, explain.PreflightUnstable},
		{&api{lets: trusts, noMaxAge: true}, explain.MaxAgeMissing},
	} {
		s := httptest.NewServer(c.server)
		t.Cleanup(s.Close)
		r := examine(t, Question{Origin: pageOrigin, Target: mustURL(t, s.URL), Request: preflight.Request{Method: "PUT"}})
		has := func(f explain.Finding) bool { return f.Code == c.want }
		if !slices.ContainsFunc(r.Findings, has) {
			t.Errorf("no %s: %+v", c.want, r.Findings)
		}
	}
}

// What an origin that an attacker can have looks like, for each kind of page.
func TestLookAlikes(t *testing.T) {
	for origin, want := range map[string][]string{
		"https://app.example.com": {
			"https://app.example.com.evil.example", "https://evilexample.com", "https://evilapp.example.com",
			"https://appxexample.com", "http://app.example.com", "https://app.example.com:8443",
		},
		"https://a.b.example.co.uk": {
			"https://a.b.example.co.uk.evil.example", "https://evilexample.co.uk", "https://evila.b.example.co.uk",
			"https://a.bxexample.co.uk", "http://a.b.example.co.uk", "https://a.b.example.co.uk:8443",
		},
		"https://example.com:444": {"https://example.com.evil.example:444", "https://evilexample.com:444", "http://example.com:444", "https://example.com:8443"},
		"http://localhost:3000":   {"http://localhost:8443"},
		"http://[::1]:3000":       {"http://[::1]:8443"},
		"null":                    nil,
		"file://":                 nil,
	} {
		var got []string
		for _, s := range lookAlikes(origin) {
			got = append(got, s.origin)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", origin, got, want)
		}
	}
}

// Crossgate itself comes out clean, whatever it is asked.
func TestCrossgateIsClean(t *testing.T) {
	gate, err := crossgate.New(crossgate.Config{TrustedDomains: []string{"app.example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(gate.Wrap(&api{noVary: true}))
	t.Cleanup(s.Close)
	for _, request := range []preflight.Request{
		{},
		{Method: "HEAD"},
		{Headers: headers("Authorization", "Bearer good", "X-A", "1")},
		{Method: "PATCH", Body: preflight.BodyString, Headers: headers("Content-Type", "application/json")},
		{Method: "POST", Body: preflight.BodyForm},
	} {
		r := examine(t, Question{Origin: pageOrigin, Target: mustURL(t, s.URL+"/items"), Request: request})
		if got := faults(r); got != "" || r.Verdict != explain.Readable {
			t.Errorf("%+v: %s, %q", request, r.Verdict, got)
		}
	}
}

// Probes send nothing that could change anything, follow no redirect, and take the token
// nowhere else.
func TestProbesAreHarmless(t *testing.T) {
	other := serveRaw(t, func(seen) string { return head("200 OK", open) })
	s := serveRaw(t, func(r seen) string {
		if r.field("Origin") != pageOrigin {
			return head("302 Found", "Location: "+other.url.String())
		}
		return head("200 OK", "Access-Control-Allow-Origin: "+pageOrigin, "Access-Control-Allow-Headers: authorization", "Vary: Origin")
	})
	q := ask(s)
	q.NoProbes, q.Request.Headers = false, headers("Authorization", "Bearer good")
	examine(t, q)
	if n := len(other.all()); n != 0 {
		t.Errorf("%d probes were led on", n)
	}
	for _, m := range s.all() {
		if !isSafe(m.method) || m.body != "" {
			t.Errorf("sent %s with %q", m.method, m.body)
		}
	}
}

// The answer to a method that was not sent is not known where GET's cannot be read.
func TestUnsentIsUnknown(t *testing.T) {
	s := serveRaw(t, func(r seen) string {
		if r.method == "OPTIONS" {
			return head("204 X", open, "Access-Control-Allow-Methods: PATCH")
		}
		return head("200 OK")
	})
	q := ask(s)
	q.Request.Method = "PATCH"
	r := examine(t, q)
	if r.Verdict != explain.Unknown || !r.Unsent {
		t.Errorf("%s", r.Verdict)
	}
	q.Send = true
	if r := examine(t, q); r.Verdict != explain.Blocked {
		t.Errorf("sent: %s", r.Verdict)
	}
}
