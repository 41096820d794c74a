package refused

import (
	"context"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/trust"
)

// An inbox is what there is to decide, and what was ignored.
type inbox struct {
	trusted *trust.Set
	open    []inspect.Origin // neither trusted by now nor ignored, the most frequent first
	ignored []ignored
}

// An ignored origin is one that somebody has put aside, with what was seen of it since,
// if anything.
type ignored struct {
	control.IgnoredOrigin
	Hits uint64
	Last time.Time
}

// inbox sorts what was refused.
func (p *Page) inbox(ctx context.Context) (inbox, error) {
	site, err := p.records.Rules(ctx)
	if err != nil {
		return inbox{}, err
	}
	aside, err := p.records.IgnoredOrigins(ctx)
	if err != nil {
		return inbox{}, err
	}
	in := inbox{trusted: site.Trusted(), ignored: make([]ignored, len(aside))}
	places := make(map[string]int, len(aside))
	for i, one := range aside {
		in.ignored[i].IgnoredOrigin = one
		places[one.Origin] = i
	}
	for _, o := range p.refusedOrigins() {
		if i, found := places[o.Origin]; found {
			in.ignored[i].Hits, in.ignored[i].Last = o.Hits, o.Last
		} else if entry, _ := in.trusted.MatchHeader(o.Origin, p.shell.Now()); entry == nil {
			in.open = append(in.open, o)
		}
	}
	return in, nil
}

func (p *Page) refusedOrigins() []inspect.Origin {
	if p.refusals == nil {
		return nil
	}
	return p.refusals.RefusedOrigins()
}

// Waiting is how many origins of a site nobody has decided on. Where that cannot be read
// now it is 0: the page itself says what is wrong.
func (p *Page) Waiting(ctx context.Context, place control.Place) int { return p.at(place).waiting(ctx) }

func (p *Page) waiting(ctx context.Context) int {
	if len(p.refusedOrigins()) == 0 {
		return 0
	}
	in, err := p.inbox(ctx)
	if err != nil {
		return 0
	}
	return len(in.open)
}

// found returns the open origins that have a text in their name.
func (in inbox) found(search string) []inspect.Origin {
	search = strings.ToLower(strings.TrimSpace(search))
	if search == "" {
		return in.open
	}
	var list []inspect.Origin
	for _, o := range in.open {
		if strings.Contains(strings.ToLower(o.Origin), search) {
			list = append(list, o)
		}
	}
	return list
}
