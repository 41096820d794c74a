package control

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/crossgate/crossgate/trust"
)

// A Rehearsal is a change of the list that is only asked about.
type Rehearsal struct {
	Without []int64        // ids of entries that would be removed or switched off; what is gone already counts for nothing
	With    []trust.Domain // entries that would be added
	Origins []string       // those in question, as browsers send them
}

// A Turn is an origin that would be judged otherwise after a change.
type Turn struct {
	Origin  string
	Allowed bool         // afterwards
	By      trust.Domain // the entry that lets it in: before, or afterwards
}

// Rehearse says which origins a change of the list would let in or refuse, in the order
// in which they were asked for. Nothing is changed. The API's own origins need no entry,
// and so never turn.
func (s *Service) Rehearse(ctx context.Context, in Rehearsal) ([]Turn, error) {
	if len(in.Origins) == 0 || len(in.Without)+len(in.With) == 0 {
		return nil, nil
	}
	return view(ctx, s, func(r Reader) (turns []Turn, err error) {
		p := play{with: in.With, at: s.clock()}
		if p.own, err = s.ownOrigins(r); err != nil {
			return nil, err
		}
		if p.now, err = s.list(r); err != nil {
			return nil, err
		}
		if p.out, err = s.stillListed(r, in.Without); err != nil {
			return nil, err
		}
		for _, origin := range in.Origins {
			if t, ok := p.turn(origin); ok {
				turns = append(turns, t)
			}
		}
		return turns, nil
	})
}

// stillListed returns the domains of the entries that are still there.
func (s *Service) stillListed(r Reader, ids []int64) ([]trust.Domain, error) {
	var list []trust.Domain
	for _, id := range ids {
		d, err := r.Domain(s.site.ID, id)
		if err == nil {
			list = append(list, d.Domain)
		} else if !errors.Is(err, ErrNoRecord) {
			return nil, err
		}
	}
	return list, nil
}

// A play is a list as it is, and as it would be.
type play struct {
	now   *trust.Set
	after *trust.Set // without the entries that would be out; nil: not needed yet
	out   []trust.Domain
	with  []trust.Domain
	own   []trust.Origin
	at    time.Time
}

// turn says whether an origin would be judged otherwise.
func (p *play) turn(origin string) (Turn, bool) {
	o, err := trust.ParseOrigin(origin)
	if err != nil || slices.Contains(p.own, o) {
		return Turn{}, false
	}
	adds := slices.IndexFunc(p.with, func(d trust.Domain) bool { return d.Trusts(o) })
	by := p.now.Match(o, p.at)
	switch {
	case by == nil && adds >= 0:
		return Turn{Origin: origin, Allowed: true, By: p.with[adds]}, true
	case by == nil || adds >= 0 || !slices.Contains(p.out, by.Domain):
		return Turn{}, false
	case p.afterwards().Match(o, p.at) != nil:
		return Turn{}, false // another entry trusts it, too
	}
	return Turn{Origin: origin, By: by.Domain}, true
}

// afterwards is the list without the entries that would be out. It is made where an
// origin hangs on one of them, and then once.
func (p *play) afterwards() *trust.Set {
	if p.after == nil {
		p.after = p.now.With(nil, p.out)
	}
	return p.after
}
