package crossgate_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate"
	"github.com/crossgate/crossgate/token"
)

const (
	formType      = "application/x-www-form-urlencoded"
	multipartType = "multipart/form-data; boundary=b"
)

// A wrapping is one way to write an envelope, of names and values in turn.
type wrapping struct {
	contentType string
	write       func(fields ...string) string
}

var wrappings = map[string]wrapping{"form": {formType, form}, "multipart": {multipartType, multipart}}

func form(fields ...string) string {
	var all []string
	for i := 0; i < len(fields); i += 2 {
		all = append(all, url.QueryEscape(fields[i])+"="+url.QueryEscape(fields[i+1]))
	}
	return strings.Join(all, "&")
}

// multipart makes of $ct the type of $body.
func multipart(fields ...string) string {
	contentType, text := "", ""
	for i := 0; i < len(fields); i += 2 {
		switch fields[i] {
		case "$ct":
			contentType = "\r\nContent-Type: " + fields[i+1]
			continue
		case "$body":
			text += "--b\r\nContent-Disposition: form-data; name=\"$body\"" + contentType + "\r\n\r\n" + fields[i+1] + "\r\n"
		default:
			text += "--b\r\nContent-Disposition: form-data; name=\"" + fields[i] + "\"\r\n\r\n" + fields[i+1] + "\r\n"
		}
	}
	return text + "--b--\r\n"
}

// post is a POST of a trusted page.
func post(target, contentType, body string, fields ...string) *http.Request {
	r := request("POST", target, page, append([]string{"Content-Type", contentType}, fields...)...)
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	return r
}

// The handler sees the request in an envelope, and nothing of the envelope.
func TestWrapTakesOutEnvelopes(t *testing.T) {
	g := newGate(t, crossgate.Config{Credentials: true})
	for name, w := range wrappings {
		t.Run(name, func(t *testing.T) {
			r := post("/v2/x?a=1", w.contentType, w.write("$httpMethod", "PATCH", "access_token", "T0ken", "$httpHeaders", "If-Match: \"1\"", "$ct", formType, "$body", "name=x&b=%26"),
				"Cookie", "session=1", "Content-Language", "de", "X-Http-Method-Override", "DELETE", "Digest", "x")
			var body string
			var parsed url.Values
			got := httptest.NewRecorder()
			g.Wrap(http.HandlerFunc(func(w http.ResponseWriter, s *http.Request) {
				if s.Form != nil || s.PostForm != nil || s.MultipartForm != nil {
					t.Error("a form was parsed before")
				}
				want := map[string]string{
					"Authorization": "Bearer T0ken", "If-Match": `"1"`, "Content-Type": formType, "Cookie": "", "Content-Language": "", "X-Http-Method-Override": "",
					"Content-Length": "12", "Digest": "",
				}
				for name, value := range want {
					if s.Header.Get(name) != value {
						t.Errorf("the handler saw %s: %q, want %q", name, s.Header.Get(name), value)
					}
				}
				if s.Method != "PATCH" || s.ContentLength != 12 || s.URL.RawQuery != "a=1" {
					t.Errorf("the handler saw %s %s, %d bytes", s.Method, s.URL, s.ContentLength)
				}
				text, err := io.ReadAll(s.Body)
				if err != nil {
					t.Error(err)
				}
				body = string(text)
				s.Body = io.NopCloser(strings.NewReader(body))
				if err := s.ParseForm(); err != nil {
					t.Error(err)
				}
				parsed = s.PostForm
				w.Header().Set("Set-Cookie", "a=b")
			})).ServeHTTP(got, r)
			if diff := cmp.Diff(url.Values{"name": {"x"}, "b": {"&"}}, parsed); diff != "" || body != "name=x&b=%26" {
				t.Errorf("the handler read %q: %s", body, diff)
			}
			if h := got.Header(); h.Get("Set-Cookie") != "" || h.Get("Access-Control-Allow-Credentials") != "" || h.Get("Access-Control-Allow-Origin") != page {
				t.Errorf("answered %v", h)
			}
			if r.Method != "POST" || r.Header.Get("Content-Type") != w.contentType || r.Header.Get("Cookie") == "" {
				t.Error("the request that came was changed")
			}
		})
	}
}

// What is no envelope is the handler's, byte for byte.
func TestWrapLeavesFormsAlone(t *testing.T) {
	g := newGate(t, crossgate.Config{})
	large := "a=" + strings.Repeat("x", 300_000)
	for name, r := range map[string]*http.Request{
		"a form":              post("/", formType, "a=1&$httpMethod=PUT"),
		"a large form":        post("/", formType, large),
		"a multipart form":    post("/", multipartType, multipart("a", "1", "$httpMethod", "PUT")),
		"another type":        post("/", "text/html", form("$httpMethod", "PUT")),
		"a compressed body":   post("/", formType, form("$httpMethod", "PUT"), "Content-Encoding", "gzip"),
		"a form that is sent": post("/", formType, "a=1", "Sec-Fetch-Mode", "navigate"),
	} {
		t.Run(name, func(t *testing.T) {
			want := r.Body
			text, err := io.ReadAll(want)
			if err != nil {
				t.Fatal(err)
			}
			r.Body = io.NopCloser(strings.NewReader(string(text)))
			_, s := do(g, r)
			if s.Request == nil || s.Method != "POST" || s.ContentLength != int64(len(text)) {
				t.Fatalf("the handler saw %+v", s.Request)
			}
			if got, err := io.ReadAll(s.Body); string(got) != string(text) || err != nil {
				t.Errorf("%d bytes of %d came: %v", len(got), len(text), err)
			}
		})
	}
}

// Refused envelopes do not reach the handler, and the page can read why.
func TestWrapRefusesEnvelopes(t *testing.T) {
	for _, tc := range []struct {
		name   string
		cfg    crossgate.Config
		fields []string
		outer  []string
		status int
		code   string
	}{
		{"no token", crossgate.Config{}, []string{"$httpMethod", "PUT"}, nil, 401, "token-missing"},
		{"no token, open", crossgate.Config{OpenEnvelopes: true}, []string{"$httpMethod", "PUT"}, nil, 200, ""},
		{"no token, to read", crossgate.Config{}, []string{"$httpMethod", "GET"}, nil, 200, ""},
		{"two tokens", crossgate.Config{}, []string{"$httpMethod", "PUT", "access_token", "T"}, []string{"Authorization", "Bearer T"}, 400, "token-twice"},
		{"a form", crossgate.Config{}, []string{"$httpMethod", "PUT", "access_token", "T"}, []string{"Sec-Fetch-Mode", "navigate"}, 403, "navigation"},
		{"another method", crossgate.Config{Methods: []string{"GET"}}, []string{"$httpMethod", "PUT", "access_token", "T"}, nil, 403, "virtual-preflight"},
		{"another header", crossgate.Config{RequestHeaders: []string{"Authorization"}}, []string{"$httpMethod", "PUT", "access_token", "T", "$httpHeaders", "X-A: b"}, nil, 403, "virtual-preflight"},
		{"a header of ours", crossgate.Config{}, []string{"$httpMethod", "PUT", "access_token", "T", "$httpHeaders", "Crossgate-Token: x"}, nil, 400, "control-malformed"},
		{"an unknown field", crossgate.Config{}, []string{"$httpMethod", "PUT", "a", "b"}, nil, 400, "control-malformed"},
		{"a token of ours that is not known", crossgate.Config{}, []string{"$httpMethod", "PUT", "access_token", "cgt_x"}, nil, 401, "token-unknown"},
	} {
		for name, w := range wrappings {
			t.Run(tc.name+", "+name, func(t *testing.T) {
				res, s := do(newGate(t, tc.cfg), post("/", w.contentType, w.write(tc.fields...), tc.outer...))
				if res.StatusCode != tc.status || res.Header.Get("Crossgate-Reason") != tc.code || res.Header.Get("Access-Control-Allow-Origin") != page {
					t.Errorf("%d %v", res.StatusCode, res.Header)
				}
				if (s.Request != nil) != (tc.status == 200) {
					t.Errorf("the handler saw %v", s.Request)
				}
			})
		}
	}
}

// A mistake at the end of a short envelope is found before the handler runs; that of a
// long one is an error of its body.
func TestWrapMistakesAtTheEnd(t *testing.T) {
	g := newGate(t, crossgate.Config{})
	head := multipart("$httpMethod", "PUT", "access_token", "T", "$body", "")
	head = strings.TrimSuffix(head, "\r\n--b--\r\n")
	for name, tc := range map[string]struct{ contentType, before, after string }{
		"form":      {formType, "$httpMethod=PUT&access_token=T&$body=", "&access_token=U"},
		"multipart": {multipartType, head, "\r\n--b--"},
	} {
		t.Run(name, func(t *testing.T) {
			res, s := do(g, post("/", tc.contentType, tc.before+"short"+tc.after))
			if res.StatusCode != 400 || res.Header.Get("Crossgate-Reason") != "control-malformed" || s.Request != nil {
				t.Errorf("short: %d %v", res.StatusCode, res.Header)
			}
			_, s = do(g, post("/", tc.contentType, tc.before+strings.Repeat("x", 100_000)+tc.after))
			if s.Request == nil {
				t.Fatal("long: the handler saw nothing")
			}
			if got, err := io.ReadAll(s.Body); err == nil || len(got) > 100_000 {
				t.Errorf("long: %d bytes and %v", len(got), err)
			}
		})
	}
}

// What goes wrong with reading a body is answered as what it is.
func TestWrapUnreadableBodies(t *testing.T) {
	g := newGate(t, crossgate.Config{})
	for name, tc := range map[string]struct {
		body io.Reader
		code string
	}{
		"too large": {http.MaxBytesReader(nil, io.NopCloser(strings.NewReader("$httpMethod=PUT")), 5), "body-too-large"},
		"broken":    {io.MultiReader(strings.NewReader("$http"), failing{errors.New("gone")}), "body-malformed"},
		"slow":      {io.MultiReader(strings.NewReader("$httpMethod=PUT&access_token=T&$body=x"), failing{timeout{}}), "body-slow"},
	} {
		t.Run(name, func(t *testing.T) {
			r := post("/", formType, "")
			r.Body, r.ContentLength = io.NopCloser(tc.body), -1
			res, s := do(g, r)
			if res.Header.Get("Crossgate-Reason") != tc.code || s.Request != nil {
				t.Errorf("%d %v", res.StatusCode, res.Header)
			}
		})
	}
}

// failing is a reader that fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

type timeout struct{}

func (timeout) Error() string { return "too late" }
func (timeout) Timeout() bool { return true }

// The answer to a HEAD in an envelope has no body and says no other length, so that the
// connection stays in order.
func TestWrapAnswersHeadInAnEnvelope(t *testing.T) {
	server := httptest.NewServer(newGate(t, crossgate.Config{}).Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "a.txt", time.Time{}, strings.NewReader("0123456789"))
		if r.Header.Get("X-Chatty") != "" {
			_, _ = io.WriteString(w, "more")
		}
	})))
	defer server.Close()
	for name, w := range wrappings {
		for _, headers := range []string{"X-Quiet: 1", "X-Chatty: 1"} {
			r, err := http.NewRequest("POST", server.URL, strings.NewReader(w.write("$httpMethod", "HEAD", "access_token", "T", "$httpHeaders", headers)))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", w.contentType)
			r.Header.Set("Origin", page)
			res, err := server.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			res.Body.Close()
			if err != nil || len(body) > 0 || res.StatusCode != 200 || res.ContentLength > 0 || res.Header.Get("Accept-Ranges") != "bytes" {
				t.Errorf("%s, %s: %v %q %v", name, headers, res, body, err)
			}
		}
	}
}

// A redirect of an unwrapped request that a browser could not follow as it was meant is
// refused; one of a GET is such that the browser does not repeat the envelope.
func TestWrapRedirects(t *testing.T) {
	g := newGate(t, crossgate.Config{})
	for _, tc := range []struct {
		name   string
		req    *http.Request
		answer int
		status int
	}{
		{"PUT in an envelope", post("/", formType, form("$httpMethod", "PUT", "access_token", "T")), 307, 502},
		{"GET in an envelope", post("/", formType, form("$httpMethod", "GET", "access_token", "T")), 308, 303},
		{"HEAD in an envelope", post("/", multipartType, multipart("$httpMethod", "HEAD")), 302, 303},
		{"POST as text", post("/?access_token=T", "text/plain", "{}"), 302, 502},
		{"GET by query", request("GET", "/?access_token=T", page), 301, 301},
		{"ordinary", post("/", formType, "a=1"), 307, 307},
		{"no redirect", post("/", formType, form("$httpMethod", "PUT", "access_token", "T")), 201, 201},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			g.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "https://other.example/a")
				w.Header().Set("Etag", `"1"`)
				w.WriteHeader(tc.answer)
				_, _ = io.WriteString(w, "here")
			})).ServeHTTP(w, tc.req)
			blocked := tc.status == 502
			if w.Code != tc.status || (w.Header().Get("Location") == "") != blocked || strings.Contains(w.Body.String(), "redirect-blocked") != blocked {
				t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
			}
			if blocked && (w.Header().Get("Access-Control-Expose-Headers") != "Crossgate-Reason" || w.Header().Get("Etag") != "") {
				t.Errorf("answered %v", w.Header())
			}
		})
	}
}

// tickets is a gate with a token and keys to make tickets of it.
func tickets(t *testing.T) (g *crossgate.Gate, secret string) {
	t.Helper()
	tok, err := token.Mint(nil)
	if err != nil {
		t.Fatal(err)
	}
	g = newGate(t, crossgate.Config{
		Grant:      func(d token.Digest) (*token.Grant, bool) { return &token.Grant{ID: "tok_1"}, d == tok.Digest() },
		TicketKeys: []token.TicketKey{{Secret: [token.TicketKeyBytes]byte{1}}},
	})
	return g, tok.Reveal()
}

func TestWrapTickets(t *testing.T) {
	g, secret := tickets(t)
	ask := func(fields ...string) string {
		t.Helper()
		res, s := do(g, post("/.crossgate/ticket", formType, form(append([]string{"access_token", secret}, fields...)...)))
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != 200 || s.Request != nil || res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("Access-Control-Allow-Origin") != page {
			t.Fatalf("%d %v %s", res.StatusCode, res.Header, body)
		}
		ticket, _, _ := strings.Cut(strings.TrimPrefix(string(body), `{"ticket":"`), `"`)
		return ticket
	}
	plain, socket := ask(), ask("websocket", "1")
	for _, tc := range []struct {
		name string
		req  *http.Request
		code string
	}{
		{"in use", request("GET", "/events?access_token="+plain, page), ""},
		{"of another page", request("GET", "/events?access_token="+plain, "https://x.example.org"), "token-not-for-origin"},
		{"of no page", request("GET", "/events?access_token="+plain, ""), "token-not-for-origin"},
		{"for a change", request("DELETE", "/events?access_token="+plain, page), "token-scope"},
		{"for a WebSocket", request("GET", "/events?access_token="+socket, page, "Connection", "Upgrade", "Upgrade", "websocket"), ""},
		{"not for a WebSocket", request("GET", "/events?access_token="+plain, page, "Connection", "Upgrade", "Upgrade", "websocket"), "token-scope"},
		{"in a header", request("GET", "/events", page, "Authorization", "Bearer "+plain), "token-unknown"},
		{"in an envelope", post("/", formType, form("$httpMethod", "GET", "access_token", plain)), "token-unknown"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res, s := do(g, tc.req)
			if res.Header.Get("Crossgate-Reason") != tc.code || (s.Request != nil) != (tc.code == "") {
				t.Fatalf("%d %v", res.StatusCode, res.Header)
			}
			if s.Request == nil {
				return
			}
			if grant, ok := crossgate.GrantFrom(s.Context()); !ok || grant.ID != "tok_1" || strings.Contains(fmt.Sprint(s.URL, s.Header, s.RequestURI), plain[:20]) {
				t.Errorf("the handler saw %v %v", s.URL, s.Header)
			}
		})
	}
}

// The endpoint of tickets answers what the gateway's does.
func TestWrapTicketsRefused(t *testing.T) {
	g, secret := tickets(t)
	body := form("access_token", secret)
	for _, tc := range []struct {
		name string
		req  *http.Request
		code string
	}{
		{"an untrusted page", request("POST", "/.crossgate/ticket", "https://evil.example"), "origin-not-trusted"},
		{"GET", request("GET", "/.crossgate/ticket", page), "method-unsupported"},
		{"JSON", post("/.crossgate/ticket", "application/json", "{}"), "control-malformed"},
		{"too much", post("/.crossgate/ticket", formType, body+strings.Repeat("&a", 16<<10)), "body-too-large"},
		{"a form that navigates", post("/.crossgate/ticket", formType, body, "Sec-Fetch-Mode", "navigate"), "navigation"},
		{"two tokens", post("/.crossgate/ticket?access_token=T", formType, body), "token-twice"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res, s := do(g, tc.req)
			if res.Header.Get("Crossgate-Reason") != tc.code || s.Request != nil {
				t.Errorf("%d %v", res.StatusCode, res.Header)
			}
			if tc.code == "method-unsupported" && res.Header.Get("Allow") != "POST" {
				t.Errorf("Allow: %q", res.Header.Get("Allow"))
			}
		})
	}
	preflight := request("OPTIONS", "/.crossgate/ticket", page, "Access-Control-Request-Method", "POST")
	if res, _ := do(g, preflight); res.StatusCode != 204 {
		t.Errorf("preflight: %d", res.StatusCode)
	}
}

// What the gate serves of its own it serves where its configuration says so; elsewhere
// the paths are the handler's.
func TestWrapServesItsOwn(t *testing.T) {
	serving := newGate(t, crossgate.Config{ServeClient: true, Methods: []string{"PUT"}})
	plain := newGate(t, crossgate.Config{})
	for _, path := range []string{"/.crossgate/client.js", "/.crossgate/worker.js"} {
		res, s := do(serving, request("GET", path, page))
		if s.Request != nil || res.Header.Get("Content-Type") != "text/javascript; charset=utf-8" || res.Header.Get("Access-Control-Allow-Origin") != page {
			t.Errorf("%s: %d %v", path, res.StatusCode, res.Header)
		}
		if res, _ := do(serving, request("GET", path, "https://evil.example")); res.StatusCode != 403 {
			t.Errorf("%s of an untrusted page: %d", path, res.StatusCode)
		}
		if res, _ := do(serving, request("POST", path, page)); res.StatusCode != 405 || res.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("POST %s: %d %v", path, res.StatusCode, res.Header)
		}
		if _, s := do(plain, request("GET", path, page)); s.Request == nil {
			t.Errorf("%s did not reach the handler", path)
		}
	}
	for _, path := range []string{"/.crossgate/ticket", "/.crossgate/client.ts", "/.crossgate/"} {
		if _, s := do(serving, request("PUT", path, page)); s.Request == nil {
			t.Errorf("%s did not reach the handler", path)
		}
	}
}

// Config.Observe hears of what the gate answers itself, too.
func TestObserveHearsOfTheGatesOwn(t *testing.T) {
	var got []string
	g := newGate(t, crossgate.Config{ServeClient: true, Observe: func(r *http.Request, d crossgate.Decision) {
		got = append(got, fmt.Sprint(r.Method, " ", d.Allowed, " ", d.Reason))
	}})
	do(g, request("GET", "/.crossgate/client.js", page))
	do(g, request("POST", "/.crossgate/client.js", page))
	do(g, post("/", formType, form("$httpMethod", "PUT")))
	want := []string{"GET true trusted", "POST false method-unsupported", "POST false token-missing"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTicketKeysAreChecked(t *testing.T) {
	_, err := crossgate.New(crossgate.Config{TicketKeys: make([]token.TicketKey, 2)})
	mistakes := crossgate.ConfigErrors(err)
	if len(mistakes) != 3 {
		t.Fatalf("%v", err)
	}
	for _, e := range mistakes {
		if e.Field != "TicketKeys" || e.Reason != crossgate.BadTicketKey {
			t.Errorf("%+v", e)
		}
	}
}
