package doctor

import (
	"strings"
	"testing"

	"github.com/crossgate/crossgate/preflight"
	"github.com/google/go-cmp/cmp"
)

// What Chromium 156 was seen to send to a server on loopback, from a page at
// http://localhost:7001, but for the word Headless. Host stands for the server's own.
const (
	chromiumGet = `GET /items HTTP/1.1
Host: HOST
Connection: keep-alive
sec-ch-ua-platform: "Linux"
User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36
sec-ch-ua: "Not:A-Brand";v="8", "Chromium";v="156"
sec-ch-ua-mobile: ?0
Accept: */*
Origin: http://localhost:7001
Sec-Fetch-Site: cross-site
Sec-Fetch-Mode: cors
Sec-Fetch-Dest: empty
Referer: http://localhost:7001/
Accept-Encoding: gzip, deflate, br, zstd
Accept-Language: en-US,en;q=0.9

`
	chromiumPreflight = `OPTIONS /items HTTP/1.1
Host: HOST
Connection: keep-alive
Accept: */*
Access-Control-Request-Method: PATCH
Access-Control-Request-Headers: authorization,content-type,x-b
Origin: http://localhost:7001
User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36
Sec-Fetch-Mode: cors
Sec-Fetch-Site: cross-site
Sec-Fetch-Dest: empty
Referer: http://localhost:7001/
Accept-Encoding: gzip, deflate, br, zstd
Accept-Language: en-US,en;q=0.9

`
	chromiumPatch = `PATCH /items HTTP/1.1
Host: HOST
Connection: keep-alive
Content-Length: 2
sec-ch-ua-platform: "Linux"
User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36
sec-ch-ua: "Not:A-Brand";v="8", "Chromium";v="156"
Content-Type: application/json
sec-ch-ua-mobile: ?0
X-B: 1
authorization: Bearer s
Accept: */*
Origin: http://localhost:7001
Sec-Fetch-Site: cross-site
Sec-Fetch-Mode: cors
Sec-Fetch-Dest: empty
Referer: http://localhost:7001/
Accept-Encoding: gzip, deflate, br, zstd
Accept-Language: en-US,en;q=0.9

`
)

// The bytes are Chromium's. (It hashes the names of a script's own headers to find their
// places; ours stand together.)
func TestBytesAreChromiums(t *testing.T) {
	s := serveRaw(t, func(seen) string {
		return head("200 OK", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: *", "Access-Control-Allow-Headers: authorization,content-type,x-b")
	})
	examine(t, Question{Origin: "http://localhost:7001", Target: s.url, NoProbes: true})
	examine(t, Question{
		Origin: "http://localhost:7001", Target: s.url, NoProbes: true, Send: true, Body: []byte("{}"),
		Request: preflight.Request{
			Method: "PATCH", Body: preflight.BodyString,
			Headers: headers("Content-Type", "application/json", "X-B", "1", "authorization", "Bearer s"),
		},
	})
	examine(t, Question{Origin: "http://localhost:7001", Target: s.url, NoProbes: true, Credentials: true})
	withCookies := strings.Replace(chromiumGet, "Dest: empty\n", "Dest: empty\nSec-Fetch-Storage-Access: none\n", 1)
	want := []string{chromiumGet, chromiumPreflight, chromiumPatch, withCookies}
	got := s.all()
	if len(got) != len(want) {
		t.Fatalf("%d requests, want %d", len(got), len(want))
	}
	for i, w := range want {
		w = strings.ReplaceAll(strings.ReplaceAll(w, "HOST", s.url.Host), "\n", "\r\n")
		if diff := cmp.Diff(w, got[i].head); diff != "" {
			t.Error(diff)
		}
	}
	if got[2].body != "{}" {
		t.Errorf("body %q", got[2].body)
	}
}

// The preflight has nothing of the request but what it asks: no credentials, no cookie,
// no body, and the names in lower case, sorted.
func TestPreflightAsksAndTellsNothing(t *testing.T) {
	s := serveRaw(t, func(seen) string { return head("204 No Content") })
	examine(t, Question{
		Origin: pageOrigin, Target: s.url, NoProbes: true, Send: true, Credentials: true, Body: []byte("secret"),
		Request: preflight.Request{
			Method: "PUT", Body: preflight.BodyString,
			Headers: headers("X-Zeta", "secret", "Authorization", "Bearer secret", "Cookie", "secret", "X-Alpha", "secret"),
		},
	})
	got := s.all()
	if len(got) != 1 {
		t.Fatalf("%d requests: the preflight was not granted, and PUT was sent", len(got))
	}
	if strings.Contains(got[0].head+got[0].body, "secret") {
		t.Errorf("the preflight tells a secret:\n%s", got[0].head)
	}
	if names := got[0].field("Access-Control-Request-Headers"); names != "authorization,x-alpha,x-zeta" {
		t.Errorf("it asks for %q", names)
	}
	if got[0].method != "OPTIONS" || got[0].field("Origin") != pageOrigin || got[0].field("Accept") != "*/*" {
		t.Errorf("the preflight is\n%s", got[0].head)
	}
}

// Only where Predict says so is there a preflight; of a page's own origin there is none,
// and no Origin with GET.
func TestWhenPreflightsAreSent(t *testing.T) {
	for _, c := range []struct {
		name    string
		origin  string // "": the server's own
		request preflight.Request
		want    string // methods, and whether they have an Origin
	}{
		{"a simple GET", pageOrigin, preflight.Request{}, "GET+"},
		{"a simple POST", pageOrigin, preflight.Request{Method: "POST", Body: preflight.BodyString}, "POST+"},
		{"a header", pageOrigin, preflight.Request{Headers: headers("X-A", "1")}, "OPTIONS+ GET+"},
		{"the page's own origin", "", preflight.Request{Headers: headers("X-A", "1")}, "GET-"},
		{"the page's own origin, DELETE", "", preflight.Request{Method: "DELETE"}, "DELETE+"},
		{"no-cors", pageOrigin, preflight.Request{Mode: preflight.ModeNoCORS, Headers: headers("X-A", "1")}, "GET-"},
		{"no-cors, POST", pageOrigin, preflight.Request{Mode: preflight.ModeNoCORS, Method: "POST"}, "POST+"},
		{"what a browser does not send", pageOrigin, preflight.Request{Method: "TRACE"}, ""},
		{"a body with GET", pageOrigin, preflight.Request{Body: preflight.BodyString}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serveRaw(t, func(seen) string {
				return head("200 OK", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: *", "Access-Control-Allow-Headers: *")
			})
			origin := c.origin
			if origin == "" {
				origin = "http://" + s.url.Host
			}
			examine(t, Question{Origin: origin, Target: s.url, Request: c.request, Send: true, NoProbes: true})
			var got []string
			for _, r := range s.all() {
				mark := "-"
				if r.field("Origin") != "" {
					mark = "+"
				}
				got = append(got, r.method+mark)
			}
			if joined := strings.Join(got, " "); joined != c.want {
				t.Errorf("sent %q, want %q", joined, c.want)
			}
		})
	}
}

// Sec-Fetch-* and client hints go only where nobody can listen in (Secure Contexts), and
// a page that came over TLS tells no other its address (strict-origin-when-cross-origin).
func TestFieldsByTrust(t *testing.T) {
	for _, c := range []struct{ origin, target, has, lacks string }{
		{"https://app.example.com", "https://api.example.com/", "Referer Sec-Fetch-Site sec-ch-ua", ""},
		{"http://app.example.com", "http://api.example.com/", "Referer", "Sec-Fetch-Site sec-ch-ua Sec-Fetch-Mode"},
		{"https://app.example.com", "http://api.example.com/", "Origin", "Referer Sec-Fetch-Site"},
		{"null", "https://api.example.com/", "Origin Sec-Fetch-Site", "Referer"},
	} {
		u := mustURL(t, c.target)
		m := pageOf(c.origin, u).requestOf(u, request{method: "GET"})
		for name := range strings.FieldsSeq(c.has) {
			if len(fieldsOf(m.fields, name)) != 1 {
				t.Errorf("%s to %s: no %s", c.origin, c.target, name)
			}
		}
		for name := range strings.FieldsSeq(c.lacks) {
			if len(fieldsOf(m.fields, name)) != 0 {
				t.Errorf("%s to %s: there is %s", c.origin, c.target, name)
			}
		}
	}
}

// Sites: Fetch Metadata, section 2.5, with schemes (HTML standard, "same site").
func TestSites(t *testing.T) {
	for _, c := range []struct {
		origin, target string
		want           site
	}{
		{"https://a.example.com", "https://a.example.com/x", sameOrigin},
		{"https://a.example.com", "https://a.example.com:443/x", sameOrigin},
		{"https://a.example.com", "https://b.example.com/x", sameSite},
		{"https://a.example.com", "http://b.example.com/x", crossSite},
		{"https://a.github.io", "https://b.github.io/", crossSite}, // a public suffix
		{"http://localhost:1", "http://localhost:2/", sameSite},
		{"http://127.0.0.1:1", "http://localhost:2/", crossSite},
		{"null", "https://a.example.com/", crossSite},
	} {
		if got := siteOf(c.origin, mustURL(t, c.target)); got != c.want {
			t.Errorf("%s calls %s: %s, want %s", c.origin, c.target, got, c.want)
		}
	}
}

// Addresses are read as browsers read them, and headers of one name go out as one.
func TestWhatBrowsersMakeOfIt(t *testing.T) {
	for address, want := range map[string]string{
		"HTTPS://API.Example.COM:8443/A": "https://api.example.com:8443/A",
		"https://b\u00fccher.example/":   "https://xn--bcher-kva.example/",
		"http://[::1]:80/":               "http://[::1]:80/",
		"http://127.0.0.1/":              "http://127.0.0.1/",
	} {
		if got := asBrowsersRead(mustURL(t, address)).String(); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	r := preflight.Request{Headers: headers("X-A", "1", "x-a", " 2 ")}
	made := requestFor(r, preflight.Prediction{Method: "GET"}, nil)
	if diff := cmp.Diff([][2]string{{"X-A", "1, 2"}}, made.headers); diff != "" {
		t.Error(diff)
	}
}
