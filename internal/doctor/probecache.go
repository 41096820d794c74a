package doctor

import (
	"context"

	"github.com/crossgate/crossgate/internal/explain"
)

// withoutOrigin asks as one that is no page does, and as a page of nobody: where the
// answers differ in whom they let in, every one of them must say Vary: Origin. Otherwise
// a cache hands the one to who should get the other (Fetch standard, section 4.10, "CORS
// protocol and HTTP caches").
func (p *prober) withoutOrigin(ctx context.Context) {
	if p.own == nil || p.own.Failure != "" {
		return
	}
	own := *p.own
	bare, ok := p.get(ctx, p.q.Target, "")
	if !ok {
		return
	}
	other, ok := p.get(ctx, p.q.Target, unknownOrigin)
	if !ok {
		return
	}
	who := [...]string{"with the page's Origin", "without an Origin", "with another Origin"}
	all := [...]explain.Response{own, bare, other}
	if allowOrigin(own) == allowOrigin(bare) && allowOrigin(own) == allowOrigin(other) {
		p.sayStatic()
		return
	}
	for i, r := range all {
		if isStored(r) && !varies(r) {
			p.say("cache", explain.VaryMissing,
				"The answer depends on the Origin, and a cache is not told so: it gives one page the answer to another, which is then kept from reading it.",
				"asked "+who[i]+", the answer has "+shownField("access-control-allow-origin", fieldsOf(r.Header, "access-control-allow-origin"))+" and "+shownField("vary", fieldsOf(r.Header, "vary")))
			return
		}
	}
	p.say("cache", "", "", "")
}

// static is what the probe of caches is called where the answer depends on nothing.
const static = "cache-static"

// sayStatic notes that the answer is the same for everybody: no cache can mix it up.
func (p *prober) sayStatic() { p.say(static, "", "", "") }
