package demo

import (
	"net/http"
	"strings"
)

// maxSeen is how much of a credential is shown, in bytes.
const maxSeen = 5

// Seen is what the sample API saw of a request: it says so in every answer, so that a
// person sees what the gateway made of the call.
type Seen struct {
	Method        string `json:"method"`
	URL           string `json:"url"`
	ContentType   string `json:"contentType"`
	IfMatch       string `json:"ifMatch"`
	Authorization string `json:"authorization"` // masked
	Token         string `json:"token"`         // Crossgate-Token: the id of a token that the gateway has verified
	Subject       string `json:"subject"`       // Crossgate-Subject: that token's name
	Origin        string `json:"origin"`
	Cookie        bool   `json:"cookie"`
}

func seen(r *http.Request) Seen {
	return Seen{
		Method:        r.Method,
		URL:           r.URL.RequestURI(),
		ContentType:   r.Header.Get("Content-Type"),
		IfMatch:       r.Header.Get("If-Match"),
		Authorization: masked(r.Header.Get("Authorization")),
		Token:         r.Header.Get("Crossgate-Token"),
		Subject:       r.Header.Get("Crossgate-Subject"),
		Origin:        r.Header.Get("Origin"),
		Cookie:        r.Header.Get("Cookie") != "",
	}
}

// masked is a credential with its scheme and the first bytes of its secret.
func masked(authorization string) string {
	scheme, secret, ok := strings.Cut(authorization, " ")
	if !ok {
		scheme, secret = "", authorization
	}
	if len(secret) > maxSeen {
		secret = secret[:maxSeen] + "…"
	}
	return strings.TrimSpace(scheme + " " + secret)
}
