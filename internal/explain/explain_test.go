package explain_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/preflight"
	"github.com/crossgate/crossgate/trust"
)

const page = "https://app.example.com"

// headers makes headers of names and values that alternate.
func headers(text ...string) []preflight.Header {
	var all []preflight.Header
	for i := 0; i+1 < len(text); i += 2 {
		all = append(all, preflight.Header{Name: text[i], Value: text[i+1]})
	}
	return all
}

func address(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// The ladder: what can be left out first, the query last.
func TestAdvice(t *testing.T) {
	type request = preflight.Request
	tests := []struct {
		name    string
		request request
		want    string // codes, in order
	}{
		{"nothing to ask", request{Method: "POST", Body: preflight.BodyString}, ""},
		{"what throws says itself what to do", request{Body: preflight.BodyString}, ""},
		{"no-cors", request{Mode: preflight.ModeNoCORS}, "leave-no-cors"},
		{"reading with a token", request{Headers: headers("Authorization", "x")}, "same-origin max-age envelope ticket query-token"},
		{"JSON with a token", request{Method: "POST", Body: preflight.BodyString, Headers: headers("Authorization", "x", "Content-Type", "application/json; charset=utf-8")}, "same-origin max-age envelope query-token"},
		{"JSON without one", request{Method: "POST", Body: preflight.BodyString, Headers: headers("Content-Type", "application/json")}, "same-origin max-age envelope"},
		{"XML with a token", request{Method: "POST", Body: preflight.BodyString, Headers: headers("Authorization", "x", "Content-Type", "text/xml")}, "same-origin max-age envelope"},
		{"PATCH", request{Method: "PATCH", Headers: headers("Authorization", "x")}, "same-origin max-age envelope"},
		{"patch", request{Method: "patch"}, "write-method same-origin max-age envelope"},
		{"OPTIONS has no envelope", request{Method: "OPTIONS"}, "same-origin max-age"},
		{"a needless header", request{Headers: headers("X-Requested-With", "XMLHttpRequest")}, "drop-header same-origin max-age envelope"},
		{"a type of no body", request{Headers: headers("Content-Type", "application/json")}, "drop-header same-origin max-age envelope"},
		{"a value", request{Headers: headers("Accept", "(")}, "change-header same-origin max-age envelope"},
		{"a range", request{Headers: headers("Range", "bytes=-1")}, "change-header same-origin max-age envelope"},
		{"a listener", request{API: preflight.XHR, Method: "POST", Body: preflight.BodyBuffer, UploadListener: true}, "drop-listener same-origin max-age envelope"},
		{"a stream", request{Method: "POST", Body: preflight.BodyStream}, "send-buffer same-origin max-age"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := explain.Explain(explain.Question{Request: tt.request})
			if err != nil {
				t.Fatal(err)
			}
			if got := codes(t, a.Advice); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if a.Gateway != nil {
				t.Error("no gateway was asked")
			}
		})
	}
}

func codes(t *testing.T, advice []explain.Advice) string {
	t.Helper()
	var all []string
	for _, a := range advice {
		if a.Detail == "" {
			t.Errorf("%s says nothing", a.Code)
		}
		all = append(all, string(a.Code))
	}
	return strings.Join(all, " ")
}

func site(t *testing.T, change func(*gate.Policy)) *gate.Site {
	t.Helper()
	d, err := trust.ParseDomain("app.example.com")
	if err != nil {
		t.Fatal(err)
	}
	own, err := trust.ParseOrigin("https://api.example.com")
	if err != nil {
		t.Fatal(err)
	}
	p := gate.DefaultPolicy()
	change(&p)
	return gate.NewSite(gate.SiteConfig{PublicURLs: []trust.Origin{own}, Trusted: trust.NewSet([]trust.Entry{{Domain: d}}), Policy: p})
}

// The gateway part asks the gate: the origin, then what the preflight asks for.
func TestGateway(t *testing.T) {
	usual := func(*gate.Policy) {}
	strict := func(p *gate.Policy) { p.Methods, p.AnyHeader, p.Headers = []string{"GET"}, false, []string{"X-Known"} }
	tests := []struct {
		name    string
		policy  func(*gate.Policy)
		origin  string
		request preflight.Request
		want    gate.Code
		advice  string // the first
	}{
		{"trusted", usual, page, preflight.Request{Method: "PUT"}, gate.ReasonTrusted, "same-origin"},
		{"not trusted", usual, "https://evil.example", preflight.Request{}, gate.OriginNotTrusted, "trust-origin"},
		{"no origin", usual, "app.example.com", preflight.Request{}, gate.OriginMalformed, ""},
		{"null", usual, "null", preflight.Request{}, gate.OriginNull, ""},
		{"observing is no allowing", func(p *gate.Policy) { p.Mode = gate.Observe }, "https://evil.example", preflight.Request{}, gate.OriginNotTrusted, "trust-origin"},
		{"a method that is not granted", strict, page, preflight.Request{Method: "PUT"}, gate.MethodNotAllowed, "grant"},
		{"one that needs no preflight", strict, page, preflight.Request{Method: "POST"}, gate.MethodNotAllowed, "grant"},
		{"a method in lower case", usual, page, preflight.Request{Method: "patch"}, gate.MethodNotAllowed, "write-method"},
		{"a header that is not granted", strict, page, preflight.Request{Headers: headers("X-Other", "1")}, gate.HeaderNotAllowed, "grant"},
		{"one that is", strict, page, preflight.Request{Headers: headers("x-known", "1")}, gate.ReasonTrusted, "same-origin"},
		{"its own pages", strict, "https://api.example.com", preflight.Request{Method: "PUT"}, gate.ReasonOwn, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := explain.Explain(explain.Question{
				Request: tt.request, Origin: tt.origin, Target: address(t, "https://api.example.com/items"),
				Site: site(t, tt.policy), Now: time.Unix(1, 0),
			})
			if err != nil || a.Gateway == nil {
				t.Fatalf("%+v, %v", a, err)
			}
			if a.Gateway.Reason != tt.want {
				t.Errorf("got %q, want %q", a.Gateway.Reason, tt.want)
			}
			if granted := tt.want == gate.ReasonTrusted || tt.want == gate.ReasonOwn; a.Gateway.Allowed != granted {
				t.Errorf("allowed is %v", a.Gateway.Allowed)
			}
			if first, _, _ := strings.Cut(codes(t, a.Advice), " "); first != tt.advice {
				t.Errorf("advice %q, want %q", first, tt.advice)
			}
		})
	}
}

// What the request itself is refused for, once the origin is trusted.
func TestGatewayOnTheRequestItself(t *testing.T) {
	usual := func(*gate.Policy) {}
	text := preflight.Request{Method: "POST", Body: preflight.BodyString}
	tests := []struct {
		name, path string
		policy     func(*gate.Policy)
		request    preflight.Request
		want       gate.Code
	}{
		{"a token in the query", "?access_token=x", usual, preflight.Request{}, gate.ReasonTrusted},
		{"one of ours, which is not looked up", "?access_token=cgt_x", usual, preflight.Request{}, gate.ReasonTrusted},
		{"two tokens", "?access_token=x", usual, preflight.Request{Headers: headers("Authorization", "Bearer x")}, gate.TokenTwice},
		{"a method in the query", "?$httpMethod=PUT", usual, text, gate.OverrideOnGet},
		{"text that stands for JSON", "?access_token=x", usual, text, gate.ReasonTrusted},
		{"where JSON is not granted", "?access_token=x", func(p *gate.Policy) { p.AnyHeader, p.Headers = false, []string{"authorization"} }, text, gate.VirtualPreflight},
		{"a beacon with a token", "?access_token=x", usual, preflight.Request{Method: "POST", Body: preflight.BodyString, Mode: preflight.ModeNoCORS}, gate.Navigation},
		{"a token that is missing", "", func(p *gate.Policy) { p.TokenRequired = true }, preflight.Request{}, gate.TokenMissing},
		{"a token that is there", "", func(p *gate.Policy) { p.TokenRequired = true }, preflight.Request{Headers: headers("Authorization", "Bearer x")}, gate.ReasonTrusted},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := explain.Explain(explain.Question{
				Request: tt.request, Origin: page, Target: address(t, "https://api.example.com/items"+tt.path),
				Site: site(t, tt.policy), Now: time.Unix(1, 0),
			})
			if err != nil || a.Gateway == nil {
				t.Fatalf("%+v, %v", a, err)
			}
			if a.Gateway.Reason != tt.want || a.Gateway.Allowed != (tt.want == gate.ReasonTrusted) {
				t.Errorf("got %+v, want %q", a.Gateway, tt.want)
			}
		})
	}
}

// A page of the API's own origin has no CORS (Fetch standard, section 4.1).
func TestSameOrigin(t *testing.T) {
	tests := []struct {
		origin, target string
		want           bool
	}{
		{"https://a.example", "https://a.example/x", true},
		{"https://a.example", "https://a.example:443/x", true},
		{"http://a.example", "http://a.example:80", true},
		{"https://a.example:8443", "https://a.example:8443", true},
		{"https://a.example", "http://a.example", false},
		{"https://a.example", "https://a.example:8443", false},
		{"null", "https://a.example", false},
		{"", "https://a.example", false},
	}
	for _, tt := range tests {
		for _, mode := range []preflight.Mode{preflight.ModeCORS, preflight.ModeSameOrigin} {
			q := explain.Question{Request: preflight.Request{Method: "PUT", Mode: mode}, Origin: tt.origin, Target: address(t, tt.target)}
			a, err := explain.Explain(q)
			if err != nil {
				t.Fatal(err)
			}
			throws := mode == preflight.ModeSameOrigin && !tt.want
			if a.SameOrigin != tt.want || a.Preflight == tt.want && !throws || (a.Throws != "") != throws {
				t.Errorf("%s calls %s, mode %s: %+v", tt.origin, tt.target, mode, a)
			}
		}
	}
}

func TestShownURL(t *testing.T) {
	long := strings.Repeat("x", 65)
	tests := []struct{ address, want string }{
		{"https://a.example", "https://a.example"},
		{"https://ada:secret@a.example/x#secret", "https://a.example/x"},
		{"https://a.example/x?access_token=secret&page=2&flag", "https://a.example/x?access_token=…&page=…&flag"},
		{"https://a.example/cgt_secret/x", "https://a.example/…/x"},
		{"https://a.example/x%63gt_secret", "https://a.example/…"},
		{"https://a.example/?cgk_secret", "https://a.example/?…"},
		{"https://a.example/?" + long, "https://a.example/?…"},
		// A terminal takes U+009B for the beginning of a command, as it does ESC [.
		{"https://a\u009b2J.example/\u009b2J?\u009b2J=1&\xff", "https://a?2J.example/%C2%9B2J??2J=…&?"},
	}
	for _, tt := range tests {
		if got := explain.ShownURL(address(t, tt.address)); got != tt.want {
			t.Errorf("%s is shown as %s, want %s", tt.address, got, tt.want)
		}
	}
}
