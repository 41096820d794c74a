package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/crossgate/crossgate/internal/doctor"
	"github.com/crossgate/crossgate/internal/explain"
)

// examined prints a report for a person: the verdict, what was done, what to do first,
// who else is let in, and what else there is.
func (c *call) examined(r doctor.Report) {
	c.say("%s  %s  %s\n%s", c.outcome(string(r.Verdict)), cmp.Or(r.Method, "-"), r.URL, "from "+r.Origin+", "+c.engines(r))
	if r.SameOrigin {
		c.say("  The page and the API have one origin: there is no CORS between them.")
	}
	c.section("What the browser does", c.stepRows(r))
	c.firstToMend(r)
	c.section("Security", c.findingRows(r, explain.Insecure))
	c.section("What else fails", c.findingRows(r, explain.Blocks))
	c.section("What costs time", c.findingRows(r, explain.Slows))
	c.footnotes(r)
}

// outcome is a word in its colour.
func (c *call) outcome(word string) string {
	if word == string(explain.Readable) {
		return c.style.green(word)
	}
	return c.style.red(word)
}

// engines are the verdicts of the engines, in a few words where they agree.
func (c *call) engines(r doctor.Report) string {
	var all, names []string
	same := true
	for _, e := range r.Engines {
		name := doctor.EngineNames[e.Engine]
		names = append(names, name)
		all = append(all, name+" "+c.outcome(string(e.Outcome)))
		same = same && e.Outcome == r.Verdict
	}
	if same && len(names) > 1 {
		return "in " + strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
	}
	return strings.Join(all, ", ")
}

// manyHops is from how many redirects on those in the middle are not shown.
const manyHops = 5

// stepRows are the browser's steps, one line each.
func (c *call) stepRows(r doctor.Report) [][]string {
	var rows [][]string
	last := r.Steps[len(browserSteps(r.Steps))-1].Hop
	for _, s := range browserSteps(r.Steps) {
		if last > manyHops && s.Hop > 1 && s.Hop < last-1 {
			if s.Hop == 2 && s.Name == string(explain.StepAnswer) {
				rows = append(rows, []string{fmt.Sprintf("… %d more redirects", last-3), ""})
			}
			continue
		}
		mark := c.style.green("✓")
		if !s.OK {
			mark = c.style.red("✗")
		}
		name := s.Name
		if s.Hop > 0 {
			name += " " + strconv.Itoa(s.Hop+1)
		}
		rows = append(rows, []string{mark + " " + name, stepText(r, s)})
	}
	return rows
}

// browserSteps are the steps without the probes, which come behind them.
func browserSteps(steps []doctor.Step) []doctor.Step {
	if i := slices.IndexFunc(steps, func(s doctor.Step) bool { return s.Probe }); i >= 0 {
		return steps[:i]
	}
	return steps
}

// stepText says how a step went.
func stepText(r doctor.Report, s doctor.Step) string {
	var parts []string
	if s.Status > 0 {
		parts = append(parts, strconv.Itoa(s.Status))
	}
	if s.Times != nil && s.Status > 0 {
		parts = append(parts, fmt.Sprintf("after %s", shownMilliseconds(s.Times.Preflight+s.Times.Answer)))
	}
	switch {
	case s.Code == "" && s.URL != "":
		parts = append(parts, "at "+s.URL)
	case s.Code != "":
		parts = append(parts, string(s.Code)+": "+s.Evidence)
	case s.Name == string(explain.StepRequest):
		parts = append(parts, "sent "+withPreflight(r))
	case s.Name == string(explain.StepScript):
		parts = append(parts, fmt.Sprintf("sees the status, the body and %d of %s", len(r.Sees.Headers), counted(len(r.Sees.Headers)+len(r.Sees.Hidden), "header")))
	}
	return strings.Join(parts, ", ")
}

func withPreflight(r doctor.Report) string {
	for _, s := range r.Steps {
		if s.Name == string(explain.StepPreflight) {
			return "after a preflight"
		}
	}
	return "without a preflight"
}

// firstToMend says what is to be done first, and how, on each kind of server.
func (c *call) firstToMend(r doctor.Report) {
	f, ok := r.Worst()
	if !ok {
		return
	}
	c.say("\nWhat to mend first: %s", c.style.red(string(f.Code)))
	c.say("  %s", f.Detail)
	if f.Evidence != "" {
		c.say("  Seen: %s", f.Evidence)
	}
	if r.Gateway != nil {
		c.say("  The server is a Crossgate, and refuses: %s. %s", r.Gateway.Reason, r.Gateway.Detail)
	}
	var rows [][]string
	for _, fix := range r.Fixes {
		rows = append(rows, []string{serverNames[fix.Server], fix.Text})
	}
	if len(rows) == 1 && rows[0][0] == "" {
		rows[0] = rows[0][1:]
	}
	c.rows(rows)
}

// serverNames are the servers as their makers write them.
var serverNames = map[explain.Server]string{
	explain.Crossgate: "Crossgate", explain.Nginx: "nginx", explain.Express: "Express", explain.Go: "Go", explain.Caddy: "Caddy",
}

// findingRows are the findings of one severity, but for the one that was told already.
func (c *call) findingRows(r doctor.Report, severity explain.Severity) [][]string {
	worst, told := r.Worst()
	var rows [][]string
	for _, f := range r.Findings {
		if f.Severity != severity || told && f.Code == worst.Code && f.Evidence == worst.Evidence {
			continue
		}
		name := string(f.Code)
		for _, e := range f.Engines {
			name += " " + doctor.EngineNames[e]
		}
		rows = append(rows, []string{name, f.Detail})
		beneath := f.Evidence
		if severity == explain.Slows {
			beneath = f.Fix
		}
		if beneath != "" {
			rows = append(rows, []string{"", beneath})
		}
	}
	return rows
}

// footnotes are what it cost, what was not done, and which notes there are.
func (c *call) footnotes(r doctor.Report) {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	if lost := r.Times.Preflight; lost > 0 {
		add("The page has lost %s to preflights.", shownMilliseconds(lost))
	}
	if probes, good := probesOf(r); probes > 0 {
		add("%s, %d without a finding. Sent: %s.", counted(probes, "probe"), good, sentText(r.Sent))
	}
	if r.Cut {
		add("The limits of one examination were reached: not everything was tried.")
	}
	if r.Unsent {
		add("%s was not sent, since it may change something: --send sends it, once.", r.Method)
	}
	if notes := notesOf(r); len(notes) > 0 {
		add("Good to know: %s (--json says it all).", strings.Join(notes, ", "))
	}
	if len(lines) > 0 {
		c.say("\n%s", strings.Join(lines, "\n"))
	}
}

// notesOf are the codes of what is no fault.
func notesOf(r doctor.Report) []string {
	var notes []string
	for _, f := range r.Findings {
		if f.Severity == explain.Note && !slices.Contains(notes, string(f.Code)) {
			notes = append(notes, string(f.Code))
		}
	}
	return notes
}

func probesOf(r doctor.Report) (all, good int) {
	for _, s := range r.Steps {
		if s.Probe {
			all++
			if s.OK {
				good++
			}
		}
	}
	return all, good
}

func sentText(sent map[string]int) string {
	var all []string
	for _, method := range slices.Sorted(maps.Keys(sent)) {
		all = append(all, fmt.Sprintf("%d %s", sent[method], method))
	}
	return strings.Join(all, ", ")
}

func counted(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

func shownMilliseconds(ms float64) string {
	return strconv.FormatFloat(ms, 'f', -1, 64) + " ms"
}
