package inspector

import (
	"time"

	"github.com/crossgate/crossgate/internal/inspect"
)

// timelineWidth is the width of the drawing, in its own units.
const timelineWidth = 1000

// minBar is the width of the shortest bar that can still be seen, in the same units.
const minBar = 4

// A step is one bar of the timeline.
type step struct {
	Kind  string // "preflight", "way" or "request"
	Name  string
	At    string // since the beginning
	Took  string
	X, W  int // where the bar is drawn
	Below int // which line
}

// A timeline is what happened when, since the first request.
type timeline struct {
	Steps  []step
	Height int
	Cost   string // how long the request waited for its preflight, or ""
}

// lineHeight is how far the bars are apart, in the drawing's units.
const lineHeight = 22

// newTimeline draws a pair.
func newTimeline(p pair) timeline {
	var t timeline
	first := p.main().Time
	if p.Preflight != nil && p.Preflight.Time.Before(first) {
		first = p.Preflight.Time
	}
	end := p.main().Time.Add(p.main().Duration)
	whole := max(end.Sub(first), time.Microsecond)
	add := func(kind, name string, from time.Time, d time.Duration) {
		x := scale(from.Sub(first), whole)
		w := min(max(scale(d, whole), minBar), timelineWidth)
		t.Steps = append(t.Steps, step{
			Kind: kind, Name: name, At: took(from.Sub(first)), Took: took(d),
			X: min(x, timelineWidth-w), W: w, Below: len(t.Steps) * lineHeight,
		})
	}
	if e := p.Preflight; e != nil {
		add("preflight", "Preflight", e.Time, e.Duration)
		if p.Request != nil {
			answered := e.Time.Add(e.Duration)
			add("way", "On the way, and in the browser", answered, max(p.Request.Time.Sub(answered), 0))
			t.Cost = took(p.Request.Time.Sub(e.Time))
		}
	}
	if e := p.Request; e != nil {
		add("request", requestName(e), e.Time, e.Duration)
	}
	t.Height = len(t.Steps) * lineHeight
	return t
}

func requestName(e *inspect.Exchange) string {
	if e.Outcome == inspect.Refused {
		return "Request, refused here"
	}
	return "Request and answer"
}

func scale(d, whole time.Duration) int {
	return int(float64(max(d, 0)) / float64(whole) * timelineWidth)
}
