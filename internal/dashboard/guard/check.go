package guard

import (
	"net"
	"net/http"
	"strings"
)

// A Refusal is a request that must not reach a page, and why.
type Refusal struct {
	Status  int    // 403 or 421
	Message string // a sentence that says what to do
}

func (e *Refusal) Error() string { return e.Message }

// CheckHost refuses (421) a request for a name that is not the dashboard's. A
// page that rebinds its own DNS name to this address is stopped here: its
// requests still carry its name.
func (g *Guard) CheckHost(r *http.Request) error {
	if g.authority != "" {
		if canonical(g.scheme(r), r.Host) == g.authority {
			return nil
		}
		return &Refusal{http.StatusMisdirectedRequest, "The dashboard answers at " + g.scheme(r) + "://" + g.authority + " only."}
	}
	if isLoopback(hostname(r.Host)) {
		return nil
	}
	return &Refusal{
		http.StatusMisdirectedRequest,
		"The dashboard answers to localhost and 127.0.0.1 only. To reach it by another name, start Crossgate with --dashboard-url.",
	}
}

// hostname returns a Host without its port and without the brackets of IPv6.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}

// CheckOrigin refuses (403) a request that another page made: one that would
// change something and does not prove that it comes from the dashboard itself,
// and one that would embed the dashboard's pages. Links to the dashboard pass.
func (g *Guard) CheckOrigin(r *http.Request) error {
	if isSafe(r.Method) {
		if embeds(r) {
			return &Refusal{http.StatusForbidden, "Another page tried to load this one into itself. Open the dashboard in a tab of its own."}
		}
		return nil
	}
	if g.cross.Check(r) != nil || !g.provesOrigin(r) {
		return &Refusal{http.StatusForbidden, "This did not come from the dashboard's own page, so nothing was changed. Open the dashboard and try again there."}
	}
	return nil
}

// provesOrigin reports whether the browser said that the dashboard's own page
// made the request. http.CrossOriginProtection lets a request without either
// header pass, and compares an Origin without its scheme.
func (g *Guard) provesOrigin(r *http.Request) bool {
	switch values := r.Header["Origin"]; len(values) {
	case 0:
		return r.Header.Get("Sec-Fetch-Site") == "same-origin"
	case 1:
		return values[0] == g.scheme(r)+"://"+canonical(g.scheme(r), r.Host)
	}
	return false
}

// embeds reports whether another site's page asks for something other than a
// whole new page (Fetch Metadata's resource isolation policy).
func embeds(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return false
	}
	return r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Header.Get("Sec-Fetch-Dest") != "document"
}

// isSafe reports whether a method asks for no change (RFC 9110, section 9.2.1).
func isSafe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}
