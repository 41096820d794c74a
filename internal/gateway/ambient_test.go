package gateway

import (
	"io"
	"net/http"
	"testing"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/token"
)

// Who the visitor is by cookie or certificate does not go up with an unwrapped
// request, even where a trusted proxy says it (rule 2).
func TestNothingAmbientGoesUp(t *testing.T) {
	r := newRig(t, rigConfig{config: loopback})
	r.send("POST", "/a?access_token=A", "{}", "Origin", trustedOrigin, "Content-Type", "text/plain",
		"Cookie", "session=1", "X-Forwarded-User", "ada", "X-Forwarded-Tls-Client-Cert", "MIIB", "X-Amzn-Mtls-Clientcert-Subject", "CN=ada", "Client-Cert", "x")
	got := r.api.Last(t).Header
	for _, name := range []string{"Cookie", "X-Forwarded-User", "X-Forwarded-Tls-Client-Cert", "X-Amzn-Mtls-Clientcert-Subject", "Client-Cert"} {
		if got.Get(name) != "" {
			t.Errorf("the upstream saw %s: %s", name, got.Get(name))
		}
	}
}

// Nor do trailers bring down what the head must not have.
func TestTrailersOfUnwrappedResponses(t *testing.T) {
	r := newRig(t, rigConfig{answer: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Trailer", "Set-Cookie, Access-Control-Allow-Credentials, Checksum")
		_, _ = io.WriteString(w, "hello")
		for name, value := range map[string]string{"Set-Cookie": "a=b", "Access-Control-Allow-Credentials": "true", "Checksum": "5d41"} {
			w.Header().Set(name, value)
		}
	}})
	res := r.ask("GET", "/?access_token=A", "Origin", trustedOrigin)
	bodyOf(t, res)
	if res.Trailer.Get("Checksum") != "5d41" || res.Trailer.Get("Set-Cookie") != "" || res.Trailer.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("trailers %v", res.Trailer)
	}
}

// Of two Referers only one was looked at, so none goes up.
func TestTwoReferers(t *testing.T) {
	r := newRig(t, rigConfig{})
	r.ask("GET", "/", "Referer", "https://app.example.com/", "Referer", "https://app.example.com/?access_token=cgt_x")
	if got := r.api.Last(t).Header["Referer"]; len(got) > 0 {
		t.Errorf("the upstream saw %q", got)
	}
}

// A redirect that brings a token or a method of its own is not followed for the
// visitor.
func TestRedirectsBringNothing(t *testing.T) {
	tokens := grants{}
	limited := tokens.mint(t, token.Grant{ID: "tok_1", Methods: []string{"GET"}})
	r := newRig(t, rigConfig{answer: answerByHops, site: func(s *gate.SiteConfig) { s.Grants = tokens }})
	for _, to := range []string{"/0?%5Fmethod=DELETE", "/0?access_token=B", "/0?[access_token]=B"} {
		r.api.Forget()
		// The token stands last: the query that is left is where the redirect leads.
		if res := r.ask("GET", "/to?"+to+"&access_token="+limited, "Origin", trustedOrigin); res.StatusCode == 200 || len(r.api.Seen()) > 1 {
			t.Errorf("%s: status %d after %d requests", to, res.StatusCode, len(r.api.Seen()))
		}
	}
}

func TestIsStream(t *testing.T) {
	for kind, want := range map[string]bool{
		"text/event-stream":                true,
		"Text/Event-Stream; charset=utf-8": true,
		"text/event-stream;;":              true,
		"text/event-stream; charset":       true,
		"text/event-streams":               false,
		"application/json":                 false,
		"":                                 false,
	} {
		if got := isStream(&http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {kind}}}); got != want {
			t.Errorf("%q: %v", kind, got)
		}
	}
}
