package overview

import (
	"context"
	"net/url"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
)

// How much of each list is shown.
const (
	maxOrigins = 8
	maxReasons = 8
	maxCauses  = 8
)

// Limits of what was sent and is repeated.
const (
	maxShown  = 120 // of a name, in characters
	maxLinked = 300 // of what an address looks for, in bytes: more than any origin has
)

// A screen is everything that the page shows.
type screen struct {
	asked
	Links
	Troubles   []trouble
	First      *firstSteps // nil: there is traffic to show
	Domains    int
	Pictures   pictures
	Preflights preflights
	Origins    []originRow
	Reasons    []reasonRow
}

// An originRow is one of the origins that call most.
type originRow struct {
	Origin string
	Hits   uint64
	Bar    meter
	Last   shell.When
	Link   string // to its exchanges, or ""
}

// A reasonRow is one reason why requests were refused or failed.
type reasonRow struct {
	Code  string
	Title string // in words, or ""
	Hits  uint64
	Bar   meter
	Link  string
}

func (p *Page) screen(ctx context.Context, a asked) (screen, error) {
	_, domains, err := p.site.Records.Domains(ctx, control.ListQuery{Limit: 1})
	if err != nil {
		return screen{}, err
	}
	s := screen{asked: a, Links: p.cfg.Links, Domains: domains}
	series, seen := p.series(a.Range)
	if s.Troubles, err = p.troubles(ctx, s, series); err != nil {
		return screen{}, err
	}
	if !seen {
		s.First = &firstSteps{Domains: domains, API: p.site.API(ctx), Remembers: p.site.Traffic != nil}
		return s, nil
	}
	s.Pictures = draw(series)
	s.Preflights = newPreflights(series, a)
	s.Origins = p.origins()
	s.Reasons = p.reasons(series)
	return s, nil
}

// series returns what happened, and whether anything did in the last 7 days.
func (p *Page) series(over inspect.Range) (series inspect.Series, seen bool) {
	if p.site.Traffic == nil {
		return inspect.Series{}, false
	}
	series = p.site.Traffic.Series(over)
	seen = series.Total.All() > 0 || over != inspect.LastWeek && p.site.Traffic.Series(inspect.LastWeek).Total.All() > 0
	return series, seen
}

func (p *Page) origins() []originRow {
	var rows []originRow
	var most uint64
	for _, o := range p.site.Traffic.TopOrigins(maxOrigins) {
		most = max(most, o.Hits)
		rows = append(rows, originRow{
			Origin: shell.Cut(o.Origin, maxShown), Hits: o.Hits, Bar: newMeter(o.Hits, most),
			Last: shell.NewWhen(p.cfg.Shell.Now(), o.Last), Link: p.exchanges("origin", o.Origin),
		})
	}
	return rows
}

func (p *Page) reasons(series inspect.Series) []reasonRow {
	var rows []reasonRow
	var most uint64
	for _, r := range series.Reasons[:min(len(series.Reasons), maxReasons)] {
		most = max(most, r.Hits)
		rows = append(rows, reasonRow{
			Code: shell.Cut(string(r.Reason), maxShown), Title: titleOf(r.Reason), Hits: r.Hits, Bar: newMeter(r.Hits, most),
			Link: p.exchanges("reason", string(r.Reason)),
		})
	}
	return rows
}

// titleOf is a reason in words, or "" where the code is all there is.
func titleOf(code gate.Code) string {
	if problem := gate.ProblemOf(code); problem != nil {
		return problem.Title
	}
	switch code {
	case "upstream-unreachable":
		return "The API cannot be reached"
	case "upstream-timeout":
		return "The API did not answer in time"
	case "upstream-invalid":
		return "The API's answer is not valid"
	case "client-gone":
		return "The visitor went away"
	case "aborted":
		return "The API's answer broke off"
	case "bad-request":
		return "The request is malformed"
	case "headers-too-large":
		return "Too many request headers"
	case "not-found":
		return "No such path of Crossgate's own"
	}
	return ""
}

// exchanges is where the exchanges are that have something in common, or "".
func (p *Page) exchanges(name, value string) string {
	if p.cfg.Links.Inspector == "" || len(value) > maxLinked {
		return ""
	}
	return p.cfg.Links.Inspector + "?" + url.Values{name: {value}}.Encode()
}
