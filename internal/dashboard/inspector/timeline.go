package inspector

import (
	"time"

	"github.com/crossgate/crossgate/internal/inspect"
)

// timelineWidth is the width of the drawing, in its own units.
const timelineWidth = 1000

// minBar is the width of the shortest bar that can still be seen, in the same units.
const minBar = 8

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
	Cost   string // how long the request waited for its preflight
}

// lineHeight is how far the bars are apart, in the drawing's units.
const lineHeight = 22

// newTimeline draws a preflight and its request. It is nil where one of them is missing.
func newTimeline(p pair) *timeline {
	if p.Preflight == nil || p.Request == nil {
		return nil
	}
	first := p.Preflight.Time
	answered := first.Add(p.Preflight.Duration)
	whole := max(p.Request.Time.Add(p.Request.Duration).Sub(first), time.Microsecond)
	t := &timeline{Cost: took(p.Request.Time.Sub(first))}
	add := func(kind, name string, from time.Time, d time.Duration) {
		w := min(max(scale(d, whole), minBar), timelineWidth)
		t.Steps = append(t.Steps, step{
			Kind: kind, Name: name, At: took(from.Sub(first)), Took: took(d),
			X: min(scale(from.Sub(first), whole), timelineWidth-w), W: w, Below: len(t.Steps) * lineHeight,
		})
	}
	add("preflight", "Preflight", first, p.Preflight.Duration)
	add("way", "On the way, and in the browser", answered, max(p.Request.Time.Sub(answered), 0))
	add("request", requestName(p.Request), p.Request.Time, p.Request.Duration)
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
