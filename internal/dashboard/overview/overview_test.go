package overview

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/dashboard/shell"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/preflight"
)

func shows(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not show %q:\n%s", text, page)
		}
	}
}

// A newcomer sees the next step, whatever the list has.
func TestFirstSteps(t *testing.T) {
	shows(t, rendered(t, newTestPage(t, records{}, over(0, "")), ""), "No request has come yet", "Trust the first domain", `href="/settings/security"`, "https://api.example.com/", `href="/inspector"`)
	shows(t, rendered(t, newTestPage(t, records{domains: 2}, over(0, "")), ""), "2 domains are trusted", "Open the list")
	shows(t, rendered(t, newTestPage(t, records{}, nil), ""), "does not remember requests")
}

// A quiet day after a busy week is no first day.
func TestQuietDay(t *testing.T) {
	h := over(10, "x")
	h.series[inspect.LastDay] = seriesOf(inspect.LastDay, time.Minute, 24*60, 0, "")
	h.failed = nil
	page := rendered(t, newTestPage(t, records{domains: 1}, h), "")
	shows(t, page, "No preflight in the last 24 hours", "Nothing was refused, and nothing failed.", `aria-label="Allowed requests over time: none."`)
}

func TestTroubles(t *testing.T) {
	busy := over(100_000, "x")
	tests := []struct {
		name   string
		r      records
		h      history
		locked []shell.Locked
		shows  []string
		lacks  string
	}{
		{"the API is away", records{domains: 1}, busy, nil, []string{"The API cannot be reached (upstream-unreachable), last 3 minutes ago.", "/inspector?reason=upstream-unreachable"}, "Observe mode"},
		{"observing", records{domains: 1, mode: gate.Observe}, busy, nil, []string{"Observe mode is on", "requests would have been refused.", "/settings/security/policy"}, "with --mode"},
		{"observing for good", records{domains: 1}, busy, []shell.Locked{{Name: "Mode", Value: "observe"}}, []string{"Observe mode is on", "with --mode"}, "Open the policy"},
		{"enforcing for good", records{domains: 1, mode: gate.Observe}, busy, []shell.Locked{{Name: "Mode", Value: "enforce"}}, nil, "Observe mode"},
		{"no public URL", records{domains: 1}, busy, nil, []string{"The public URL is not configured, and 7,692 requests were refused for that", "none of the public URLs"}, "No domain is trusted"},
		{"nobody is trusted", records{}, busy, nil, []string{"No domain is trusted yet"}, "Look at"},
		{"one waits", records{domains: 1}, busy, nil, []string{"1 refused origin waits", "Look at it"}, "Look at them"},
		{"several wait", records{domains: 3}, busy, nil, []string{"3 refused origins wait", "Look at them"}, "Look at it"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			page := rendered(t, newTestPage(t, test.r, test.h, test.locked...), "")
			shows(t, page, test.shows...)
			if strings.Contains(page, test.lacks) {
				t.Errorf("the page shows %q", test.lacks)
			}
		})
	}
}

// What failed long ago is no trouble now.
func TestOldFailuresAreForgotten(t *testing.T) {
	h := over(10, "x")
	h.failed[0].Time = noon.Add(-lately)
	if page := rendered(t, newTestPage(t, records{domains: 1}, h), ""); strings.Contains(page, "cannot be reached (") {
		t.Error("it is told of")
	}
}

func TestAsked(t *testing.T) {
	for query, want := range map[string]asked{
		"":                        {inspect.LastDay, defaultTrip},
		"range=week":              {inspect.LastWeek, defaultTrip},
		"range=month&rtt=x":       {inspect.LastDay, defaultTrip},
		"rtt=0":                   {inspect.LastDay, defaultTrip},
		"rtt=-5":                  {inspect.LastDay, defaultTrip},
		"rtt=10001":               {inspect.LastDay, defaultTrip},
		"rtt=9223372036854775807": {inspect.LastDay, defaultTrip},
		"rtt=10000&range=week":    {inspect.LastWeek, maxTrip},
	} {
		values, _ := url.ParseQuery(query)
		if got := askedOf(values); got != want {
			t.Errorf("%s: %+v, want %+v", query, got, want)
		}
	}
}

// The bars of a chart have all that the series has, each step where it belongs.
func TestDraw(t *testing.T) {
	for _, r := range []inspect.Range{inspect.LastDay, inspect.LastWeek} {
		series := over(100_000, "x").series[r]
		p := draw(series)
		var sum inspect.Counts
		for _, row := range p.Rows {
			sum.Allowed += row.Allowed
			sum.Refused += row.Refused
			sum.Preflights += row.Preflights
			sum.Observed += row.Observed
			sum.Failed += row.Failed
		}
		sum.PreflightsRefused, sum.Unwrapped = series.Total.PreflightsRefused, series.Total.Unwrapped
		if sum != series.Total {
			t.Errorf("%s: the table has %+v, want %+v", r, sum, series.Total)
		}
		for _, c := range p.Charts {
			highest := 0
			for _, b := range c.Bars {
				highest = max(highest, b.Height)
				if b.Height < leastBar || b.Y+b.Height != barHeight || b.X < 0 || b.X+barWidth > c.Width {
					t.Errorf("%s, %s: the bar %+v is out of place", r, c.Name, b)
				}
			}
			if highest != barHeight {
				t.Errorf("%s, %s: the highest bar has %d", r, c.Name, highest)
			}
		}
	}
	if p := draw(inspect.Series{}); len(p.Rows) != 0 || p.Charts[0].Width < 1 {
		t.Errorf("nothing is drawn as %+v", p)
	}
}

func TestPercent(t *testing.T) {
	for _, test := range []struct {
		part, whole uint64
		want        string
	}{{0, 0, "0 %"}, {0, 5, "0 %"}, {1, 1000, "under 1 %"}, {999, 1000, "over 99 %"}, {5, 5, "100 %"}, {1, 3, "33 %"}, {2, 3, "67 %"}} {
		if got := percent(test.part, test.whole); got != test.want {
			t.Errorf("%d of %d is %s, want %s", test.part, test.whole, got, test.want)
		}
	}
}

func TestWaiting(t *testing.T) {
	for _, test := range []struct {
		count uint64
		trip  time.Duration
		want  string
	}{
		{0, time.Second, "nothing"},
		{9, 100 * time.Millisecond, "900 ms"},
		{10, 100 * time.Millisecond, "1 s"},
		{123, 100 * time.Millisecond, "12.3 s"},
		{1240, 100 * time.Millisecond, "2 min 4 s"},
		{1200, 100 * time.Millisecond, "2 min"},
		{111_000, 100 * time.Millisecond, "3 h 5 min"},
		{864_000, 100 * time.Millisecond, "1 day"},
		{3_000_000, 100 * time.Millisecond, "3 days 11 h"},
	} {
		if got := waiting(test.count, test.trip); got != test.want {
			t.Errorf("%d times %v is %s, want %s", test.count, test.trip, got, test.want)
		}
	}
	if got := waiting(1<<63, maxTrip); strings.HasPrefix(got, "-") {
		t.Errorf("far too much is %s", got)
	}
}

// Each cause has advice of its own, that which costs least.
func TestAvoid(t *testing.T) {
	for _, test := range []struct {
		code preflight.Code
		name string
		want string
	}{
		{preflight.HeaderName, "x-requested-with", "Drop X-Requested-With"},
		{preflight.HeaderName, "authorization", "envelope"},
		{preflight.HeaderType, "content-type", "envelope"},
		{preflight.HeaderRange, "range", "one range"},
		{preflight.HeaderValueByte, "accept", "plainer accept"},
		{preflight.Method, "PATCH", "carries PATCH"},
		{preflight.Method, "patch", "Write PATCH"},
		{preflight.Method, "no method", ""},
		{preflight.HeaderName, "no header", ""},
		{preflight.UploadListener, "", "listeners"},
	} {
		t.Run(fmt.Sprint(test.code, test.name), func(t *testing.T) {
			got := avoid(inspect.Cause{Code: test.code, Name: test.name})
			if !strings.Contains(got, test.want) || test.want == "" && got != "" {
				t.Errorf("advised %q, want %q", got, test.want)
			}
		})
	}
}

func TestNewNeeds(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("nothing is enough")
	}
}
