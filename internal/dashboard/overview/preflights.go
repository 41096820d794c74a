package overview

import (
	"fmt"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/preflight"
)

// preflights says what preflights cost, and how to have fewer.
type preflights struct {
	Count    uint64 // granted and refused
	Granted  uint64
	Share    string // of all requests
	Bar      meter
	Causes   []causeRow
	Waiting  string // that the granted ones cost, one round trip each
	Spared   uint64 // requests that came without the preflight that they would have had
	SparedIn string // the waiting that they may have spared
}

// A causeRow is one thing that made browsers ask.
type causeRow struct {
	Name   string // the header or the method
	What   string // "header", "method", "content type"
	Hits   uint64
	Share  string // of the preflights that were granted
	Bar    meter
	Advice string // how to avoid it most cheaply
}

func newPreflights(series inspect.Series, a asked) preflights {
	total := series.Total
	p := preflights{
		Count: total.Preflights, Granted: total.Preflights - min(total.Preflights, total.PreflightsRefused),
		Share: percent(total.Preflights, total.All()), Bar: newMeter(total.Preflights, total.All()),
		Spared: total.Unwrapped,
	}
	p.Waiting = waiting(p.Granted, a.Trip)
	p.SparedIn = waiting(p.Spared, a.Trip)
	for _, c := range series.Causes[:min(len(series.Causes), maxCauses)] {
		p.Causes = append(p.Causes, newCauseRow(c, p.Granted))
	}
	return p
}

func newCauseRow(c inspect.CauseCount, granted uint64) causeRow {
	row := causeRow{Name: shell.Cut(c.Name, maxShown), What: "header", Hits: c.Hits, Share: percent(min(c.Hits, granted), granted), Bar: newMeter(min(c.Hits, granted), granted)}
	switch {
	case c.Code == preflight.UploadListener:
		row.Name, row.What = "an upload listener", "or a body that is a stream"
	case c.Name == "":
		row.Name, row.What = "others", "headers and methods that were too many to tell apart"
		return row
	case c.Code == preflight.Method:
		row.What = "method"
	case c.Code == preflight.HeaderType:
		row.What = "header, with a type that no form sends"
	}
	row.Advice = avoid(c.Cause)
	return row
}

// avoid is the cheapest advice against one cause by itself: to leave it out where it
// does nothing, and otherwise to send it in an envelope. What would do away with every
// preflight at once stands on the page already, and is not said for each.
func avoid(c inspect.Cause) string {
	answer, err := explain.Explain(explain.Question{Request: exampleOf(c)})
	if err != nil {
		return ""
	}
	for _, advice := range answer.Advice {
		switch advice.Code {
		case explain.SameOrigin, explain.MaxAge:
		default:
			return shell.Cut(advice.Detail, 2*maxShown)
		}
	}
	return ""
}

// exampleOf is a request that has nothing but the cause.
func exampleOf(c inspect.Cause) preflight.Request {
	r := preflight.Request{Method: "GET"}
	switch c.Code {
	case preflight.Method:
		r.Method = c.Name
	case preflight.HeaderType:
		r.Method, r.Body = "POST", preflight.BodyString
		r.Headers = []preflight.Header{{Name: "Content-Type", Value: "application/json"}}
	case preflight.HeaderValueByte:
		r.Headers = []preflight.Header{{Name: c.Name, Value: "(x)"}}
	case preflight.UploadListener:
		r.Method, r.API, r.UploadListener = "POST", preflight.XHR, true
	case preflight.HeaderRange:
		r.Headers = []preflight.Header{{Name: "Range", Value: "bytes=-500"}}
	default:
		r.Headers = []preflight.Header{{Name: c.Name, Value: "x"}}
	}
	return r
}

// waiting is how long so many round trips take, in the two largest units.
func waiting(count uint64, trip time.Duration) string {
	const most = uint64(1) << 40 // more than will be; it keeps the product a duration
	all := time.Duration(min(count, most/uint64(max(trip.Milliseconds(), 1)))) * trip
	switch {
	case all == 0:
		return "nothing"
	case all < time.Second:
		return fmt.Sprintf("%d ms", all.Milliseconds())
	case all < time.Minute:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", all.Seconds()), ".0") + " s"
	case all < time.Hour:
		return units(int(all.Minutes()), "min", int(all.Seconds())%60, "s")
	case all < 24*time.Hour:
		return units(int(all.Hours()), "h", int(all.Minutes())%60, "min")
	}
	return units(int(all.Hours())/24, "days", int(all.Hours())%24, "h")
}

func units(large int, name string, small int, smaller string) string {
	if large == 1 && name == "days" {
		name = "day"
	}
	if small == 0 {
		return fmt.Sprintf("%d %s", large, name)
	}
	return fmt.Sprintf("%d %s %d %s", large, name, small, smaller)
}
