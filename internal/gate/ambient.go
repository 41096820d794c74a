package gate

import "strings"

// identityFields are the fields by which proxies tell an upstream who the visitor
// is, from a cookie or a client certificate.
var identityFields = map[string]bool{
	"Cookie": true, "Remote-User": true, "X-Remote-User": true, "X-Ssl-Client-Verify": true,
	"Remote-Name": true, "Remote-Email": true, "Remote-Groups": true, // Authelia
	"X-Forwarded-User": true, "X-Forwarded-Email": true, "X-Forwarded-Groups": true,
	"X-Forwarded-Preferred-Username": true, "X-Forwarded-Access-Token": true,
}

// identityPrefixes are what the names of such fields begin with, where a proxy has a
// family of them: oauth2-proxy, AWS, Google, Azure, Cloudflare, authentik, Pomerium, Vouch
// and Tailscale.
var identityPrefixes = []string{
	"X-Auth-Request-", "X-Amzn-Oidc-", "X-Goog-Authenticated-User-", "X-Goog-Iap-", "X-Ms-Client-Principal", "X-Ms-Token-",
	"Cf-Access-", "X-Authentik-", "X-Pomerium-", "X-Vouch-", "Tailscale-User-",
}

// DropAmbient takes out of a request what says who the visitor is without the page
// having said so (rule 2): cookies, and what a proxy made of a cookie or of a client
// certificate. Authorization is the page's own word and stays.
func DropAmbient(h Header) {
	for name := range h {
		if IsAmbient(name) {
			delete(h, name)
		}
	}
}

// IsAmbient reports whether [DropAmbient] takes a field away, by its canonical name.
func IsAmbient(name string) bool {
	switch name[0] {
	case 'C', 'R', 'T', 'X': // what all of them begin with
		return identityFields[name] || isCertificateField(name) || hasAnyPrefix(name, identityPrefixes)
	}
	return false
}

func hasAnyPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// isCertificateField knows the fields that carry a client certificate: Client-Cert
// (RFC 9440), X-Forwarded-Client-Cert, X-Forwarded-Tls-Client-Cert-Info,
// X-Ssl-Client-Cert, X-Amzn-Mtls-Clientcert-Subject and their like.
func isCertificateField(name string) bool {
	return strings.Contains(name, "Client-Cert") || strings.Contains(name, "Clientcert") ||
		strings.HasPrefix(name, "X-Ssl-Client-") || strings.HasPrefix(name, "X-Client-Dn")
}
