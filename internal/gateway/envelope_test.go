package gateway

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/testkit/upstream"
	"github.com/crossgate/crossgate/token"
)

// An arrival is what the upstream saw of a request, as far as an envelope says it.
type arrival struct {
	Method, Target, Body string
	Length               int64 // -1: chunked
	Fields               map[string]string
}

// arrivalOf looks at the fields that a test asks about, and at all that describe a body.
func arrivalOf(seen upstream.Request, asked map[string]string) arrival {
	a := arrival{seen.Method, seen.Target, seen.Body, seen.ContentLength, map[string]string{}}
	for name, values := range seen.Header {
		_, wanted := asked[name]
		describes := strings.HasPrefix(name, "Content-") && name != "Content-Length" || strings.Contains(name, "Digest") ||
			name == "Expect" || name == "Trailer" || name == "Transfer-Encoding" || name == "Cookie" || name == "Authorization"
		if wanted || describes {
			a.Fields[name] = strings.Join(values, " | ")
		}
	}
	return a
}

// The upstream sees the request in the envelope, and nothing of the envelope.
func TestEnvelopes(t *testing.T) {
	r := newRig(t, rigConfig{site: func(s *gate.SiteConfig) { s.Policy.OpenEnvelopes = true }})
	const json = `{"name":"x & y","é":1}`
	for _, tt := range []struct {
		name   string
		fields []string
		outer  []string // fields beside those of a page
		want   arrival
	}{
		{
			"PATCH with everything",
			[]string{"$httpMethod", "PATCH", "access_token", "T", "$httpHeaders", "If-Match: \"1\"\r\nx-custom: a", "$ct", "application/json", "$body", json},
			nil,
			arrival{"PATCH", "/a?page=2", json, int64(len(json)), map[string]string{
				"Authorization": "Bearer T", "Content-Type": "application/json", "If-Match": `"1"`, "X-Custom": "a",
			}},
		},
		{
			"DELETE without a body",
			[]string{"$httpMethod", "DELETE", "access_token", "T"},
			nil,
			arrival{"DELETE", "/a?page=2", "", 0, map[string]string{"Authorization": "Bearer T"}},
		},
		{
			"PUT without a body",
			[]string{"$httpMethod", "PUT", "access_token", "Bearer T"},
			nil,
			arrival{"PUT", "/a?page=2", "", 0, map[string]string{"Authorization": "Bearer T"}},
		},
		{
			"GET with a header",
			[]string{"$httpMethod", "GET", "access_token", "T", "$httpHeaders", "Range: bytes=0-1"},
			nil,
			arrival{"GET", "/a?page=2", "", 0, map[string]string{"Authorization": "Bearer T", "Range": "bytes=0-1"}},
		},
		{
			"no token, of an open API",
			[]string{"$httpMethod", "POST", "$ct", "text/csv", "$body", "a,b"},
			nil,
			arrival{"POST", "/a?page=2", "a,b", 3, map[string]string{"Content-Type": "text/csv"}},
		},
		{
			"the ordinary token",
			[]string{"$httpMethod", "PUT", "$body", "x"},
			[]string{"Authorization", "Basic abc"},
			arrival{"PUT", "/a?page=2", "x", 1, map[string]string{"Authorization": "Basic abc"}},
		},
		{
			"an empty body",
			[]string{"$httpMethod", "PUT", "access_token", "T", "$ct", "text/plain", "$body", ""},
			nil,
			arrival{"PUT", "/a?page=2", "", 0, map[string]string{"Authorization": "Bearer T", "Content-Type": "text/plain"}},
		},
		{
			"what described the envelope goes",
			[]string{"$httpMethod", "PUT", "access_token", "T", "$httpHeaders", "Content-Language: de\r\nAccept: b/c", "$body", "x"},
			[]string{
				"Content-Language", "en", "Content-MD5", "Q2hlY2sgSW50ZWdyaXR5IQ==", "Content-Digest", "a", "Repr-Digest", "b", "Digest", "c",
				"Cookie", "session=victim", "Accept", "d/e", "Expect", "100-continue",
			},
			arrival{"PUT", "/a?page=2", "x", 1, map[string]string{"Authorization": "Bearer T", "Content-Language": "de", "Accept": "b/c"}},
		},
	} {
		for _, w := range wrappings {
			t.Run(w.name+", "+tt.name, func(t *testing.T) {
				r.api.Forget()
				fields := append([]string{"Origin", trustedOrigin, "Content-Type", w.contentType}, tt.outer...)
				res := r.send("POST", "/a?page=2", w.write(tt.fields...), fields...)
				if body := bodyOf(t, res); res.StatusCode != http.StatusOK {
					t.Fatalf("%d %s", res.StatusCode, body)
				}
				if diff := cmp.Diff(tt.want, arrivalOf(r.api.Last(t), tt.want.Fields)); diff != "" {
					t.Errorf("the upstream saw (-want +got):\n%s", diff)
				}
				if res.Header.Get("Access-Control-Allow-Origin") != trustedOrigin || res.Header.Get("Cache-Control") != "private" {
					t.Errorf("answered %v", res.Header)
				}
			})
		}
	}
}

// A request that usually has a body says that it has none (RFC 9110, section 8.6).
func TestEnvelopesWithoutABody(t *testing.T) {
	r := newRig(t, rigConfig{})
	for method, length := range map[string]string{"POST": "0", "PUT": "0", "PATCH": "0", "DELETE": "", "GET": "", "HEAD": ""} {
		for _, w := range wrappings {
			r.enclose(w, "/a", "$httpMethod", method, "access_token", "T")
			if seen := r.api.Last(t); seen.Method != method || seen.Header.Get("Content-Length") != length || len(seen.TransferEncoding) > 0 {
				t.Errorf("%s in a %s: the upstream saw %+v", method, w.name, seen)
			}
		}
	}
}

// Parts that some reader could take for others (RFC 7578) make no request: either the
// whole body is refused, or it goes up as the ordinary form that it is.
func TestMultipartTricks(t *testing.T) {
	r := newRig(t, rigConfig{})
	const (
		method = "--b\r\nContent-Disposition: form-data; name=\"$httpMethod\"\r\n\r\nDELETE\r\n"
		secret = "--b\r\nContent-Disposition: form-data; name=\"access_token\"\r\n\r\nT\r\n"
		end    = "--b--\r\n"
	)
	change := func(old, with string) string { return strings.Replace(method+secret+end, old, with, 1) }
	for _, tt := range []struct {
		name, body string
		refused    bool
	}{
		{"a preamble", "preamble\r\n" + method + secret + end, false},
		{"an empty line before", "\r\n" + method + secret + end, false},
		{"line feeds alone", strings.ReplaceAll(method+secret+end, "\r\n", "\n"), false},
		{"an epilogue", method + secret + end + "epilogue", true},
		{"another envelope behind", method + secret + end + method + secret + end, true},
		{"a transfer encoding", change("\r\n\r\nDELETE", "\r\nContent-Transfer-Encoding: base64\r\n\r\nREVMRVRF"), true},
		{"a type of a control", change("\r\n\r\nDELETE", "\r\nContent-Type: text/plain\r\n\r\nDELETE"), true},
		{"a file as a control", change("Method\"", "Method\"; filename=\"x\""), true},
		{"two names", change("Method\"", "Method\"; name=\"a\""), true},
		{"an extended name", change("Method\"", "Method\"; name*=UTF-8''a"), true},
		{"two dispositions", change("\r\n\r\nDELETE", "\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nDELETE"), true},
		{"a folded disposition", change("; name=\"$", ";\r\n name=\"$"), false},
		{"a blank after the boundary", change("--b\r\nContent-Disposition: form-data; name=\"access", "--b \r\nContent-Disposition: form-data; name=\"access"), true},
		{"a boundary within a line", change("DELETE\r\n--b", "DELETE --b"), true},
		{"a NUL", change("DELETE", "DELETE\x00"), true},
		{"no parts", end, false},
		{"the name in other case", change("$httpMethod", "$HTTPMETHOD"), false},
		{"the name with a blank", change("$httpMethod", "$httpMethod "), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r.api.Forget()
			res := r.send("POST", "/a", tt.body, "Origin", trustedOrigin, "Content-Type", multipartType)
			if tt.refused {
				if res.Header.Get("Crossgate-Reason") != "control-malformed" || len(r.api.Seen()) > 0 {
					t.Errorf("%d %s", res.StatusCode, bodyOf(t, res))
				}
				return
			}
			if seen := r.api.Last(t); seen.Method != "POST" || seen.Body != tt.body || seen.Header.Get("Content-Type") != multipartType || seen.Header.Get("Authorization") != "" {
				t.Errorf("the upstream saw %+v", seen)
			}
		})
	}
}

// What is no envelope goes up byte for byte.
func TestOrdinaryFormsAreLeftAlone(t *testing.T) {
	r := newRig(t, rigConfig{})
	method := form("$httpMethod", "PUT")
	for _, tt := range []struct {
		name, contentType, body string
		fields                  []string
	}{
		{"a form", formType, "a=1&access_token=T&$httpMethod=PUT", nil},
		{"an empty form", formType, "", nil},
		{"a key that begins so", formType, "$httpMethods=PUT", nil},
		{"a value that is the key", formType, "a=$httpMethod", nil},
		{"a multipart form", multipartType, multipart("a", "1", "$httpMethod", "PUT"), nil},
		{"no multipart at all", multipartType, "hello", nil},
		{"another type", "text/html", method, nil},
		{"no type", "", method, nil},
		{"another charset", formType + "; charset=utf-16", method, nil},
		{"two types", formType, method, []string{"Content-Type", "text/plain"}},
		{"compressed", formType, method, []string{"Content-Encoding", "identity"}},
		{"large", formType, "a=" + strings.Repeat("x", 200_000), nil},
		{"a form of a page", formType, "a=1", []string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Site", "same-origin"}},
	} {
		for _, chunked := range []bool{false, true} {
			t.Run(tt.name, func(t *testing.T) {
				r.api.Forget()
				req, err := http.NewRequestWithContext(t.Context(), "POST", r.server.URL+"/a", strings.NewReader(tt.body))
				if err != nil {
					t.Fatal(err)
				}
				if chunked {
					req.Body, req.ContentLength = io.NopCloser(strings.NewReader(tt.body)), -1
				}
				req.Header["Content-Type"] = []string{tt.contentType}
				if tt.contentType == "" {
					req.Header["Content-Type"] = nil
				}
				for i := 0; i < len(tt.fields); i += 2 {
					req.Header.Add(tt.fields[i], tt.fields[i+1])
				}
				res, err := r.server.Client().Do(req)
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close()
				seen := r.api.Last(t)
				if res.StatusCode != http.StatusOK || seen.Method != "POST" || seen.Body != tt.body || seen.Header.Get("Content-Type") != tt.contentType {
					t.Errorf("%d, the upstream saw %+v", res.StatusCode, seen)
				}
				if long := len(tt.body) > ChunkedBufferBytes; !(chunked && long) && seen.ContentLength != int64(len(tt.body)) {
					t.Errorf("it came with length %d", seen.ContentLength)
				}
			})
		}
	}
}

// Unwrapping is done once (rule 12): an envelope in an envelope goes up as the form that
// it is.
func TestUnwrappingOnce(t *testing.T) {
	for _, outer := range wrappings {
		for _, inner := range wrappings {
			t.Run(inner.name+" in "+outer.name, func(t *testing.T) {
				r := newRig(t, rigConfig{})
				text := strings.ReplaceAll(inner.write("$httpMethod", "DELETE", "access_token", "other"), "--b", "--inner")
				contentType := strings.Replace(inner.contentType, "=b", "=inner", 1)
				res := r.enclose(outer, "/a", "$httpMethod", "POST", "access_token", "T", "$ct", contentType, "$body", text)
				seen := r.api.Last(t)
				if res.StatusCode != http.StatusOK || seen.Method != "POST" || seen.Body != text || seen.Header.Get("Content-Type") != contentType {
					t.Errorf("%d, the upstream saw %+v", res.StatusCode, seen)
				}
			})
		}
	}
}

// A rejection is an envelope that is refused.
type rejection struct {
	name   string
	method string // "": POST
	target string // "": /a
	fields []string
	outer  []string
	status int
	code   string
}

// Each rule refuses by its code, and nothing goes up.
func TestEnvelopesRefused(t *testing.T) {
	tokens := grants{}
	reads := tokens.mint(t, token.Grant{ID: "tok_read", Methods: []string{"GET"}})
	r := newRig(t, rigConfig{site: func(s *gate.SiteConfig) { s.Grants = tokens }})
	put := []string{"$httpMethod", "PUT", "access_token", "T"}
	for _, tt := range []rejection{
		{name: "no token for a change", fields: []string{"$httpMethod", "PUT"}, status: 401, code: "token-missing"},
		{name: "no token for a header", fields: []string{"$httpMethod", "GET", "$httpHeaders", "X-A: b"}, status: 401, code: "token-missing"},
		{name: "a token beside Authorization", fields: put, outer: []string{"Authorization", "Bearer T"}, status: 400, code: "token-twice"},
		{name: "a token beside one in the query", target: "/a?access_token=T", fields: put, status: 400, code: "token-twice"},
		{name: "a token in the query alone", target: "/a?access_token=T", fields: []string{"$httpMethod", "PUT"}, status: 400, code: "control-malformed"},
		{name: "two tokens", fields: append(put, "access_token", "U"), status: 400, code: "token-twice"},
		{name: "a token that is no field value", fields: []string{"$httpMethod", "PUT", "access_token", "T T"}, status: 400, code: "token-malformed"},
		{name: "an empty token", fields: []string{"$httpMethod", "PUT", "access_token", ""}, status: 400, code: "token-malformed"},
		{name: "an unknown token of ours", fields: []string{"$httpMethod", "PUT", "access_token", newToken(t).Reveal()}, status: 401, code: "token-unknown"},
		{name: "a token for another method", fields: []string{"$httpMethod", "PUT", "access_token", reads}, status: 403, code: "token-scope"},
		{name: "on PUT", method: "PUT", fields: put, status: 400, code: "override-on-get"},
		{name: "the method in the query, too", target: "/a?$httpMethod=PUT", fields: put, status: 400, code: "override-on-get"},
		{name: "a form that navigates", fields: put, outer: []string{"Sec-Fetch-Mode", "navigate"}, status: 403, code: "navigation"},
		{name: "a beacon", fields: put, outer: []string{"Sec-Fetch-Mode", "no-cors"}, status: 403, code: "navigation"},
		{name: "TRACE", fields: []string{"$httpMethod", "TRACE", "access_token", "T"}, status: 403, code: "virtual-preflight"},
		{name: "a method in lower case", fields: []string{"$httpMethod", "patch", "access_token", "T"}, status: 403, code: "virtual-preflight"},
		{name: "no method", fields: []string{"$httpMethod", "", "access_token", "T"}, status: 400, code: "control-malformed"},
		{name: "a method with a blank", fields: []string{"$httpMethod", "PUT /b", "access_token", "T"}, status: 400, code: "control-malformed"},
		{name: "a method with a line end", fields: []string{"$httpMethod", "PUT\r\nX-A: b", "access_token", "T"}, status: 400, code: "control-malformed"},
		{name: "a GET with a body", fields: []string{"$httpMethod", "GET", "access_token", "T", "$body", "x"}, status: 400, code: "control-malformed"},
		{name: "an unknown field", fields: append(put, "more", "x"), status: 400, code: "control-malformed"},
		{name: "fields in another order", fields: []string{"$httpMethod", "PUT", "$httpHeaders", "X-A: b", "access_token", "T"}, status: 400, code: "control-malformed"},
		{name: "the method twice", fields: append(put, "$httpMethod", "DELETE"), status: 400, code: "control-malformed"},
		{name: "the body twice", fields: append(put, "$body", "x", "$body", "y"), status: 400, code: "control-malformed"},
		{name: "a token after the body", fields: []string{"$httpMethod", "PUT", "$body", "x", "access_token", "T"}, status: 401, code: "token-missing"},
		{name: "a header in two lines", fields: append(put, "$httpHeaders", "X-A: b\r\n c"), status: 400, code: "control-malformed"},
		{name: "a bare line feed", fields: append(put, "$httpHeaders", "X-A: b\nX-B: c"), status: 400, code: "control-malformed"},
		{name: "a header twice", fields: append(put, "$httpHeaders", "X-A: b\r\nx-a: c"), status: 400, code: "control-malformed"},
		{name: "a type with a line end", fields: append(put, "$ct", "text/plain\r\nX-A: b", "$body", "x"), status: 400, code: "control-malformed"},
	} {
		for _, w := range wrappings {
			t.Run(w.name+", "+tt.name, func(t *testing.T) { expectRejection(t, r, w, tt) })
		}
	}
}

// expectRejection sends an envelope that must be refused.
func expectRejection(t *testing.T, r *rig, w wrapping, tt rejection) {
	t.Helper()
	r.api.Forget()
	method, target := "POST", "/a"
	if tt.method != "" {
		method = tt.method
	}
	if tt.target != "" {
		target = tt.target
	}
	fields := append([]string{"Origin", trustedOrigin, "Content-Type", w.contentType}, tt.outer...)
	res := r.send(method, target, w.write(tt.fields...), fields...)
	body := bodyOf(t, res)
	if res.StatusCode != tt.status || res.Header.Get("Crossgate-Reason") != tt.code {
		t.Errorf("%d %s, want %d %s", res.StatusCode, body, tt.status, tt.code)
	}
	if res.Header.Get("Access-Control-Allow-Origin") != trustedOrigin || res.Header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("answered %v", res.Header)
	}
	if seen := r.api.Seen(); len(seen) > 0 {
		t.Errorf("the upstream saw %+v", seen)
	}
}

// Headers that an envelope may not set (rule 5), in whatever spelling.
func TestEnvelopesSmuggleNoHeader(t *testing.T) {
	r := newRig(t, rigConfig{})
	for _, name := range []string{
		"Host", "hOST", "Origin", "Cookie", "Authorization", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Keep-Alive",
		"TE", "Trailer", "Upgrade", "Expect", "Proxy-Authorization", "Proxy", "HTTP2-Settings", "Sec-Fetch-Mode", "Sec-WebSocket-Key", "Forwarded",
		"X-Forwarded-For", "X-Forwarded-User", "X-Real-IP", "X-HTTP-Method-Override", "X-Method-Override", "X-Original-URL", "X-Rewrite-URL",
		"Crossgate-Token", "crossgate-subject", "Remote-User", "Client-Cert", "X-SSL-Client-Cert", "Via", "Referer",
		"Access-Control-Request-Method", "X_Custom", "X.Custom", "Crossgate_Token", "A B", "", "X-Ä",
	} {
		for _, w := range wrappings {
			t.Run(w.name+", "+name, func(t *testing.T) {
				expectRejection(t, r, w, rejection{
					fields: []string{"$httpMethod", "PUT", "access_token", "T", "$httpHeaders", "X-Fine: 1\r\n" + name + ": x\r\n", "$body", "x"},
					status: 400, code: "control-malformed",
				})
			})
		}
	}
}

// The virtual preflight of an envelope asks for what the preflight would have asked for.
func TestEnvelopesStandUnderThePolicy(t *testing.T) {
	r := newRig(t, rigConfig{site: func(s *gate.SiteConfig) {
		s.Policy.Methods, s.Policy.AnyHeader, s.Policy.Headers = []string{"GET", "PUT"}, false, []string{"Authorization", "X-Granted"}
	}})
	for _, tt := range []struct {
		name   string
		fields []string
		code   string
	}{
		{"granted", []string{"$httpMethod", "PUT", "access_token", "T", "$httpHeaders", "x-granted: 1", "$ct", "text/plain", "$body", "x"}, ""},
		{"another method", []string{"$httpMethod", "DELETE", "access_token", "T"}, "virtual-preflight"},
		{"another header", []string{"$httpMethod", "PUT", "access_token", "T", "$httpHeaders", "X-Other: 1"}, "virtual-preflight"},
		{"a content type that needs a preflight", []string{"$httpMethod", "PUT", "access_token", "T", "$ct", "application/json", "$body", "{}"}, "virtual-preflight"},
	} {
		for _, w := range wrappings {
			t.Run(w.name+", "+tt.name, func(t *testing.T) {
				if res := r.enclose(w, "/a", tt.fields...); res.Header.Get("Crossgate-Reason") != tt.code {
					t.Errorf("%d %s", res.StatusCode, bodyOf(t, res))
				}
			})
		}
	}
}

// Unwrapping stays enforced where pages of other origins are let through.
func TestEnvelopesAreNotForEverybody(t *testing.T) {
	for name, site := range map[string]func(*gate.SiteConfig){
		"observe": func(s *gate.SiteConfig) { s.Policy.Mode = gate.Observe },
		"exempt":  func(s *gate.SiteConfig) { s.Policy.Exempt = []gate.ExemptPath{{Method: "POST", Path: "/a"}} },
	} {
		r := newRig(t, rigConfig{site: site})
		for _, w := range wrappings {
			t.Run(name+", "+w.name, func(t *testing.T) {
				res := r.send("POST", "/a", w.write("$httpMethod", "PUT", "access_token", "T"), "Origin", untrustedOrigin, "Content-Type", w.contentType)
				if res.StatusCode != http.StatusForbidden || len(r.api.Seen()) > 0 {
					t.Errorf("%d", res.StatusCode)
				}
				res = r.send("POST", "/a", "a=1", "Origin", untrustedOrigin, "Content-Type", formType)
				if res.StatusCode != http.StatusOK || r.api.Last(t).Body != "a=1" {
					t.Errorf("an ordinary form: %d", res.StatusCode)
				}
				r.api.Forget()
			})
		}
	}
}

// Answers of all kinds fit into the answer to a POST.
func TestAnswersToEnvelopes(t *testing.T) {
	for _, tls := range []bool{false, true} {
		r := newRig(t, rigConfig{tls: tls, answer: answerLikeAnAPI})
		for _, tt := range []struct {
			name   string
			target string
			fields []string
			status int
			body   string
		}{
			{"HEAD", "/things", []string{"$httpMethod", "HEAD", "access_token", "T"}, 200, ""},
			{"HEAD of a range", "/range", []string{"$httpMethod", "HEAD", "access_token", "T"}, 200, ""},
			{"GET", "/things", []string{"$httpMethod", "GET", "access_token", "T"}, 200, "[]\n"},
			{"a range", "/range", []string{"$httpMethod", "GET", "access_token", "T", "$httpHeaders", "Range: bytes=2-3"}, 206, "23"},
			{"not modified", "/unchanged", []string{"$httpMethod", "GET", "access_token", "T", "$httpHeaders", "If-None-Match: \"1\""}, 304, ""},
			{"no content", "/gone", []string{"$httpMethod", "DELETE", "access_token", "T"}, 204, ""},
		} {
			for _, w := range wrappings {
				t.Run(tt.name+", "+w.name, func(t *testing.T) {
					for range 2 { // the second on the same connection, if the first left it well
						res := r.send("POST", tt.target, w.write(tt.fields...), "Host", "localhost", "Origin", trustedOrigin, "Content-Type", w.contentType)
						if got := bodyOf(t, res); res.StatusCode != tt.status || got != tt.body {
							t.Errorf("%d %q", res.StatusCode, got)
						}
						if res.Header.Get("Set-Cookie") != "" || res.Header.Get("Referrer-Policy") != "no-referrer" {
							t.Errorf("answered %v", res.Header)
						}
						if n := res.ContentLength; n >= 0 && tt.status != 304 && n != int64(len(tt.body)) {
							t.Errorf("Content-Length %d", n)
						}
					}
				})
			}
		}
	}
}

// Redirects of a GET or HEAD in an envelope are followed here, as those of a query
// token; what a browser follows it must follow without the envelope.
func TestRedirectsOfEnvelopes(t *testing.T) {
	r := newRig(t, rigConfig{answer: answerByHops})
	for _, tt := range []struct {
		name, method, target string
		status               int
		location             string
		upstream             int
	}{
		{"followed", "GET", "/3", 200, "", 4},
		{"HEAD", "HEAD", "/2", 200, "", 3},
		{"too many", "GET", "/7", 303, "/1", 6},
		{"to another server", "GET", "/to?http://other.example/a", 303, "http://other.example/a", 1},
		{"to another server for good", "GET", "/to?308+http://other.example/a", 303, "http://other.example/a", 1},
		{"PUT", "PUT", "/3", 502, "", 1},
		{"POST", "POST", "/to?307+/0", 502, "", 1},
	} {
		for _, w := range wrappings {
			t.Run(w.name+", "+tt.name, func(t *testing.T) {
				r.api.Forget()
				res := r.enclose(w, tt.target, "$httpMethod", tt.method, "access_token", "T")
				if res.StatusCode != tt.status || res.Header.Get("Location") != tt.location || len(r.api.Seen()) != tt.upstream {
					t.Errorf("%d, Location %q, %d requests", res.StatusCode, res.Header.Get("Location"), len(r.api.Seen()))
				}
				for _, seen := range r.api.Seen() {
					if seen.Method != tt.method || seen.Header.Get("Authorization") != "Bearer T" || seen.Body != "" {
						t.Errorf("the upstream saw %+v", seen)
					}
				}
			})
		}
	}
}

// The log tells the method of the request in an envelope, where it is one that could be.
func TestLogOfEnvelopes(t *testing.T) {
	r := newRig(t, rigConfig{})
	for _, method := range []string{"PATCH", "SECRET"} {
		_ = bodyOf(t, r.enclose(wrappings[0], "/logged", "$httpMethod", method, "access_token", "T"))
	}
	r.server.Close() // and so both have ended
	if err := r.flush(); err != nil {
		t.Fatal(err)
	}
	log := r.access.String()
	for _, want := range []string{"method=POST enclosed_method=PATCH host=", "method=POST host=", "reason=virtual-preflight"} {
		if !strings.Contains(log, want) {
			t.Errorf("no %q in %s", want, log)
		}
	}
	if strings.Contains(log, "SECRET") {
		t.Errorf("what could be a secret is in %s", log)
	}
}
