package overview

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
)

// lately is how long ago the upstream may have failed and still be trouble now.
const lately = 15 * time.Minute

// maxLooked is how many of the last failures are looked at.
const maxLooked = 50

// A trouble is something that is wrong just now, with the page that puts it right.
type trouble struct {
	Kind string // an icon: "warning", "error", "note"
	Text string
	Name string // of the link
	Link string // "": there is no such page
}

// troubles returns what is wrong, the worst first.
func (p *Page) troubles(ctx context.Context, s screen, series inspect.Series) ([]trouble, error) {
	var all []trouble
	if t := p.unreachable(); t != nil {
		all = append(all, *t)
	}
	mode, locked, err := p.mode(ctx)
	if err != nil {
		return nil, err
	}
	if mode == gate.Observe {
		all = append(all, p.observing(series, locked))
	}
	if n := hitsOf(series, gate.PublicURLUnset); n > 0 {
		all = append(all, trouble{Kind: "warning", Text: fmt.Sprintf(
			"The public URL is not configured, and %s refused for that in %s. Start Crossgate with --public-url and the address that browsers use.", times(n), s.Period())})
	}
	if n := hitsOf(series, gate.HostUnknown); n > 0 {
		all = append(all, trouble{Kind: "warning", Text: fmt.Sprintf(
			"In %s %s sent to a host that is none of the public URLs. Where it is the API's, add it with --public-url.", s.Period(), times(n))})
	}
	if s.Domains == 0 && series.Total.All() > 0 {
		all = append(all, trouble{Kind: "warning", Text: "No domain is trusted yet: pages on every other domain are refused.", Name: "Trust a domain", Link: p.cfg.Links.Security})
	}
	return append(all, p.undecided(ctx)...), nil
}

func times(n uint64) string {
	if n == 1 {
		return "1 request was"
	}
	return grouping(n) + " requests were"
}

func hitsOf(series inspect.Series, code gate.Code) uint64 {
	for _, r := range series.Reasons {
		if r.Reason == code {
			return r.Hits
		}
	}
	return 0
}

// unreachable tells of an upstream that failed lately.
func (p *Page) unreachable() *trouble {
	if p.site.Traffic == nil {
		return nil
	}
	now := p.cfg.Shell.Now()
	for _, x := range p.site.Traffic.List(inspect.Filter{Outcome: inspect.Failed}, 0, maxLooked) {
		code := string(x.Reason)
		if strings.HasPrefix(code, "upstream-") && now.Sub(x.Time) < lately {
			text := fmt.Sprintf("%s (%s), last %s.", cmp.Or(titleOf(x.Reason), "A request failed"), code, shell.NewWhen(now, x.Time).Text)
			return &trouble{Kind: "error", Text: text, Name: "What failed", Link: p.exchanges("reason", code)}
		}
	}
	return nil
}

// observing tells of a gate that lets everybody in.
func (p *Page) observing(series inspect.Series, locked bool) trouble {
	t := trouble{Kind: "warning", Text: "Observe mode is on: pages of every origin are let in."}
	if n := series.Total.Observed; n > 0 {
		was := "would have been"
		t.Text += fmt.Sprintf(" %s %s refused.", strings.TrimSuffix(strings.TrimSuffix(times(n), " were"), " was"), was)
	}
	if locked {
		t.Text += " It was switched on when Crossgate was started, with --mode."
		return t
	}
	t.Name, t.Link = "Open the policy", p.cfg.Links.Policy
	return t
}

// mode is how the site is guarded, and whether that was given at the start.
func (p *Page) mode(ctx context.Context) (mode gate.Mode, locked bool, err error) {
	for _, l := range p.site.Locked {
		if l.Name == "Mode" {
			return gate.Mode(l.Value), true, nil
		}
	}
	policy, err := p.site.Records.Policy(ctx)
	return policy.Mode, false, err
}

// undecided tells of refused origins that somebody should look at.
func (p *Page) undecided(ctx context.Context) []trouble {
	if p.site.Waiting == nil || p.cfg.Links.Refused == "" {
		return nil
	}
	n := p.site.Waiting(ctx)
	if n == 0 {
		return nil
	}
	t := trouble{Kind: "note", Text: "1 refused origin waits for somebody to trust or to ignore it.", Name: "Look at it", Link: p.cfg.Links.Refused}
	if n > 1 {
		t.Text, t.Name = fmt.Sprintf("%d refused origins wait for somebody to trust or to ignore them.", n), "Look at them"
	}
	return []trouble{t}
}
