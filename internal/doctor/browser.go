package doctor

import (
	"cmp"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/crossgate/crossgate/preflight"
)

// What Chromium says about itself. A name of our own would make servers, and the caches
// before them, see another client than the one that is asked about.
const (
	userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
	brands    = `"Not:A-Brand";v="8", "Chromium";v="156"`
	platform  = `"Linux"`
)

// A page is who makes a request, as far as its server can tell.
type page struct {
	origin   string // of the document, as browsers write it
	sends    string // as Origin: the same, or "null" after a redirect to a third place
	site     site   // how far away the target is
	referrer bool   // whether Referer is sent: not from an origin that is no web address
}

// preflightOf is the preflight of a request (Fetch standard, section 4.8,
// "CORS-preflight fetch"): no credentials, and nothing of the request but what is asked.
func (p page) preflightOf(target *url.URL, asks preflight.Prediction) message {
	fields := [][2]string{
		{"Accept", "*/*"},
		{"Access-Control-Request-Method", asks.RequestMethod},
	}
	if asks.RequestHeaders != "" {
		fields = append(fields, [2]string{"Access-Control-Request-Headers", asks.RequestHeaders})
	}
	fields = append(fields, [2]string{"Origin", p.sends}, [2]string{"User-Agent", userAgent})
	if isTrustworthy(target) {
		fields = append(fields, [][2]string{{"Sec-Fetch-Mode", "cors"}, {"Sec-Fetch-Site", string(p.site)}, {"Sec-Fetch-Dest", "empty"}}...)
	}
	return message{method: http.MethodOptions, url: target, fields: append(fields, p.last(target)...)}
}

// requestOf is the request itself. A page that sends no Origin has none in it: GET with
// no-cors, and what is not of a page at all.
func (p page) requestOf(target *url.URL, r request) message {
	var list fieldList
	list.addIf(isTrustworthy(target), "sec-ch-ua-platform", platform)
	list.addIf(!r.has("user-agent"), "User-Agent", userAgent)
	list.addIf(isTrustworthy(target), "sec-ch-ua", brands)
	list.addIf(r.contentType != "", "Content-Type", r.contentType)
	list.addIf(isTrustworthy(target), "sec-ch-ua-mobile", "?0")
	list = append(list, r.headers...)
	list.addIf(!r.has("accept"), "Accept", "*/*")
	list.addIf(p.sends != "" && !r.rewritten, "Origin", p.sends)
	list = append(list, p.metadata(target, r)...)
	list.addIf(p.sends != "" && r.rewritten, "Origin", p.sends)
	for _, f := range p.last(target) {
		list.addIf(!r.has(f[0]), f[0], f[1])
	}
	return message{method: r.method, url: target, fields: list, body: r.body}
}

// A fieldList are the fields of a message, in order.
type fieldList [][2]string

func (l *fieldList) addIf(is bool, name, value string) {
	if is {
		*l = append(*l, [2]string{name, value})
	}
}

// metadata are the fields that tell a server who asks (Fetch Metadata; Storage Access
// Headers: there are no cookies to be had).
func (p page) metadata(target *url.URL, r request) fieldList {
	if !isTrustworthy(target) {
		return nil
	}
	list := fieldList{
		{"Sec-Fetch-Site", string(p.site)},
		{"Sec-Fetch-Mode", cmp.Or(string(r.mode), string(preflight.ModeCORS))},
		{"Sec-Fetch-Dest", "empty"},
	}
	list.addIf(r.credentials && p.site == crossSite, "Sec-Fetch-Storage-Access", "none")
	return list
}

// last are the fields that stand at the end of every request.
func (p page) last(target *url.URL) [][2]string {
	var fields [][2]string
	if p.referrer && (isTrustworthy(target) || strings.HasPrefix(p.origin, "http:")) {
		fields = append(fields, [2]string{"Referer", p.origin + "/"}) // strict-origin-when-cross-origin
	}
	encodings := "gzip, deflate"
	if isTrustworthy(target) {
		encodings += ", br, zstd"
	}
	return append(fields, [2]string{"Accept-Encoding", encodings}, [2]string{"Accept-Language", "en-US,en;q=0.9"})
}

// isTrustworthy reports whether what is sent to an address cannot be changed on the way
// (Secure Contexts, section 3.2). Only there browsers send Sec-Fetch-* and client hints.
func isTrustworthy(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	ip := net.ParseIP(host)
	return u.Scheme == "https" || ip != nil && ip.IsLoopback() ||
		strings.TrimSuffix(host, ".") == "localhost" || strings.HasSuffix(strings.TrimSuffix(host, "."), ".localhost")
}

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }
