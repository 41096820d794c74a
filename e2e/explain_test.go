package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/preflight"
)

// A sight is what a script sees of one call, in the words of pages/acts.html.
type sight struct {
	Outcome    explain.Outcome      `json:"outcome"`
	Type       explain.ResponseType `json:"type"`
	Status     int                  `json:"status"`
	Redirected bool                 `json:"redirected"`
	Headers    []string             `json:"headers"`
	Body       string               `json:"body"`
}

// A playing is what came of an act in a browser.
type playing struct {
	sight
	Came []string // to the servers
}

// TestExplanations holds what internal/explain says of calls against what Chromium and
// Firefox do with them: whether the script gets the answer, what it sees of it, and at
// which step the browser gives up. Where the two browsers differ the engine has to say so.
func TestExplanations(t *testing.T) {
	all := acts()
	engines := map[string]preflight.Engine{"Chromium": preflight.Chromium, "Firefox": preflight.Firefox}
	inEachEngine(t, func(t *testing.T, in engine) {
		outcomes, byItself := map[explain.Outcome]int{}, 0
		th := newTheatre(t, all)
		for i, got := range th.play(t, in, all) {
			report := explain.JudgeCall(th.call(t, i, all[i]))
			outcomes[got.Outcome]++
			byItself += one(report.Verdicts[engines[in.name]].Outcome != report.Verdict.Outcome)
			for _, fault := range faults(report, engines[in.name], all[i], got) {
				t.Errorf("%s\n  %s\n  %s", describeAct(all[i]), fault, blocking(report))
			}
		}
		t.Logf("%s: %d calls: %v; in %d of them it does not do what the standard says", in.name, len(all), outcomes, byItself)
	})
}

// play has a page make the calls of all acts.
func (th *theatre) play(t *testing.T, in engine, all []act) []playing {
	t.Helper()
	played := make([]playing, len(all))
	for _, sandboxed := range []bool{false, true} {
		address := th.page + "/pages/acts.html"
		if sandboxed {
			address = th.page + "/sandboxed/pages/acts.html"
		}
		var numbers []int
		var calls []map[string]any
		for i, s := range all {
			if s.Sandboxed == sandboxed {
				numbers, calls = append(numbers, i), append(calls, th.options(t, i, s))
			}
		}
		page := in.open(t, address)
		const atOnce = 100 // so that no step takes long
		for from := 0; from < len(calls); from += atOnce {
			to := min(from+atOnce, len(calls))
			list, err := json.Marshal(calls[from:to])
			if err != nil {
				t.Fatal(err)
			}
			for k, seen := range eval[[]sight](t, page, fmt.Sprintf("seeAll(%s)", list)) {
				i := numbers[from+k]
				played[i] = playing{seen, th.came(i, all[i])}
			}
		}
	}
	return played
}

// options are an act's call as the page takes it.
func (th *theatre) options(t *testing.T, i int, s act) map[string]any {
	t.Helper()
	text, err := json.Marshal(s.Request)
	if err != nil {
		t.Fatal(err)
	}
	options := map[string]any{"url": th.address(i, s, 0), "credentials": "omit", "redirect": "follow"}
	if err := json.Unmarshal(text, &options); err != nil {
		t.Fatal(err)
	}
	if s.Credentials {
		options["credentials"] = "include"
	}
	if s.Redirect != "" {
		options["redirect"] = s.Redirect
	}
	return options
}

// faults says in what a report differs from what a browser did.
func faults(report explain.Report, in preflight.Engine, s act, got playing) (all []string) {
	verdict := report.Verdicts[in]
	if verdict.Outcome != got.Outcome {
		return []string{fmt.Sprintf("it is %s, and said to be %s (%s); it sent %q", got.Outcome, verdict.Outcome, verdict.Code, got.Came)}
	}
	if want := seenBy(report, verdict, s); report.Verdict.Outcome == verdict.Outcome && describeSight(want) != describeSight(got.sight) {
		all = append(all, "the script sees "+describeSight(got.sight)+"\n  and is said to see "+describeSight(want))
	}
	last := "nothing"
	if len(got.Came) > 0 {
		last = got.Came[len(got.Came)-1]
	}
	if want := lastStep(report, in, s); want != last {
		all = append(all, fmt.Sprintf("the last that came is %s, and is said to be %s", last, want))
	}
	return all
}

// seenBy is what a report says that the script sees. The report's Sees are the
// standard's, and so say nothing of an engine that does something else; XMLHttpRequest
// shows less of them.
func seenBy(report explain.Report, verdict explain.Verdict, s act) sight {
	if verdict.Outcome == explain.Blocked {
		return sight{Outcome: explain.Blocked, Type: explain.TypeError}
	}
	sees := report.Sees
	want := sight{verdict.Outcome, sees.Type, sees.Status, sees.Redirected, sees.Headers, body}
	if verdict.Outcome == explain.Opaque || s.Request.Method == "HEAD" || !hasBody(sees.Status) {
		want.Body = ""
	}
	if s.Request.API == preflight.XHR {
		want.Type = ""
	}
	return want
}

func hasBody(status int) bool { return status != 204 && status != 205 && status != 304 }

// lastStep is what comes to the servers last, by the first finding that blocks.
func lastStep(report explain.Report, in preflight.Engine, s act) string {
	for _, f := range report.Findings {
		holds := f.Engines == nil || slices.Contains(f.Engines, in)
		switch {
		case f.Severity != explain.Blocks || !holds || f.Code == explain.OpaqueAnswer:
		case f.Step == explain.StepRequest && f.Hop == 0:
			return "nothing"
		case f.Step == explain.StepRequest:
			return fmt.Sprintf("request %d", f.Hop-1)
		case f.Step == explain.StepPreflight:
			return fmt.Sprintf("preflight %d", f.Hop)
		default:
			return fmt.Sprintf("request %d", f.Hop)
		}
	}
	return fmt.Sprintf("request %d", s.end())
}

// end is the stop that the call ends at where nothing blocks: the first that leads no
// further.
func (s act) end() int {
	leads := func(h [2]string) bool { return h[0] == "Location" }
	for j, at := range s.Stops {
		follows := s.Redirect == "" || s.Redirect == explain.RedirectFollow
		if !follows || !slices.ContainsFunc(at.Response.Header, leads) {
			return j
		}
	}
	return len(s.Stops) - 1
}

// describeSight says what is seen, for a person.
func describeSight(s sight) string {
	return fmt.Sprintf("%s (%s) %d redirected=%t %q %q", s.Outcome, s.Type, s.Status, s.Redirected, s.Headers, s.Body)
}

// blocking names what a report says that blocks.
func blocking(report explain.Report) string {
	var all []string
	for _, f := range report.Findings {
		if f.Severity == explain.Blocks {
			all = append(all, fmt.Sprintf("%s at %s %d %v: %s", f.Code, f.Step, f.Hop, f.Engines, f.Evidence))
		}
	}
	return "blocked by: " + strings.Join(all, "; ")
}

// describeAct says what an act is, for a person who reads why a test failed.
func describeAct(s act) string {
	text := describe(s.Request)
	if s.Credentials {
		text += " credentials"
	}
	if s.Sandboxed {
		text += " sandboxed"
	}
	for _, at := range s.Stops {
		text += fmt.Sprintf("\n  %s%s: preflight %v; response %v", at.User, at.At, at.Preflight, at.Response)
	}
	return text + " " + string(s.Redirect)
}
