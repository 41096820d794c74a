package doctor

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
)

// What is asked for that is not there.
const (
	noSuchPath  = "/crossgate-doctor-no-such-page"
	noSuchToken = "Bearer crossgate-doctor-no-such-token"
	tokenInURL  = "access_token" // RFC 6750, section 2.3
)

// isReadable reports whether the page can read a response at all.
func (p *prober) isReadable(r explain.Response) bool {
	return isReadable(r, p.q.Origin, p.q.Credentials)
}

// errors asks for a page that is not there: servers often forget the headers of errors,
// and the page's script cannot tell an error from a server that is down.
func (p *prober) errors(ctx context.Context) {
	if p.own == nil || !p.isReadable(*p.own) {
		return // nothing is readable, errors least of all
	}
	target := *p.q.Target
	target.Path, target.RawPath, target.RawQuery = noSuchPath, "", ""
	if r, ok := p.get(ctx, &target, p.q.Origin); ok {
		p.sayError("error-page", "for a page that is not there", r)
	}
}

// sayError notes whether the page can read an error.
func (p *prober) sayError(name, when string, r explain.Response) {
	if r.Status < 400 || p.isReadable(r) {
		p.say(name, "", "", "")
		return
	}
	p.say(name, explain.ErrorHidden,
		"The error "+strconv.Itoa(r.Status)+" "+when+" lacks the CORS headers: the page's script sees a network failure instead, and cannot say what is wrong.",
		strconv.Itoa(r.Status)+" with "+shownField("access-control-allow-origin", fieldsOf(r.Header, "access-control-allow-origin")))
}

// tokens asks without the token that the request has, or with one that nobody has given
// out: pages must be able to read that they have to sign in.
func (p *prober) tokens(ctx context.Context) {
	if p.own == nil || !p.isReadable(*p.own) {
		return
	}
	target, stripped := withoutToken(p.q.Target)
	if p.hasHeader("authorization") || stripped {
		if r, ok := p.get(ctx, target, p.q.Origin, "authorization"); ok {
			p.sayError("without-token", "without a token", r)
		}
		return
	}
	asks := preflight.Prediction{Preflight: true, RequestMethod: http.MethodGet, RequestHeaders: "authorization"}
	granted, ok := p.ask(ctx, p.q.Origin, asks)
	if !ok || !p.isReadable(granted) || !listed(granted, "access-control-allow-headers", "authorization") || granted.Status < 200 || granted.Status > 299 {
		return // pages cannot send one here
	}
	m := p.message(http.MethodGet, p.q.Target, p.q.Origin)
	m.fields = append([][2]string{{"Authorization", noSuchToken}}, m.fields...)
	if r, ok := p.try(ctx, m); ok {
		p.sayError("bad-token", "with a token that is not known", r)
	}
}

func (p *prober) hasHeader(name string) bool {
	for _, h := range p.q.Request.Headers {
		if equalFold(h.Name, name) {
			return true
		}
	}
	return false
}

// withoutToken is an address without the token in its query, and whether there was one.
func withoutToken(u *url.URL) (*url.URL, bool) {
	var kept []string
	found := false
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if name == tokenInURL {
			found = true
			continue
		}
		kept = append(kept, pair)
	}
	bare := *u
	bare.RawQuery = strings.Join(kept, "&")
	return &bare, found
}

// head asks with HEAD what GET has answered: servers have forgotten it before.
func (p *prober) head(ctx context.Context) {
	if p.asks.Method != "GET" || p.own == nil || !p.isReadable(*p.own) {
		return
	}
	r, ok := p.try(ctx, p.message(http.MethodHead, p.q.Target, p.q.Origin))
	if !ok || r.Status >= 400 { // it need not be supported
		return
	}
	if p.isReadable(r) {
		p.say("head", "", "", "")
		return
	}
	p.say("head", explain.HeadDiffers, "The page can read the answer to GET, and not the one to HEAD.", shownField("access-control-allow-origin", fieldsOf(r.Header, "access-control-allow-origin")))
}
