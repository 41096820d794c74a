package inspect

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// How far back is counted.
const (
	minutesKept = 24 * 60
	hoursKept   = 7 * 24
)

// A history holds what was counted of a site and was not written down yet. Where somebody
// looks, it has cells of all that is known as well.
type history struct {
	mu      sync.Mutex
	pending pending
	most    spans
	cells   *cells // nil: nobody looks
}

// cells are what was counted minute by minute for a day and hour by hour for a week,
// whether it is written down or not.
type cells struct {
	minutes [minutesKept]minuteCell
	hours   [hoursKept]hourCell
}

// spans are how many minutes and hours may be pending.
type spans struct{ minutes, hours int }

// A minuteCell has the counts of one minute; at says of which.
type minuteCell struct {
	at int64 // minutes since 1970
	Counts
}

type hourCell struct {
	at int64 // hours since 1970
	tally
}

// pending is what was not written down yet, by the start of its span.
type pending struct {
	minutes map[int64]Counts
	hours   map[int64]tally
}

// add adds what was counted in a minute.
func (h *history) add(minute int64, t tally) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.cells != nil {
		h.cells.addMinute(minute, t.Counts)
		h.cells.addHour(minute/60, t)
	}
	h.pending.addMinute(minute, t.Counts, h.most)
	h.pending.addHour(minute/60, t, h.most)
}

// addMinute adds to a minute. Where its cell belongs to another one, that one is a day
// past, or was counted before the system's clock was set back: it goes either way, since
// what happens now is what is asked for.
func (c *cells) addMinute(minute int64, more Counts) {
	cell := &c.minutes[minute%minutesKept]
	if cell.at != minute {
		*cell = minuteCell{at: minute}
	}
	cell.Counts.add(more)
}

// addHour is addMinute for an hour.
func (c *cells) addHour(hour int64, t tally) {
	cell := &c.hours[hour%hoursKept]
	if cell.at != hour {
		*cell = hourCell{at: hour}
	}
	cell.tally.add(t)
}

func (p *pending) addMinute(minute int64, c Counts, most spans) {
	if p.minutes == nil {
		p.minutes = make(map[int64]Counts)
	}
	if _, known := p.minutes[minute]; !known && len(p.minutes) >= most.minutes {
		return // the database has not taken anything for so long
	}
	all := p.minutes[minute]
	all.add(c)
	p.minutes[minute] = all
}

func (p *pending) addHour(hour int64, t tally, most spans) {
	if p.hours == nil {
		p.hours = make(map[int64]tally)
	}
	if _, known := p.hours[hour]; !known && len(p.hours) >= most.hours {
		return
	}
	all := p.hours[hour]
	all.add(t)
	p.hours[hour] = all
}

// take returns what was not written down yet, as if it were now.
func (h *history) take() pending {
	h.mu.Lock()
	defer h.mu.Unlock()
	taken := h.pending
	h.pending = pending{}
	return taken
}

// giveBack undoes take: it was not written down.
func (h *history) giveBack(p pending) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for minute, c := range p.minutes {
		h.pending.addMinute(minute, c, h.most)
	}
	for hour, t := range p.hours {
		h.pending.addHour(hour, t, h.most)
	}
}

// widen begins to have cells, with what is pending in them.
func (h *history) widen(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.cells = new(cells)
	h.cells.repeat(h.pending, now)
}

// narrow ends that.
func (h *history) narrow() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.cells = nil
}

// repeat adds what is pending, as far as it can be asked for.
func (c *cells) repeat(p pending, now time.Time) {
	for minute, counts := range p.minutes {
		if last := now.Unix() / 60; minute > last-minutesKept && minute <= last {
			c.addMinute(minute, counts)
		}
	}
	for hour, t := range p.hours {
		if last := now.Unix() / 3600; hour > last-hoursKept && hour <= last {
			c.addHour(hour, t)
		}
	}
}

// series returns what is known up to now.
func (h *history) series(over Range, now time.Time) Series {
	h.mu.Lock()
	defer h.mu.Unlock()
	known := h.cells
	if known == nil {
		known = new(cells)
	}
	s := Series{Range: over, Step: time.Minute}
	if over == LastWeek {
		s.Step = time.Hour
		s.Points = known.hourPoints(now.Unix() / 3600)
	} else {
		s.Points = known.minutePoints(now.Unix() / 60)
	}
	for _, p := range s.Points {
		s.Total.add(p.Counts)
	}
	all := known.since(now.Unix()/3600, over)
	s.Reasons, s.Causes = rankReasons(all.reasons), rankCauses(all.causes)
	return s
}

func (c *cells) minutePoints(last int64) []Point {
	points := make([]Point, 0, minutesKept)
	for minute := last - minutesKept + 1; minute <= last; minute++ {
		p := Point{Start: time.Unix(minute*60, 0).UTC()}
		if cell := &c.minutes[minute%minutesKept]; cell.at == minute {
			p.Counts = cell.Counts
		}
		points = append(points, p)
	}
	return points
}

func (c *cells) hourPoints(last int64) []Point {
	points := make([]Point, 0, hoursKept)
	for hour := last - hoursKept + 1; hour <= last; hour++ {
		p := Point{Start: time.Unix(hour*3600, 0).UTC()}
		if cell := &c.hours[hour%hoursKept]; cell.at == hour {
			p.Counts = cell.Counts
		}
		points = append(points, p)
	}
	return points
}

// since adds up the hours of a range. Reasons and causes are known by the hour alone.
func (c *cells) since(last int64, over Range) (all tally) {
	hours := int64(24)
	if over == LastWeek {
		hours = hoursKept
	}
	for i := range c.hours {
		if cell := &c.hours[i]; cell.at > last-hours && cell.at <= last {
			all.add(cell.tally)
		}
	}
	return all
}

func rankReasons(hits map[gate.Code]uint64) []ReasonCount {
	var all []ReasonCount
	for _, reason := range slices.Sorted(maps.Keys(hits)) {
		all = append(all, ReasonCount{reason, hits[reason]})
	}
	slices.SortStableFunc(all, func(a, b ReasonCount) int { return cmp.Compare(b.Hits, a.Hits) })
	return all
}

func rankCauses(hits map[string]*uint64) []CauseCount {
	var all []CauseCount
	for name, n := range hits {
		all = append(all, CauseCount{causeOf(name), *n})
	}
	slices.SortFunc(all, func(a, b CauseCount) int {
		return cmp.Or(cmp.Compare(b.Hits, a.Hits), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Name, b.Name))
	})
	return all
}
