package gateway

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/token"
)

// The dimensions of the matrix of envelopes, besides those of csrf_test.go.
var (
	envelopeTokens  = []string{"none", "body cgt", "body opaque", "header", "body and header", "body and query", "query"}
	envelopeMethods = []string{"GET", "PUT", "DELETE"}
)

// An envelopeCell is one envelope of the matrix.
type envelopeCell struct{ wrapping, method, token, origin, cookie, fetch string }

// An envelopeOutcome is what became of it.
type envelopeOutcome struct {
	Method        string // that the upstream saw; "": nothing reached it
	Authorization string
	Token         string // Crossgate-Token that the upstream saw
	Cookie        bool   // the upstream saw the cookie
	Credentials   bool   // the answer allows credentials
	SetCookie     bool   // the answer sets a cookie
}

// expectedOf states the rules once more, plainly and without the gate: an envelope is
// taken out where its page is trusted, a script sent it, and it has one token; a bare
// GET needs none. Nothing ambient goes up with it, and nothing comes down.
func expectedOf(c envelopeCell, opaque string) envelopeOutcome {
	site, mode, fromBrowser := strings.Cut(c.fetch, " ")
	mayCome := c.origin == "none" || c.origin == "trusted" || c.origin == "own" || c.origin == "null" && site == "same-origin"
	byScript := mode != "navigate" && mode != "no-cors"
	toldOrigin := c.origin != "none" || !fromBrowser
	oneToken := c.token != "body and header" && c.token != "body and query" && c.token != "query"
	enough := c.token != "none" || c.method == "GET"
	if !mayCome || !byScript || !toldOrigin || !oneToken || !enough {
		return envelopeOutcome{}
	}
	o := envelopeOutcome{Method: c.method}
	switch c.token {
	case "body cgt":
		o.Token = "tok_1"
	case "body opaque", "header":
		o.Authorization = "Bearer " + opaque
	}
	return o
}

// TestCSRFMatrixOfEnvelopes sends every cell, to an API whose policy lets credentials
// through, and compares. The number of envelopes that were taken out elsewhere than in
// the allowed cells must be 0.
func TestCSRFMatrixOfEnvelopes(t *testing.T) {
	tokens := grants{}
	secret := tokens.mint(t, token.Grant{ID: "tok_1", Subject: "matrix"})
	const opaque = "an-opaque-one"
	r := newRig(t, rigConfig{
		site: func(s *gate.SiteConfig) {
			s.Grants, s.Policy.Credentials = tokens, true
			s.PublicURLs = publicURLs(t, "https://api.example.com")
		},
		answer: func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Set-Cookie", "session=new") },
	})
	cells, taken := 0, 0
	for _, w := range wrappings {
		for _, c := range envelopeCells(w.name) {
			cells++
			r.api.Forget()
			target, fields, text := enclosedIn(c, w, secret, opaque)
			res := r.send("POST", target, text, fields...)
			_ = bodyOf(t, res)
			got, want := envelopeOutcomeOf(r, res), expectedOf(c, opaque)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", c, diff)
			}
			if got.Method != "" && want.Method == "" {
				taken++
			}
		}
	}
	t.Logf("%d cells, taken out elsewhere than in the allowed ones: %d", cells, taken)
	if taken > 0 || cells != 2520 {
		t.Errorf("%d cells, %d taken out elsewhere than in the allowed ones", cells, taken)
	}
}

func envelopeCells(wrapping string) (all []envelopeCell) {
	for _, method := range envelopeMethods {
		for _, token := range envelopeTokens {
			for _, origin := range cellOrigins {
				for _, cookie := range cellCookies {
					for _, fetch := range cellFetches {
						all = append(all, envelopeCell{wrapping, method, token, origin, cookie, fetch})
					}
				}
			}
		}
	}
	return all
}

// enclosedIn is the request of a cell.
func enclosedIn(c envelopeCell, w wrapping, secret, opaque string) (target string, fields []string, text string) {
	outer := cell{token: "none", origin: c.origin, cookie: c.cookie, contentType: w.contentType, fetch: c.fetch}
	if strings.HasSuffix(c.token, "header") {
		outer.token = "header"
	}
	if strings.HasSuffix(c.token, "query") {
		outer.token = "query opaque"
	}
	controls := []string{"$httpMethod", c.method}
	switch {
	case c.token == "body cgt":
		controls = append(controls, "access_token", secret)
	case strings.HasPrefix(c.token, "body"):
		controls = append(controls, "access_token", opaque)
	}
	if c.method != "GET" {
		controls = append(controls, "$ct", "application/json", "$body", "{}")
	}
	return cellTarget(outer, secret), cellFields(outer, opaque), w.write(controls...)
}

func envelopeOutcomeOf(r *rig, res *http.Response) envelopeOutcome {
	o := envelopeOutcome{
		Credentials: res.Header.Get("Access-Control-Allow-Credentials") != "",
		SetCookie:   res.Header.Get("Set-Cookie") != "",
	}
	for _, seen := range r.api.Seen() {
		o.Method = seen.Method
		o.Authorization = seen.Header.Get("Authorization")
		o.Token = seen.Header.Get("Crossgate-Token")
		o.Cookie = o.Cookie || seen.Header.Get("Cookie") != ""
	}
	return o
}

// TestMiddlewareAgrees sends the same cells through the middleware: the rules are one
// copy, and what each of the two does around them must come to the same.
func TestMiddlewareAgrees(t *testing.T) {
	tokens := grants{}
	secret := tokens.mint(t, token.Grant{ID: "tok_1", Subject: "matrix"})
	const opaque = "an-opaque-one"
	m, err := crossgate.New(crossgate.Config{
		TrustedDomains: []string{"app.example.com"}, PublicURLs: []string{"https://api.example.com"}, Credentials: true, Grant: tokens.Grant,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wrappings {
		for _, c := range envelopeCells(w.name) {
			target, fields, text := enclosedIn(c, w, secret, opaque)
			r := httptest.NewRequest("POST", target, strings.NewReader(text))
			r.Host = fields[1]
			for i := 2; i < len(fields); i += 2 {
				r.Header.Add(fields[i], fields[i+1])
			}
			var got envelopeOutcome
			answer := httptest.NewRecorder()
			m.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				got.Method, got.Authorization, got.Cookie = r.Method, r.Header.Get("Authorization"), r.Header.Get("Cookie") != ""
				if grant, ok := crossgate.GrantFrom(r.Context()); ok {
					got.Token = grant.ID
				}
				w.Header().Set("Set-Cookie", "session=new")
			})).ServeHTTP(answer, r)
			got.Credentials = answer.Header().Get("Access-Control-Allow-Credentials") != ""
			got.SetCookie = answer.Header().Get("Set-Cookie") != ""
			if diff := cmp.Diff(expectedOf(c, opaque), got); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", c, diff)
			}
		}
	}
}
