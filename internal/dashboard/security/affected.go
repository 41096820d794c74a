package security

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/trust"
)

// How many origins a dry run shows: those that call most.
const (
	maxAffected = 50
	maxLetIn    = 5
)

// Seen is what the page asks of what was remembered. An [inspect.View] is one.
type Seen interface {
	SeenOrigins() []inspect.Origin
}

// An affected origin called in the last 7 days, and would be judged otherwise after a
// change.
type affected struct {
	Origin string
	By     string // the entry that lets it in: before the change, or afterwards
	Hits   uint64
	Last   shell.When
}

// rehearse says which of the origins that were seen would turn, those that call most
// first. What this server has seen since it last wrote down what it saw counts, too.
func (p *Page) rehearse(ctx context.Context, change control.Rehearsal) ([]affected, error) {
	if len(change.Without)+len(change.With) == 0 {
		return nil, nil
	}
	fresh := make(map[string]inspect.Origin)
	if p.seen != nil {
		for _, o := range p.seen.SeenOrigins() {
			if have, twice := fresh[o.Origin]; twice { // let in at one time, and not at another
				o.Hits += have.Hits
				o.Last = latest(o.Last, have.Last)
			}
			fresh[o.Origin] = o
			change.Origins = append(change.Origins, o.Origin)
		}
	}
	turns, err := p.domains.WouldChange(ctx, change)
	list := make([]affected, len(turns))
	for i, t := range turns {
		o := fresh[t.Origin]
		list[i] = affected{
			Origin: shell.Cut(t.Origin, maxEntry), By: t.By.String(),
			Hits: max(o.Hits, uint64(max(t.Hits, 0))), Last: shell.NewWhen(p.shell.Now(), latest(o.Last, t.Last)),
		}
	}
	slices.SortStableFunc(list, func(a, b affected) int { return cmp.Compare(b.Hits, a.Hits) })
	return list, err
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// showLetIn adds to a preview the origins that were refused and would be let in.
func (p *Page) showLetIn(ctx context.Context, view *preview, lines []control.Line) error {
	var adds []trust.Domain
	for _, l := range lines {
		if l.Status == control.Added || l.Code == control.CodeNeedsConfirmation {
			adds = append(adds, l.Domain)
		}
	}
	list, err := p.rehearse(ctx, control.Rehearsal{With: adds})
	shown := min(len(list), maxLetIn)
	view.LetsIn, view.MoreIn = list[:shown], len(list)-shown
	return err
}
