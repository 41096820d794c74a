package gateway

import (
	"testing"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/token"
)

// The upstream sees the site's credential in place of a verified access token, and
// whatever else was sent as it was sent.
func TestUpstreamCredential(t *testing.T) {
	const credential = "Bearer of-the-upstream"
	tokens := grants{}
	ours := tokens.mint(t, token.Grant{ID: "tok_1"})
	revoked := tokens.mint(t, token.Grant{ID: "tok_2", Revoked: true})
	r := newRig(t, rigConfig{site: func(s *gate.SiteConfig) { s.Grants, s.UpstreamCredential = tokens, credential }})
	sealed := newRig(t, rigConfig{site: func(s *gate.SiteConfig) { s.Grants, s.CredentialSealed = tokens, true }})
	for _, test := range []struct {
		name, path, authorization string
		status                    int
		sees                      string // Authorization at the upstream
		withoutKey                int    // status where the credential cannot be opened
	}{
		{"a token", "/", "Bearer " + ours, 200, credential, 503},
		{"a token in the query", "/?access_token=" + ours, "", 200, credential, 503},
		{"no token", "/", "", 200, "", 200},
		{"the API's own token", "/", "Bearer opaque", 200, "Bearer opaque", 200},
		{"the API's own token in the query", "/?access_token=opaque", "", 200, "Bearer opaque", 200},
		{"a password", "/", "Basic YTpi", 200, "Basic YTpi", 200},
		{"a revoked token", "/", "Bearer " + revoked, 401, "", 401},
	} {
		t.Run(test.name, func(t *testing.T) {
			headers := []string{"Origin", trustedOrigin}
			if test.authorization != "" {
				headers = append(headers, "Authorization", test.authorization)
			}
			if status := r.ask("GET", test.path, headers...).StatusCode; status != test.status {
				t.Errorf("status %d, want %d", status, test.status)
			}
			for _, seen := range r.api.Seen() {
				if got := seen.Header.Get("Authorization"); got != test.sees {
					t.Errorf("the upstream sees %q, want %q", got, test.sees)
				}
			}
			r.api.Forget()
			if status := sealed.ask("GET", test.path, headers...).StatusCode; status != test.withoutKey {
				t.Errorf("without the key: status %d, want %d", status, test.withoutKey)
			}
			if test.withoutKey != 200 && len(sealed.api.Seen()) != 0 {
				t.Error("without the key the upstream was asked")
			}
			sealed.api.Forget()
		})
	}
}
