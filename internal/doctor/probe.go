package doctor

import (
	"context"
	"net/http"
	"net/url"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
)

// A Probe is one thing that was tried beside what the browser does.
type Probe struct {
	Name     string // "look-alike-prefix"
	Code     explain.FindingCode
	Detail   string // a sentence, where there is something to say
	Evidence string
}

// A prober tries what a person would not think of, after the request itself. It looks at
// heads alone, follows nothing, and sends nothing but GET, HEAD and OPTIONS.
type prober struct {
	*wire
	q      Question
	asks   preflight.Prediction // of the request itself
	before *explain.Response    // the answer to its preflight; nil: it had none
	own    *explain.Response    // what the page's own request got, or GET in its stead
	probes []Probe
}

// probe runs them all. What cannot be sent any more is left out: the limits are reached,
// or the server has gone.
func probe(ctx context.Context, w *wire, k *walker) *prober {
	p := &prober{wire: w, q: k.q, asks: k.asks, before: k.call.Preflight, own: k.call.Response}
	if p.before != nil && !p.askAgain(ctx) {
		return p
	}
	if p.own == nil || !isSafe(p.asks.Method) {
		if r, ok := p.get(ctx, p.q.Target, p.q.Origin); ok {
			p.own = &r
		}
	}
	p.strangers(ctx)
	p.withoutOrigin(ctx)
	p.errors(ctx)
	p.tokens(ctx)
	p.head(ctx)
	return p
}

// say notes what a probe has shown; without a code, that all is well.
func (p *prober) say(name string, code explain.FindingCode, detail, evidence string) {
	p.probes = append(p.probes, Probe{name, code, detail, evidence})
}

// get asks for an address as a page of an origin would, with the script's own headers but
// for some; "" as origin sends none.
func (p *prober) get(ctx context.Context, target *url.URL, origin string, without ...string) (explain.Response, bool) {
	return p.try(ctx, p.message(http.MethodGet, target, origin, without...))
}

func (p *prober) message(method string, target *url.URL, origin string, without ...string) message {
	r := requestFor(p.q.Request, p.asks, nil).without(append(without, bodyHeaders...)...)
	r.method, r.body, r.contentType = method, nil, ""
	r.mode, r.credentials = preflight.ModeCORS, p.q.Credentials
	from := pageOf(origin, target)
	if origin == "" {
		from = page{site: crossSite}
	}
	return from.requestOf(target, r)
}

// ask sends the preflight of a request as a page of an origin would.
func (p *prober) ask(ctx context.Context, origin string, asks preflight.Prediction) (explain.Response, bool) {
	return p.try(ctx, pageOf(origin, p.q.Target).preflightOf(p.q.Target, asks))
}

// try sends a message, and says whether anything came back.
func (p *prober) try(ctx context.Context, m message) (explain.Response, bool) {
	a, err := p.send(ctx, m)
	return a.Response, err == nil
}

// askAgain repeats the preflight: several servers behind one name may not agree.
func (p *prober) askAgain(ctx context.Context) bool {
	again, ok := p.ask(ctx, p.q.Origin, p.asks)
	if !ok {
		return false
	}
	for _, name := range []string{"access-control-allow-origin", "access-control-allow-methods", "access-control-allow-headers", "access-control-max-age"} {
		before, now := fieldsOf(p.before.Header, name), fieldsOf(again.Header, name)
		if again.Status != p.before.Status || !equal(before, now) {
			p.say("preflight-again", explain.PreflightUnstable, "The same preflight is answered in two ways, one after the other: perhaps by two servers that do not agree.", shownField(name, now))
			return true
		}
	}
	p.say("preflight-again", "", "", "")
	return true
}

// strangers tries origins that should not be let in.
func (p *prober) strangers(ctx context.Context) {
	open := p.stranger(ctx, unknown)
	if open == letEverybody {
		return // by a wildcard: there is no list that could be careless
	}
	p.stranger(ctx, nobody)
	if open == letIn {
		return // all others would be let in, too
	}
	for _, s := range lookAlikes(p.q.Origin) {
		p.stranger(ctx, s)
	}
}

// An admission is what a server does with a stranger.
type admission int

const (
	keptOut admission = iota
	letIn
	letEverybody
)

// stranger tries one of them: by the request, and by the preflight where there is one,
// which alone decides whether a browser sends what changes something.
func (p *prober) stranger(ctx context.Context, s stranger) admission {
	if s.origin == p.q.Origin {
		return keptOut
	}
	answers := make([]explain.Response, 0, 2)
	if r, ok := p.get(ctx, p.q.Target, s.origin); ok {
		answers = append(answers, r)
	}
	if p.before != nil {
		if r, ok := p.ask(ctx, s.origin, p.asks); ok {
			answers = append(answers, r)
		}
	}
	got := keptOut
	for _, r := range answers {
		switch {
		case lets(r, s.origin) && p.isFamily(ctx, s):
		case lets(r, s.origin):
			p.say(s.name, s.code, s.why, "Origin: "+s.origin+" is answered "+shownField("access-control-allow-origin", fieldsOf(r.Header, "access-control-allow-origin"))+withCredentials(r))
			return letIn
		case isOpen(r):
			got = letEverybody
		}
	}
	if len(answers) > 0 {
		p.say(s.name, "", "", "")
	}
	return got
}

// isFamily reports whether a stranger is let in because all hosts of its kind are, as with
// *.example.com: somebody has meant that.
func (p *prober) isFamily(ctx context.Context, s stranger) bool {
	if s.unless == "" {
		return false
	}
	r, ok := p.get(ctx, p.q.Target, s.unless)
	return ok && lets(r, s.unless)
}

func withCredentials(r explain.Response) string {
	if allowsCredentials(r) {
		return ", with Access-Control-Allow-Credentials: true"
	}
	return ""
}
