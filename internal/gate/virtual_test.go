package gate

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/crossgate/crossgate/internal/envelope"
	"github.com/crossgate/crossgate/token"
)

// Rule 4 as a property: an unwrapped request is accepted if and only if the site's
// policy grants the preflight and the real request that it stands for. Here the request
// that is stood for comes first: it is carried in each way that can carry it, and sent as
// it is, preflight and all, by the oracle.

// virtualCases is how many requests the property is tried on.
const virtualCases = 1_000_000

// A call is a request that a page wants to make.
type call struct {
	origin  string
	method  string
	headers []envelope.Field // without content type and token
	content string           // Content-Type, "" for none
	body    bool
	token   string // "" for none
	carrier Carrier
}

// plans is [Plan], or a mutant of it.
type plans func(*Site, *Facts, Verdict, *envelope.Controls) Edits

func TestVirtualPreflight(t *testing.T) {
	var accepted, refused atomic.Int64
	var all sync.WaitGroup
	const workers = 4
	for worker := range workers {
		all.Go(func() {
			w := newVirtualWorld(t, uint64(worker))
			for range virtualCases / workers {
				c, got, want := w.try(Plan)
				if got != want {
					t.Errorf("%+v\nunwrapped and accepted: %v; its preflight and itself granted: %v\npolicy %+v", c, got, want, w.site.policy)
					return
				}
				if got {
					accepted.Add(1)
				} else {
					refused.Add(1)
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d accepted, %d refused, 0 differences", accepted.Load(), refused.Load())
	if accepted.Load() < virtualCases/20 || refused.Load() < virtualCases/20 {
		t.Error("one side is hardly tried: the cases prove little")
	}
}

// Each of these mistakes is found.
func TestVirtualPreflightCatchesMutants(t *testing.T) {
	with := func(change func(*Policy)) plans {
		return func(s *Site, f *Facts, v Verdict, c *envelope.Controls) Edits {
			lax := *s
			change(&lax.policy)
			return Plan(&lax, f, v, c)
		}
	}
	changed := func(change func(*envelope.Controls)) plans {
		return func(s *Site, f *Facts, v Verdict, c *envelope.Controls) Edits {
			if c == nil {
				return Plan(s, f, v, c)
			}
			other := *c
			change(&other)
			return Plan(s, f, v, &other)
		}
	}
	for name, mutant := range map[string]plans{
		"every header is granted":      with(func(p *Policy) { p.AnyHeader = true }),
		"every method is granted":      with(func(p *Policy) { p.Methods = append(slices.Clone(p.Methods), "PATCH", "DELETE") }),
		"the content type is overseen": changed(func(c *envelope.Controls) { c.ContentType = "" }),
		"long values are overseen": changed(func(c *envelope.Controls) {
			c.Fields = slices.DeleteFunc(slices.Clone(c.Fields), func(f envelope.Field) bool { return len(f.Value) > 128 })
		}),
		"methods are told apart without case": changed(func(c *envelope.Controls) { c.Method = strings.ToUpper(c.Method) }),
		"no token is required":                with(func(p *Policy) { p.TokenRequired = false }),
		"the token's scope is not asked": func(s *Site, f *Facts, v Verdict, c *envelope.Controls) Edits {
			e := Plan(s, f, v, c)
			if codeOf(e) == TokenScope {
				e.Problem = nil
			}
			return e
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newVirtualWorld(t, 7)
			for range virtualCases / 5 {
				if _, got, want := w.try(mutant); got != want {
					return
				}
			}
			t.Error("the property holds for this mutant, too")
		})
	}
}

// A virtualWorld makes sites and calls.
type virtualWorld struct {
	*rand.Rand
	t    testing.TB
	tok  token.Token
	site *Site
	made int
}

func newVirtualWorld(t testing.TB, seed uint64) *virtualWorld {
	tok, err := token.Mint(nil)
	if err != nil {
		t.Error(err)
	}
	return &virtualWorld{Rand: rand.New(rand.NewPCG(seed, 11)), t: t, tok: tok}
}

// try makes a call, and asks both ways.
func (w *virtualWorld) try(plan plans) (c call, got, want bool) {
	if w.made%200 == 0 {
		w.site = w.randomSite()
	}
	w.made++
	for {
		c = w.randomCall()
		if w.canCarry(c) {
			break
		}
	}
	f, controls := wrapped(c)
	e := plan(w.site, f, Judge(w.site, f), controls)
	return c, e.Problem == nil, w.grants(c)
}

func one[T any](w *virtualWorld, of ...T) T { return of[w.IntN(len(of))] }

func (w *virtualWorld) randomSite() *Site {
	return testSite(w.t, func(c *SiteConfig) {
		c.Policy.Methods = one(w, []string{"GET"}, []string{"GET", "POST"}, []string{"GET", "HEAD", "POST", "PATCH", "DELETE"}, []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}, []string{"PUT", "UNLOCK"})
		c.Policy.AnyHeader = w.IntN(2) == 0
		c.Policy.Headers = one(w, []string{"Authorization"}, []string{"authorization", "Content-Type", "If-Match"}, []string{"content-type", "accept", "range"}, nil)
		c.Policy.TokenRequired = w.IntN(4) == 0
		c.Policy.OpenEnvelopes = true // whether it asks for a token is rule 1, not rule 4
		c.Grants = grantMap{w.tok.Digest(): {ID: "tok_1", Methods: one(w, nil, []string{"GET"}, []string{"POST", "PATCH"}), PathPrefix: one(w, "", "/v2", "/v3")}}
	})
}

func (w *virtualWorld) randomCall() call {
	c := call{
		origin:  one(w, "https://app.example.com", "https://app.example.com", "https://app.example.com", "https://a.partner.example", "https://api.example.com", "", "https://evil.example", "null"),
		method:  one(w, "GET", "GET", "HEAD", "POST", "POST", "PUT", "PATCH", "PATCH", "DELETE", "OPTIONS", "UNLOCK", "patch"),
		content: one(w, "", "", "application/json", "text/plain", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "text/html", "Text/Plain; a=\"(\""),
		token:   one(w, "", "opaque", "opaque", w.tok.Reveal(), w.tok.Reveal(), "cgt_wrong"),
		carrier: one(w, Query, Text, Form, Form, Multipart),
	}
	for range w.IntN(3) {
		f := envelope.Field{
			Name:  one(w, "Accept", "Accept-Language", "Content-Language", "Range", "If-Match", "X-Requested-With", "accept", "DPR"),
			Value: one(w, "de", "*/*", "", "a(b", "bytes=0-9", "bytes=-9", strings.Repeat("x", 128), strings.Repeat("x", 129), "\xe9"),
		}
		if !slices.ContainsFunc(c.headers, func(have envelope.Field) bool { return strings.EqualFold(have.Name, f.Name) }) {
			c.headers = append(c.headers, f)
		}
	}
	c.body = c.method != "GET" && c.method != "HEAD" && w.IntN(2) == 0
	return c
}

// canCarry reports whether the carrier can stand for the call at all.
func (w *virtualWorld) canCarry(c call) bool {
	switch c.carrier {
	case Query: // headers beside the token, and the body's type, would have asked for a real preflight
		return c.token != "" && len(c.headers) == 0 && c.content == ""
	case Text:
		return c.token != "" && len(c.headers) == 0 && c.method == "POST" && c.content == "application/json"
	}
	return true
}

// wrapped is the call as its carrier carries it.
func wrapped(c call) (*Facts, *envelope.Controls) {
	switch c.carrier {
	case Query, Text:
		return from(c.method, c.origin, func(f *Facts) {
			f.RawQuery = "access_token=" + c.token
			if c.carrier == Text {
				f.ContentType, f.ContentTypes = "text/plain;charset=UTF-8", 1
			}
		}), nil
	}
	kind := envelope.Form
	if c.carrier == Multipart {
		kind = envelope.Multipart
	}
	f := from("POST", c.origin, func(f *Facts) {
		f.ContentType, f.ContentTypes = "application/x-www-form-urlencoded", 1
	})
	return f, &envelope.Controls{
		Kind: kind, Method: c.method, Token: c.token, HasToken: c.token != "", Fields: c.headers, ContentType: c.content, HasBody: c.body,
	}
}

// grants is the oracle: the origin is judged, the preflight is sent where a browser
// would send one, and then the call itself, its token in Authorization.
func (w *virtualWorld) grants(c call) bool {
	real := from(c.method, c.origin, func(f *Facts) {
		f.ContentType = c.content
		if c.token != "" {
			f.Authorization, f.Authorizations = "Bearer "+c.token, 1
		}
	})
	v := Judge(w.site, real)
	if v.Kind == Refused || c.method == "OPTIONS" {
		return false
	}
	names := naiveUnsafeNames(c)
	simple := len(names) == 0 && slices.Contains([]string{"GET", "HEAD", "POST"}, c.method)
	switch {
	case v.Kind != Trusted: // nothing is asked of servers and of own pages: the policy's methods and headers
		if w.site.Grants(c.method, []string{strings.Join(names, ",")}) != "" {
			return false
		}
	case !simple:
		asks := from("OPTIONS", c.origin, func(f *Facts) {
			f.RequestMethod, f.RequestHeaders = c.method, []string{strings.Join(names, ",")}
		})
		if !Plan(w.site, asks, Judge(w.site, asks), nil).Preflighted {
			return false
		}
	}
	return Plan(w.site, real, v, nil).Problem == nil
}

// naiveUnsafeNames states the Fetch standard's section 2.2.2 once more, slowly.
func naiveUnsafeNames(c call) []string {
	all := slices.Clone(c.headers)
	if c.content != "" {
		all = append(all, envelope.Field{Name: "content-type", Value: c.content})
	}
	if c.token != "" {
		all = append(all, envelope.Field{Name: "authorization", Value: "Bearer " + c.token})
	}
	var names []string
	for _, h := range all {
		if !naiveSafe(strings.ToLower(h.Name), h.Value) {
			names = append(names, strings.ToLower(h.Name))
		}
	}
	slices.Sort(names)
	return names
}

func naiveSafe(name, value string) bool {
	if len(value) > 128 {
		return false
	}
	hasUnsafeByte := strings.ContainsFunc(value, func(r rune) bool {
		return r < ' ' && r != '\t' || r == 0x7f || strings.ContainsRune(`"():<>?@[\]{}`, r)
	})
	switch name {
	case "accept":
		return !hasUnsafeByte
	case "accept-language", "content-language":
		return strings.Trim(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 *,-.;=") == ""
	case "content-type":
		essence, _, _ := strings.Cut(strings.ToLower(value), ";")
		return !hasUnsafeByte && slices.Contains([]string{"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}, essence)
	case "range":
		return value == "bytes=0-9"
	}
	return false
}
