package overview

import (
	"cmp"
	"fmt"
	"time"

	"github.com/crossgate/crossgate/internal/inspect"
)

// A picture is drawn in units of its own and stretched to the room that there is.
const (
	barWidth  = 6
	barGap    = 2
	barHeight = 100
	leastBar  = 3 // of what is there at all, so that it is seen
)

// How much one bar stands for.
const (
	stepOfDay  = 30 * time.Minute
	stepOfWeek = 3 * time.Hour
)

// pictures are the charts of the page and, for those who see none, their table.
type pictures struct {
	Charts []chart
	Rows   []tableRow
	Failed bool // the table has a column for what failed
	Tried  bool // and one for what was only observed
}

// A chart shows one number over time, as bars.
type chart struct {
	Name   string // also what is shown
	Kind   string // its class
	Total  uint64
	Note   string // beside the total
	Bars   []bar
	Width  int
	Most   uint64 // of one bar
	Step   string // of one bar, in words
	From   string // when the first bar begins
	Reader string // the whole picture in a sentence
}

// A bar is one step of a chart; nothing at all has none.
type bar struct {
	X, Y, Height int
	Title        string
}

// A tableRow is one step of all charts.
type tableRow struct {
	ISO, When                                      string
	Allowed, Refused, Preflights, Observed, Failed uint64
}

// draw makes the charts of a series.
func draw(series inspect.Series) pictures {
	steps, step := grouped(series)
	var p pictures
	for _, s := range steps {
		p.Rows = append(p.Rows, tableRow{
			ISO: s.Start.Format(time.RFC3339), When: s.Start.Format("2 Jan, 15:04"),
			Allowed: s.Allowed, Refused: s.Refused, Preflights: s.Preflights, Observed: s.Observed, Failed: s.Failed,
		})
	}
	total := series.Total
	p.Failed, p.Tried = total.Failed > 0, total.Observed > 0
	share := func(n uint64) string { return percent(n, total.All()) + " of all requests" }
	p.Charts = []chart{
		newChart("Allowed", "allowed", share(total.Allowed), total.Allowed, steps, step, func(c inspect.Counts) uint64 { return c.Allowed }),
		newChart("Refused", "refused", share(total.Refused), total.Refused, steps, step, func(c inspect.Counts) uint64 { return c.Refused }),
		newChart("Preflights", "preflights", preflightNote(total), total.Preflights, steps, step, func(c inspect.Counts) uint64 { return c.Preflights }),
	}
	return p
}

// preflightNote says how many preflights were refused: they are no part of what is
// counted as refused.
func preflightNote(total inspect.Counts) string {
	if n := total.PreflightsRefused; n > 0 {
		return percent(total.Preflights, total.All()) + ", " + grouping(n) + " refused"
	}
	return percent(total.Preflights, total.All()) + " of all requests"
}

// grouped adds the points of a series up to one for each bar, from whole steps of the
// clock: the first one may be cut off, and the last one has only begun.
func grouped(series inspect.Series) ([]inspect.Point, time.Duration) {
	step := stepOfDay
	if series.Range == inspect.LastWeek {
		step = stepOfWeek
	}
	var steps []inspect.Point
	for _, point := range series.Points {
		start := point.Start.UTC().Truncate(step)
		if last := len(steps) - 1; last < 0 || !steps[last].Start.Equal(start) {
			steps = append(steps, inspect.Point{Start: start})
		}
		add(&steps[len(steps)-1].Counts, point.Counts)
	}
	return steps, step
}

func add(sum *inspect.Counts, c inspect.Counts) {
	sum.Allowed += c.Allowed
	sum.Refused += c.Refused
	sum.Observed += c.Observed
	sum.Failed += c.Failed
	sum.Preflights += c.Preflights
	sum.PreflightsRefused += c.PreflightsRefused
	sum.Unwrapped += c.Unwrapped
}

func newChart(name, kind, note string, total uint64, steps []inspect.Point, step time.Duration, of func(inspect.Counts) uint64) chart {
	c := chart{Name: name, Kind: kind, Note: note, Total: total, Width: max(1, len(steps)*(barWidth+barGap)), Step: inWords(step)}
	var peak time.Time
	for _, s := range steps {
		if n := of(s.Counts); n > c.Most {
			c.Most, peak = n, s.Start
		}
	}
	for i, s := range steps {
		if n := of(s.Counts); n > 0 {
			c.Bars = append(c.Bars, newBar(i, n, c.Most, s.Start))
		}
	}
	if len(steps) > 0 {
		c.From = steps[0].Start.Format("2 Jan, 15:04")
	}
	c.Reader = fmt.Sprintf("%s requests over time: none.", name)
	if c.Most > 0 {
		c.Reader = fmt.Sprintf("%s requests over time, in steps of %s. Most, %d, from %s UTC on.", name, c.Step, c.Most, peak.Format("2 Jan, 15:04"))
	}
	return c
}

func newBar(i int, n, most uint64, start time.Time) bar {
	height := max(leastBar, int(float64(n)/float64(most)*barHeight))
	return bar{
		X: i*(barWidth+barGap) + barGap/2, Y: barHeight - height, Height: height,
		Title: fmt.Sprintf("%s UTC: %s", start.Format("2 Jan, 15:04"), grouping(n)),
	}
}

func inWords(step time.Duration) string {
	if step < time.Hour {
		return fmt.Sprintf("%d minutes", int(step.Minutes()))
	}
	return fmt.Sprintf("%d hours", int(step.Hours()))
}

// A meter is a bar that lies: how much of the most something is, of meterWidth.
type meter int

const meterWidth = 100

func newMeter(n, most uint64) meter {
	if n == 0 || most == 0 {
		return 0
	}
	return meter(max(1, int(float64(n)/float64(most)*meterWidth)))
}

// percent is a share in words that never rounds to all or nothing.
func percent(part, whole uint64) string {
	if part == 0 || whole == 0 {
		return "0 %"
	}
	share := int(float64(part)/float64(whole)*100 + 0.5)
	switch {
	case share == 0:
		return "under 1 %"
	case share == 100 && part < whole:
		return "over 99 %"
	}
	return fmt.Sprintf("%d %%", share)
}

// grouping writes a number with its thousands set apart, as the template's number does.
func grouping[N uint64 | int64](n N) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return cmp.Or(text, "0")
}
