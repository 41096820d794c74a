package explain

import (
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/crossgate/crossgate/preflight"
)

// cookies says what comes of cookies: what the standards say of cookies between sites,
// and what engines do with those of third parties.
func (w *walker) cookies(r *Response) {
	set := r.lines("Set-Cookie")
	if !w.call.Credentials {
		if len(set) > 0 {
			w.find(CookieIgnored, cookieLine(set[0]))
		}
		return
	}
	if w.isSameSite() {
		return
	}
	for _, c := range set {
		if !w.storesAcrossSites(c) {
			w.find(CookieSameSite, cookieLine(c))
			break
		}
	}
	switch w.engine {
	case preflight.Firefox, preflight.WebKit:
		w.find(CookieThirdParty, "", thirdParty[w.engine])
	}
}

// thirdParty is what engines do with cookies of other sites, by default.
var thirdParty = map[preflight.Engine]string{
	preflight.Firefox: "Firefox keeps the cookies of another site apart for each site that calls it.",
	preflight.WebKit:  "Safari neither sends nor keeps cookies of another site.",
}

// storesAcrossSites reports whether the engine keeps a cookie that comes with an answer
// of another site (RFC 6265bis, "The SameSite Attribute").
func (w *walker) storesAcrossSites(setCookie string) bool {
	sameSite, secure := "", false
	for attribute := range strings.SplitSeq(setCookie, ";") {
		name, value, _ := strings.Cut(attribute, "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "samesite":
			sameSite = strings.ToLower(strings.TrimSpace(value))
		case "secure":
			secure = true
		}
	}
	switch sameSite {
	case "none":
		return secure
	case "lax", "strict":
		return false
	}
	return w.engine != preflight.Chromium // which takes Lax where nothing is said
}

// cookieLine is a Set-Cookie line with the cookie's name and what decides on where it goes.
func cookieLine(setCookie string) string {
	pair, rest, _ := strings.Cut(setCookie, ";")
	name, _, named := strings.Cut(pair, "=")
	if !named {
		name = "" // what has no = is a value
	}
	line := "Set-Cookie: " + shownValue(strings.TrimSpace(name)) + "=" + hidden
	for attribute := range strings.SplitSeq(rest, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(attribute), "=")
		switch strings.ToLower(name) {
		case "secure", "partitioned":
			line += "; " + name
		case "samesite":
			line += "; " + name + "=" + shownValue(value)
		}
	}
	return line
}

// isSameSite reports whether page and target are of one site (HTML standard, "schemelessly
// same site", and of one scheme).
func (w *walker) isSameSite() bool {
	if w.target == nil {
		return true // nothing is known
	}
	if !strings.HasPrefix(w.call.Origin, w.target.Scheme+"://") {
		return false
	}
	return siteOf(hostOfOrigin(w.call.Origin)) == siteOf(w.target.Hostname())
}

func siteOf(host string) string {
	if site, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return site
	}
	return host
}
