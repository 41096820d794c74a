package gateway

import (
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/testkit/upstream"
	"github.com/crossgate/crossgate/token"
)

var update = flag.Bool("update", false, "write the golden files of the wire anew")

// TestWire compares whole answers, as they go over the wire, with testdata/wire.
func TestWire(t *testing.T) {
	tokens := grants{}
	expired := tokens.mint(t, token.Grant{ID: "tok_old", Expires: time.Unix(1, 0)})
	revoked := tokens.mint(t, token.Grant{ID: "tok_gone", Revoked: true})
	narrow := tokens.mint(t, token.Grant{ID: "tok_read", Methods: []string{"GET"}})
	bound := tokens.mint(t, token.Grant{ID: "tok_bound", Domains: publicDomains(t, "other.example.com")})
	r := newRig(t, rigConfig{
		answer: answerLikeAnAPI,
		site:   func(s *gate.SiteConfig) { s.Grants = tokens },
	})
	down := newRig(t, rigConfig{upstream: upstream.Closed(t)})
	const host, trusted, evil = "Host: localhost\r\n", "Origin: https://app.example.com\r\n", "Origin: https://evil.example\r\n"
	for _, tt := range []struct {
		name    string
		rig     *rig
		request string
	}{
		{"get-trusted", r, "GET /things HTTP/1.1\r\n" + host + trusted + "\r\n"},
		{"get-no-origin", r, "GET /things HTTP/1.1\r\n" + host + "\r\n"},
		{"get-query-token", r, "GET /things?access_token=abc HTTP/1.1\r\n" + host + trusted + "\r\n"},
		{"head-trusted", r, "HEAD /things HTTP/1.1\r\n" + host + trusted + "\r\n"},
		{"post-text", r, "POST /things?access_token=abc HTTP/1.1\r\n" + host + trusted + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"},
		{"not-modified", r, "GET /unchanged HTTP/1.1\r\n" + host + trusted + "\r\n"},
		{"range", r, "GET /range HTTP/1.1\r\n" + host + trusted + "Range: bytes=2-3\r\n\r\n"},
		{"options-plain", r, "OPTIONS /things HTTP/1.1\r\n" + host + trusted + "\r\n"},

		{"preflight", r, "OPTIONS /things HTTP/1.1\r\n" + host + trusted + "Access-Control-Request-Method: PATCH\r\nAccess-Control-Request-Headers: authorization,content-type\r\n\r\n"},
		{"preflight-no-headers", r, "OPTIONS /things HTTP/1.1\r\n" + host + trusted + "Access-Control-Request-Method: DELETE\r\n\r\n"},
		{"preflight-private-network", r, "OPTIONS /things HTTP/1.1\r\n" + host + trusted + "Access-Control-Request-Method: GET\r\nAccess-Control-Request-Private-Network: true\r\n\r\n"},
		{"preflight-untrusted", r, "OPTIONS /things HTTP/1.1\r\n" + host + evil + "Access-Control-Request-Method: GET\r\n\r\n"},
		{"preflight-method", r, "OPTIONS /things HTTP/1.1\r\n" + host + trusted + "Access-Control-Request-Method: PURGE\r\n\r\n"},

		{"get-untrusted", r, "GET /things HTTP/1.1\r\n" + host + evil + "\r\n"},
		{"head-untrusted", r, "HEAD /things HTTP/1.1\r\n" + host + evil + "\r\n"},
		{"get-null", r, "GET /things HTTP/1.1\r\n" + host + "Origin: null\r\n\r\n"},
		{"get-malformed", r, "GET /things HTTP/1.1\r\n" + host + "Origin: https://app.example.com/\r\n\r\n"},
		{"get-two-origins", r, "GET /things HTTP/1.1\r\n" + host + trusted + trusted + "\r\n"},
		{"upgrade-untrusted", r, "GET /socket HTTP/1.1\r\n" + host + evil + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"},

		{"token-twice", r, "GET /things?access_token=abc HTTP/1.1\r\n" + host + trusted + "Authorization: Bearer abc\r\n\r\n"},
		{"token-malformed", r, "GET /things?access_token=abc&access_token=abc HTTP/1.1\r\n" + host + trusted + "\r\n"},
		{"override", r, "GET /things?$httpMethod=DELETE HTTP/1.1\r\n" + host + trusted + "\r\n"},
		{"token-unknown", r, "GET /things?access_token=cgt_x HTTP/1.1\r\n" + host + trusted + "\r\n"},
		{"token-expired", r, "GET /things HTTP/1.1\r\n" + host + trusted + "Authorization: Bearer " + expired + "\r\n\r\n"},
		{"token-revoked", r, "GET /things HTTP/1.1\r\n" + host + trusted + "Authorization: Bearer " + revoked + "\r\n\r\n"},
		{"token-scope", r, "DELETE /things?access_token=" + narrow + " HTTP/1.1\r\n" + host + trusted + "\r\n"},
		{"token-not-for-origin", r, "GET /things?access_token=" + bound + " HTTP/1.1\r\n" + host + trusted + "\r\n"},
		{"navigation", r, "POST /things?access_token=abc HTTP/1.1\r\n" + host + trusted + "Sec-Fetch-Mode: navigate\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"},
		{"redirect-blocked", r, "POST /moved?access_token=abc HTTP/1.1\r\n" + host + trusted + "Content-Length: 0\r\n\r\n"},

		{"envelope-form", r, "POST /things HTTP/1.1\r\n" + host + trusted + "Content-Type: " + formType + "\r\nContent-Length: 34\r\n\r\n$httpMethod=PATCH&access_token=abc"},
		{"envelope-head", r, "POST /things HTTP/1.1\r\n" + host + trusted + "Content-Type: " + formType + "\r\nContent-Length: 33\r\n\r\n$httpMethod=HEAD&access_token=abc"},
		{"envelope-token-missing", r, "POST /things HTTP/1.1\r\n" + host + trusted + "Content-Type: " + formType + "\r\nContent-Length: 17\r\n\r\n$httpMethod=PATCH"},
		{"envelope-malformed", r, "POST /things HTTP/1.1\r\n" + host + trusted + "Content-Type: " + formType + "\r\nContent-Length: 46\r\n\r\n$httpMethod=PATCH&access_token=abc&$body=x&a=b"},
		{"ticket-unsupported", r, "POST /.crossgate/ticket HTTP/1.1\r\n" + host + trusted + "Content-Type: " + formType + "\r\nContent-Length: 16\r\n\r\naccess_token=abc"},
		{"ticket-method", r, "GET /.crossgate/ticket HTTP/1.1\r\n" + host + trusted + "\r\n"},

		{"headers-too-large", r, "GET /things HTTP/1.1\r\n" + host + trusted + strings.Repeat("A: b\r\n", 130) + "\r\n"},
		{"method-unsupported", r, "TRACE /things HTTP/1.1\r\n" + host + trusted + "\r\n"},
		{"bad-request", r, "get /things HTTP/1.1\r\n" + host + trusted + "\r\n"},
		{"public-url-unset", r, "GET /things HTTP/1.1\r\nHost: api.example.com\r\n" + trusted + "\r\n"},
		{"upstream-unreachable", down, "GET /things HTTP/1.1\r\n" + host + trusted + "\r\n"},
		{"health", r, "GET /.crossgate/health HTTP/1.1\r\n" + host + "\r\n"},
		{"not-found", r, "GET /.crossgate/nothing HTTP/1.1\r\n" + host + trusted + "\r\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			compareGolden(t, tt.name, masked(tt.rig.raw(tt.request)))
		})
	}
}

// answerLikeAnAPI answers with CORS, caching and cookies of its own, as APIs do.
func answerLikeAnAPI(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Private-Network", "true")
	h.Set("Alt-Svc", `h3=":443"`)
	h.Set("Cache-Control", "public, max-age=60, s-maxage=600")
	h.Set("CDN-Cache-Control", "max-age=600")
	h.Set("Content-Type", "application/json")
	h.Set("Set-Cookie", "session=1")
	h.Set("Vary", "Accept-Encoding")
	switch r.URL.Path {
	case "/unchanged":
		h.Set("ETag", `"1"`)
		w.WriteHeader(http.StatusNotModified)
	case "/gone":
		w.WriteHeader(http.StatusNoContent)
	case "/range":
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader("0123456789"))
	case "/moved":
		h.Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusTemporaryRedirect)
	default:
		_, _ = w.Write([]byte("[]\n"))
	}
}

var (
	date   = regexp.MustCompile(`(?m)^Date: .*\r$`)
	length = regexp.MustCompile(`(?m)^Content-Length: .*\r$`)
	prose  = regexp.MustCompile(`"title":".*","status":(\d+),"detail":".*","code"`)
)

// masked makes an answer the same every day, and leaves the words of problem
// documents, with their length, to those who write them.
func masked(answer string) string {
	answer = date.ReplaceAllString(answer, "Date: (masked)\r")
	if strings.Contains(answer, "application/problem+json") {
		answer = length.ReplaceAllString(answer, "Content-Length: (masked)\r")
		answer = prose.ReplaceAllString(answer, `"title":"…","status":$1,"detail":"…","code"`)
	}
	return answer
}

// compareGolden compares with a file in which line ends are written as in text.
func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	got = strings.ReplaceAll(got, "\r\n", "\n")
	path := filepath.Join("testdata", "wire", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}
