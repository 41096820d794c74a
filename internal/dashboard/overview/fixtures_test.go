package overview

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/guard"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/internal/testkit/htmlcheck"
	"github.com/crossgate/crossgate/preflight"
)

// noon is now in the fixtures.
var noon = time.Date(2026, 3, 4, 12, 7, 0, 0, time.UTC)

// Fixtures are rendered without the control plane.
type noSessions struct{}

func (noSessions) Session(context.Context, string) (control.Session, error) {
	return control.Session{}, &control.Error{Code: control.CodeSignedOut}
}

// records are a control plane that has so many domains and a mode.
type records struct {
	domains int
	mode    gate.Mode
}

func (r records) Domains(context.Context, control.ListQuery) ([]control.Domain, int, error) {
	return nil, r.domains, nil
}

func (r records) Policy(context.Context) (control.Policy, error) {
	return control.Policy{Mode: r.mode}, nil
}

// A history is what was remembered, in a test.
type history struct {
	series  map[inspect.Range]inspect.Series
	origins []inspect.Origin
	failed  []inspect.Exchange
}

func (h history) Series(over inspect.Range) inspect.Series { return h.series[over] }

func (h history) TopOrigins(n int) []inspect.Origin { return h.origins[:min(n, len(h.origins))] }

func (h history) List(inspect.Filter, inspect.ID, int) []inspect.Exchange { return h.failed }

// over makes a history of a number of requests, with names of a text.
func over(n uint64, text string) history {
	h := history{series: map[inspect.Range]inspect.Series{
		inspect.LastDay:  seriesOf(inspect.LastDay, time.Minute, 24*60, n, text),
		inspect.LastWeek: seriesOf(inspect.LastWeek, time.Hour, 7*24, n*7, text),
	}}
	for i := range min(n, 20) {
		h.origins = append(h.origins, inspect.Origin{Origin: fmt.Sprintf("https://%s%d.example.com", text, i), LetIn: true, Hits: n / (i + 1), First: noon.Add(-time.Hour), Last: noon})
	}
	if n > 0 {
		h.failed = []inspect.Exchange{{Reason: "upstream-unreachable", Outcome: inspect.Failed, Time: noon.Add(-3 * time.Minute)}}
	}
	return h
}

// seriesOf spreads n requests unevenly over a time.
func seriesOf(r inspect.Range, step time.Duration, points int, n uint64, text string) inspect.Series {
	s := inspect.Series{Range: r, Step: step}
	start := noon.Truncate(step).Add(-time.Duration(points-1) * step)
	for i := range points {
		c := inspect.Counts{}
		if share := uint64(points); n >= share || i%max(1, points/int(max(n, 1))) == 0 && n > 0 {
			c.Allowed = max(1, n/share) * uint64(1+i%7) / 4
			c.Refused, c.Failed, c.Observed = c.Allowed/9, c.Allowed/50, c.Allowed/60
			c.Preflights, c.PreflightsRefused, c.Unwrapped = c.Allowed/3, c.Allowed/40, c.Allowed/2
		}
		s.Points = append(s.Points, inspect.Point{Start: start.Add(time.Duration(i) * step), Counts: c})
		add(&s.Total, c)
	}
	if n == 0 {
		return s
	}
	for i, name := range []string{"authorization", "content-type", "x-requested-with", text, "PUT", ""} {
		code := map[bool]preflight.Code{true: preflight.Method, false: preflight.HeaderName}[name == "PUT"]
		if name == "content-type" {
			code = preflight.HeaderType
		}
		s.Causes = append(s.Causes, inspect.CauseCount{Cause: inspect.Cause{Code: code, Name: name}, Hits: n / uint64(i+3)})
	}
	s.Causes = append(s.Causes, inspect.CauseCount{Cause: inspect.Cause{Code: preflight.UploadListener}, Hits: 1})
	for i, reason := range []gate.Code{gate.OriginNotTrusted, gate.TokenExpired, "upstream-unreachable", gate.PublicURLUnset, gate.HostUnknown, gate.Code(text)} {
		s.Reasons = append(s.Reasons, inspect.ReasonCount{Reason: reason, Hits: n / uint64(i+10)})
	}
	return s
}

func newTestPage(t *testing.T, r records, traffic Traffic, locked ...shell.Locked) *Page {
	t.Helper()
	g, err := guard.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := shell.New(shell.Config{
		Guard: g, Sessions: noSessions{}, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return noon }, Styles: []shell.Style{Style()},
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(Config{
		Shell: s,
		Links: Links{Security: "/settings/security", Policy: "/settings/security/policy", Inspector: "/inspector", Refused: "/refused"},
		Site: func(control.Place) Site {
			return Site{
				Records: r, Traffic: traffic, Locked: locked,
				API:     func(context.Context) string { return "https://api.example.com" },
				Waiting: func(context.Context) int { return r.domains },
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p.at(control.Place{})
}

// rendered is the page at an address, checked as a page.
func rendered(t *testing.T, p *Page, query string) string {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.screen(t.Context(), askedOf(values))
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	page := shell.Page{Title: "Overview", Path: Path, Visitor: &shell.Visitor{Name: "ada"}, Body: s}
	if err := p.cfg.Shell.Render(w, http.StatusOK, p.view, page); err != nil {
		t.Fatal(err)
	}
	problems, err := htmlcheck.Page(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Error(problem)
	}
	return w.Body.String()
}

// maxPage is the largest that a page may be, in bytes.
const maxPage = 60_000

// Whatever was remembered, the page is a page, and none that is large.
func TestFixtures(t *testing.T) {
	long := strings.Repeat("ü", 10_000)
	for name, text := range map[string]string{"plain": "x-trace", "script": `"><script>alert(1)</script>`, "turned": "app\u202emoc.live", "long": long} {
		for _, n := range []uint64{0, 1, 10, 100_000, 1 << 50} {
			for _, query := range []string{"", "range=week&rtt=250", "range=nonsense&rtt=-1"} {
				t.Run(fmt.Sprintf("%s, %d, %s", name, n, query), func(t *testing.T) {
					page := rendered(t, newTestPage(t, records{domains: 3, mode: gate.Observe}, over(n, text)), query)
					if len(page) > maxPage {
						t.Errorf("a page of %d bytes, more than %d", len(page), maxPage)
					}
					if strings.Contains(page, "<script>") || strings.Contains(page, "\u202e") {
						t.Error("what was sent became markup, or turns the text")
					}
				})
			}
		}
	}
}
