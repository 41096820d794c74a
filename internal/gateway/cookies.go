package gateway

import (
	"net/http"
	"slices"
	"strings"
)

// The names of the dashboard's cookies: of the session, over TLS and on plain
// loopback, and of the first-run secret. Browsers send them to the gateway where
// both run on one host, because cookies ignore ports; they are none of the
// upstream's business, and the upstream must not be able to set them.
const (
	DashboardCookie      = "__Host-crossgate"
	DashboardCookiePlain = "crossgate"
	DashboardCookieSetup = "crossgate-setup"
)

func isDashboardCookie(pair string) bool {
	name, _, _ := strings.Cut(pair, "=")
	name = strings.Trim(name, " \t")
	return strings.EqualFold(name, DashboardCookie) || strings.EqualFold(name, DashboardCookiePlain) ||
		strings.EqualFold(name, DashboardCookieSetup)
}

// mentionsCrossgate is a cheap first look: hardly any cookie does.
func mentionsCrossgate(lines []string) bool {
	for _, line := range lines {
		for rest := line; ; {
			i := strings.IndexAny(rest, "cC")
			if i < 0 || len(rest)-i < len(DashboardCookiePlain) {
				break
			}
			if strings.EqualFold(rest[i:i+len(DashboardCookiePlain)], DashboardCookiePlain) {
				return true
			}
			rest = rest[i+1:]
		}
	}
	return false
}

// dropDashboardCookies takes the dashboard's cookies out of a request, and keeps the
// bytes of the others.
func dropDashboardCookies(h http.Header) {
	lines := h["Cookie"]
	if !mentionsCrossgate(lines) {
		return
	}
	var kept []string
	for _, line := range lines {
		pairs := slices.DeleteFunc(strings.Split(line, ";"), isDashboardCookie)
		if rest := strings.TrimLeft(strings.Join(pairs, ";"), " "); rest != "" {
			kept = append(kept, rest)
		}
	}
	if len(kept) == 0 {
		delete(h, "Cookie")
		return
	}
	h["Cookie"] = kept
}

// dropDashboardSetCookies keeps the upstream from setting them.
func dropDashboardSetCookies(h http.Header) {
	if !mentionsCrossgate(h["Set-Cookie"]) {
		return
	}
	kept := slices.DeleteFunc(slices.Clone(h["Set-Cookie"]), func(line string) bool {
		pair, _, _ := strings.Cut(line, ";")
		return isDashboardCookie(pair)
	})
	if len(kept) == 0 {
		delete(h, "Set-Cookie")
		return
	}
	h["Set-Cookie"] = kept
}
