package doctor

import (
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
	"github.com/crossgate/crossgate/trust"
)

// JudgeRecording judges every request of a recording (HAR 1.2) that a page made by CORS,
// with its preflight and its redirects, from what was recorded alone. The error is a
// [*RecordingError], or that of reading the file.
func JudgeRecording(file io.Reader) ([]Report, error) {
	entries, err := readHAR(file)
	if err != nil {
		return nil, err
	}
	reports := []Report{}
	for _, r := range joined(entries) {
		reports = append(reports, reportOn(r.judged(), nil))
	}
	return reports, nil
}

// A recorded is one request as it was recorded, or a preflight.
type recorded struct {
	*harEntry
	url       *url.URL
	address   string // the same as text, to compare
	from      string // the page's origin
	order     int    // its place in the file
	preflight *recorded
	next      *recorded // where its redirect leads
	claimed   bool      // it is the preflight, or the redirect's target, of another one
}

// A purpose is what a preflight and the request that it was for have in common.
type purpose struct{ address, from, method string }

// joined puts requests together with their preflights and redirects, and leaves out what
// is not by CORS.
func joined(entries []*harEntry) []*recorded {
	var calls, preflights []*recorded
	for i, e := range entries {
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Host == "" || !e.isCORS(u) {
			continue
		}
		r := &recorded{harEntry: e, url: u, address: addressOf(u), from: e.origin(), order: i}
		if e.asks("access-control-request-method") != "" && e.Request.Method == "OPTIONS" {
			preflights = append(preflights, r)
		} else {
			calls = append(calls, r)
		}
	}
	byPurpose := linesBy(calls, func(c *recorded) purpose { return purpose{c.address, c.from, c.Request.Method} })
	for _, p := range preflights {
		p.join(byPurpose)
	}
	byAddress := linesBy(calls, func(c *recorded) string { return c.address })
	for _, c := range calls {
		c.lead(byAddress)
	}
	return slices.DeleteFunc(calls, func(r *recorded) bool { return r.claimed })
}

// linesBy lines requests up with those that they have something in common with.
func linesBy[K comparable](calls []*recorded, common func(*recorded) K) map[K]*line {
	groups := map[K][]*recorded{}
	for _, c := range calls {
		groups[common(c)] = append(groups[common(c)], c)
	}
	lines := make(map[K]*line, len(groups))
	for key, group := range groups {
		lines[key] = newLine(group)
	}
	return lines
}

// addressOf is an address without its fragment, which is not sent.
func addressOf(u *url.URL) string {
	address, _, _ := strings.Cut(u.String(), "#")
	return address
}

// isCORS reports whether a page asked for an address of another origin, to read it.
func (e *harEntry) isCORS(u *url.URL) bool {
	if mode := e.asks("sec-fetch-mode"); mode != "" && mode != string(preflight.ModeCORS) {
		return false
	}
	origin := e.origin()
	if _, err := trust.ParseOrigin(origin); err != nil && origin != "null" {
		return false
	}
	return origin != originOf(u)
}

// origin is the page's, from Origin or, where recordings leave that out, from Referer.
func (e *harEntry) origin() string {
	if origin := e.asks("origin"); origin != "" {
		return origin
	}
	from, err := url.Parse(e.asks("referer"))
	if err != nil || from.Host == "" || e.asks("sec-fetch-mode") == "" {
		return ""
	}
	return originOf(from)
}

// asks is the first value of a field of the request, or "".
func (e *harEntry) asks(name string) string {
	values := fieldsOf(e.Request.Headers, name)
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// join finds the request that a preflight was for: to the same address, from the same
// origin, with the method that it asks for, at the nearest time. Browsers write them down
// in either order.
func (p *recorded) join(lines map[purpose]*line) {
	l := lines[purpose{p.address, p.from, p.asks("access-control-request-method")}]
	if l == nil {
		return
	}
	if c := l.takeNearest(p.Started.Time); c != nil {
		c.preflight = p
	}
}

// lead finds the request that a redirect has led to: the first to that address that came
// after it.
func (c *recorded) lead(lines map[string]*line) {
	response := c.response()
	to := location(&response, c.url)
	if to == nil {
		return
	}
	l := lines[addressOf(to)]
	if l == nil {
		return
	}
	if next := l.takeAfter(c); next != nil {
		c.next, next.claimed = next, true
	}
}

// judged is a walker that has come as far as the recording goes.
func (c *recorded) judged() *walker {
	q := Question{Request: c.request(), Origin: c.from, Target: c.url, Credentials: c.hasCredentials()}
	k := &walker{wire: &wire{by: map[string]int{}}, q: q, call: q.call()}
	k.asks, _ = preflight.Predict(q.Request) // an error is for JudgeCall to find
	for hop := 0; c != nil && hop <= MaxRedirects; hop++ {
		k.url = c.url
		k.record(hop, c.hop(k, hop))
		c = c.next
	}
	return k
}

// hop is what was answered at one address.
func (c *recorded) hop(k *walker, hop int) explain.Hop {
	var got explain.Hop
	if c.preflight != nil {
		got.Preflight = k.replay(explain.StepPreflight, hop, c.preflight)
		if c.Response.Status == 0 && !k.goesOn(hop, got) {
			return got // the browser has never sent the request itself
		}
	}
	got.Response = k.replay(explain.StepAnswer, hop, c)
	return got
}

// replay notes a message that was recorded.
func (k *walker) replay(step explain.StepName, hop int, r *recorded) *explain.Response {
	k.count(r.Request.Method)
	wait := time.Duration(max(r.Timings.Wait, 0) * float64(time.Millisecond))
	a := answer{Response: r.response(), wait: wait}
	k.sent = append(k.sent, exchanged{step, hop, r.url, &a.Response, a})
	return &a.Response
}

// response is what was answered.
func (c *recorded) response() explain.Response {
	r := explain.Response{Status: c.Response.Status, Header: c.Response.Headers}
	if r.Status == 0 {
		r.Failure = "the browser has recorded none"
		if strings.HasPrefix(c.Response.Error, "net::ERR_") {
			r.Failure += " (" + plainText(c.Response.Error) + ")"
		}
	}
	return r
}
