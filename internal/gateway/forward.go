package gateway

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/token"
)

// forward sends the request up and streams the answer down.
func (x *exchange) forward() {
	x.choose()
	defer x.leave()
	x.sent = true
	x.g.proxy.ServeHTTP(&x.w, x.inContext())
}

// rewrite makes of the client's request the one that the upstream sees. The proxy
// has taken away hop-by-hop fields and what clients say about forwarding.
func rewrite(p *httputil.ProxyRequest) {
	x := exchangeOf(p.In.Context())
	out := p.Out
	setTarget(out.URL, x.target, x.path, x.query())
	out.Method = x.edits.Method(out.Method)
	out.Host = ""     // that of the upstream
	out.Trailer = nil // a server that merges trailers into the head would believe them
	out.TransferEncoding = nil
	x.setForwarded(out.Header)
	x.applyEdits(out.Header)
	if isConnectionBound(out.Header["Authorization"]) {
		out.Close = true
	}
	if out.Method != http.MethodGet {
		hideIdempotency(out.Header)
	}
}

// query is what the upstream gets as the query.
func (x *exchange) query() string {
	if x.edits.QueryEdited {
		return x.edits.Query
	}
	return x.r.URL.RawQuery // as it came: the proxy has cleaned its copy
}

// hideIdempotency keeps the transport from taking a client's promise that a request may
// be repeated for the API's: of a POST with such a field it would send a second one after
// a broken connection. It looks for the names as net/http writes them; on the wire
// these are the same fields (RFC 9110, section 5.1).
func hideIdempotency(h http.Header) {
	for _, name := range [...]string{"Idempotency-Key", "X-Idempotency-Key"} {
		if values, ok := h[name]; ok {
			delete(h, name)
			h[strings.ToLower(name)] = values
		}
	}
}

// setTarget points u at a path of the upstream, below the upstream's own path. The
// path goes up byte for byte, even where net/url would encode it differently.
func setTarget(u, upstream *url.URL, path, query string) {
	u.Scheme, u.Host, u.User = upstream.Scheme, upstream.Host, nil
	u.RawQuery = query
	base := basePath(upstream)
	raw := base + path
	if base != "" {
		u.RawPath = raw
		u.Path, _ = url.PathUnescape(raw) // both halves were parsed before
	}
	if u.EscapedPath() != raw {
		u.Opaque = raw
	}
}

// basePath is the path that an upstream's URL has, without the last slash.
func basePath(upstream *url.URL) string {
	return strings.TrimSuffix(upstream.EscapedPath(), "/")
}

// setForwarded says who asked, and for what. What trusted proxies said before is
// continued; nobody else can have said anything.
func (x *exchange) setForwarded(h http.Header) {
	in := x.r.Header
	client := x.remote()
	if before := in["X-Forwarded-For"]; x.proxied && len(before) > 0 {
		client = strings.Join(before, ", ") + ", " + client
	}
	values := [...]string{client, x.scheme(), x.host()}
	h["X-Forwarded-For"] = values[0:1:1]
	h["X-Forwarded-Proto"] = values[1:2:2]
	h["X-Forwarded-Host"] = values[2:3:3]
}

// applyEdits does what the rules want of the request's fields.
func (x *exchange) applyEdits(h http.Header) {
	e := &x.edits
	if e.Envelope != nil {
		gate.EnvelopeFields(h, e.Envelope)
	}
	if e.AuthorizationEdited {
		setOrRemove(h, "Authorization", e.Authorization)
	}
	if e.RefererEdited {
		setOrRemove(h, "Referer", e.Referer)
	} else if len(h["Referer"]) > 1 {
		delete(h, "Referer") // only one was looked at, and no browser sends two
	}
	if e.ContentType != "" {
		h["Content-Type"] = []string{e.ContentType}
	}
	if e.DropCookie {
		delete(h, "Cookie")
		if x.ambient {
			gate.DropAmbient(h)
		}
	} else {
		dropDashboardCookies(h)
	}
	if e.Grant != nil {
		setIdentity(h, e.Grant)
	}
}

// setIdentity tells the upstream whose access token was verified.
func setIdentity(h http.Header, g *token.Grant) {
	h["Crossgate-Token"] = []string{g.ID}
	h["Crossgate-Subject"] = []string{fieldText(g.Subject)}
}

// fieldText makes a name fit for a field: what is not visible ASCII or a space
// between, and the percent sign, is percent-encoded.
func fieldText(s string) string {
	plain := func(r rune) bool { return ' ' <= r && r <= '~' && r != '%' }
	if strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 && s == strings.TrimSpace(s) {
		return s
	}
	return url.PathEscape(s)
}

// isConnectionBound reports whether credentials belong to the connection rather
// than to the request (NTLM, Negotiate): then nobody else may use it afterwards.
func isConnectionBound(authorization []string) bool {
	for _, v := range authorization {
		scheme, _, _ := strings.Cut(v, " ")
		if strings.EqualFold(scheme, "NTLM") || strings.EqualFold(scheme, "Negotiate") {
			return true
		}
	}
	return false
}

func setOrRemove(h http.Header, name, value string) {
	if value == "" {
		delete(h, name)
		return
	}
	h[name] = []string{value}
}
