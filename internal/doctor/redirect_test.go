package doctor

import (
	"net/url"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
)

func mustURL(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

const open = "Access-Control-Allow-Origin: *"

// Methods, bodies and headers after a redirect: Fetch standard, section 4.4,
// "HTTP-redirect fetch".
func TestRedirectsRewrite(t *testing.T) {
	for _, c := range []struct {
		name, status, method string
		want                 string // method, content type, body
	}{
		{"301 POST", "301", "POST", "GET||"},
		{"302 POST", "302", "POST", "GET||"},
		{"303 POST", "303", "POST", "GET||"},
		{"303 PUT", "303", "PUT", "GET||"},
		{"301 PUT", "301", "PUT", "PUT|text/plain;charset=UTF-8|x"},
		{"302 PUT", "302", "PUT", "PUT|text/plain;charset=UTF-8|x"},
		{"307 POST", "307", "POST", "POST|text/plain;charset=UTF-8|x"},
		{"308 POST", "308", "POST", "POST|text/plain;charset=UTF-8|x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serveRaw(t, func(r seen) string {
				if r.method != "OPTIONS" && r.path == "/items" {
					return head(c.status+" X", open, "Location: /there")
				}
				return head("200 OK", open, "Access-Control-Allow-Methods: PUT")
			})
			q := ask(s)
			q.Send, q.Body, q.Request = true, []byte("x"), preflight.Request{Method: c.method, Body: preflight.BodyString}
			r := examine(t, q)
			all := s.all()
			last := all[len(all)-1]
			if got := last.method + "|" + last.field("Content-Type") + "|" + last.body; got != c.want || last.path != "/there" {
				t.Errorf("it ends with %s of %s, want %s", got, last.path, c.want)
			}
			if r.Verdict != explain.Readable {
				t.Errorf("verdict %s: %+v", r.Verdict, r.Findings)
			}
		})
	}
}

// An origin that a third place leads on is null, Authorization stays behind, and a
// preflight is sent again (Fetch standard, sections 2.2.5 and 4.4).
func TestRedirectToAnotherOrigin(t *testing.T) {
	grants := []string{"Access-Control-Allow-Headers: authorization,x-a"}
	third := serveRaw(t, func(seen) string { return head("200 OK", append(grants, "Access-Control-Allow-Origin: null")...) })
	first := serveRaw(t, func(r seen) string {
		fields := append(grants, "Access-Control-Allow-Origin: "+pageOrigin)
		if r.method == "GET" {
			return head("302 Found", append(fields, "Location: "+third.at("/next").String())...)
		}
		return head("204 No Content", fields...)
	})
	q := ask(first)
	q.Request.Headers = headers("Authorization", "Bearer secret", "X-A", "1")
	r := examine(t, q)
	var got []string
	for _, m := range third.all() {
		got = append(got, m.method+" "+m.field("Origin")+" "+m.field("Access-Control-Request-Headers"))
		if m.field("Authorization") != "" {
			t.Errorf("Authorization goes along:\n%s", m.head)
		}
	}
	if joined := strings.Join(got, "; "); joined != "OPTIONS null x-a; GET null " {
		t.Errorf("sent %q", joined)
	}
	if r.Verdict != explain.Readable {
		t.Errorf("verdict %s: %+v", r.Verdict, r.Findings)
	}
}

// Within one other origin the page's origin stays.
func TestRedirectWithinOrigin(t *testing.T) {
	s := serveRaw(t, func(r seen) string {
		if r.path == "/items" {
			return head("307 X", "Access-Control-Allow-Origin: "+pageOrigin, "Location: /there")
		}
		return head("200 OK", "Access-Control-Allow-Origin: "+pageOrigin)
	})
	examine(t, ask(s))
	if all := s.all(); len(all) != 2 || all[1].field("Origin") != pageOrigin {
		t.Errorf("sent %+v", all)
	}
}

// A browser stops where it may not go on.
func TestRedirectsEnd(t *testing.T) {
	for _, c := range []struct {
		name, answer string
		mode         explain.RedirectMode
		messages     int
		code         explain.FindingCode
	}{
		{"it lacks the headers", head("302 X", "Location: /a"), "", 1, explain.RedirectHidden},
		{"no address", head("302 X", open, "Location: http://["), "", 1, explain.RedirectLocation},
		{"another scheme", head("302 X", open, "Location: ftp://a.example/"), "", 1, explain.RedirectScheme},
		{"a password", head("302 X", open, "Location: http://ada:pw@127.0.0.1:1/"), "", 1, explain.RedirectCredentials},
		{"round and round", head("302 X", open, "Location: /a"), "", MaxRedirects + 1, explain.RedirectTooMany},
		{"redirect: error", head("302 X", open, "Location: /a"), explain.RedirectError, 1, explain.RedirectRefused},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serveRaw(t, func(seen) string { return c.answer })
			q := ask(s)
			q.Redirect = c.mode
			r := examine(t, q)
			if n := len(s.all()); n != c.messages {
				t.Errorf("%d messages, want %d", n, c.messages)
			}
			if f, _ := r.Fails(); f.Code != c.code || r.Verdict != explain.Blocked {
				t.Errorf("%s, first %+v, want %s", r.Verdict, f, c.code)
			}
		})
	}
}

// A status that is none of a redirect, and a redirect without Location, are answers.
func TestAnswersThatAreNoRedirects(t *testing.T) {
	for _, answer := range []string{head("304 X", open, "Location: /a"), head("302 X", open), head("201 X", open, "Location: /a")} {
		s := serveRaw(t, func(seen) string { return answer })
		if r := examine(t, ask(s)); r.Verdict != explain.Readable || len(s.all()) != 1 {
			t.Errorf("%q: %s after %d messages", answer, r.Verdict, len(s.all()))
		}
	}
}
