package gate

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDropAmbient(t *testing.T) {
	h := Header{}
	for _, name := range []string{
		"Cookie", "Client-Cert", "Client-Cert-Chain", "X-Client-Cert", "X-Forwarded-Client-Cert", "X-Forwarded-Tls-Client-Cert",
		"X-Forwarded-Tls-Client-Cert-Info", "X-Ssl-Client-Cert", "X-Ssl-Client-S-Dn", "X-Amzn-Mtls-Clientcert-Subject",
		"X-Forwarded-User", "X-Forwarded-Email", "X-Forwarded-Access-Token", "X-Auth-Request-User", "Remote-User",
		"Remote-Groups", "X-Amzn-Oidc-Data", "X-Goog-Authenticated-User-Email", "X-Goog-Iap-Jwt-Assertion", "X-Ms-Client-Principal",
		"X-Ms-Client-Principal-Name", "X-Ms-Token-Aad-Id-Token", "Cf-Access-Jwt-Assertion", "Cf-Access-Authenticated-User-Email",
		"X-Authentik-Username", "X-Pomerium-Jwt-Assertion", "X-Vouch-User", "Tailscale-User-Login",
	} {
		h[name] = []string{"x"}
	}
	want := Header{
		"Authorization": {"Bearer x"}, "X-Forwarded-For": {"192.0.2.1"}, "X-Forwarded-Proto": {"https"},
		"X-Forwarded-Host": {"api.example.com"}, "X-Forwarded-Prefix": {"/v2"}, "Accept": {"*/*"}, "X-Client": {"web"},
		"Cf-Ray": {"1"}, "X-Amzn-Trace-Id": {"1"}, "X-Goog-Api-Key": {"1"}, "X-Ms-Version": {"1"},
	}
	for name, values := range want {
		h[name] = values
	}
	DropAmbient(h)
	if diff := cmp.Diff(want, h); diff != "" {
		t.Error(diff)
	}
}

func TestMayFollow(t *testing.T) {
	tok := mustMint(t)
	site := testSite(t, func(c *SiteConfig) {
		c.Grants = grantMap{tok.Digest(): {ID: "tok_1", Methods: []string{"GET"}, PathPrefix: "/v2"}}
	})
	limited := from("GET", "https://app.example.com", query("access_token="+tok.Reveal()))
	opaque := from("GET", "https://app.example.com", query("access_token=x"))
	for _, tc := range []struct {
		name, path, query string
		facts             *Facts
		want              bool
	}{
		{"within", "/v2/b", "page=2", limited, true},
		{"out of the prefix", "/v3", "", limited, false},
		{"out by dots", "/v2/../v3", "", limited, false},
		{"with a method of its own", "/v2/b", "%5Fmethod=DELETE", limited, false},
		{"with a token of its own", "/v2/b", "access_token=B", limited, false},
		{"with what could be one", "/v2/b", "[access_token]=B", limited, false},
		{"with an override", "/v2/b", "$httpMethod=DELETE", limited, false},
		{"anywhere, the API's own token", "/v3", "page=2", opaque, true},
		{"the API's own token, and another", "/v3", "access_token=B", opaque, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := Judge(site, tc.facts)
			e := Plan(site, tc.facts, v, nil)
			if e.Problem != nil {
				t.Fatal(e.Problem.Code)
			}
			if got := MayFollow(tc.facts, v, &e, tc.path, tc.query); got != tc.want {
				t.Errorf("followed: %v", got)
			}
		})
	}
}
