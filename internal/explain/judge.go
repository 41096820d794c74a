package explain

import (
	"slices"

	"github.com/crossgate/crossgate/preflight"
)

// JudgeCall says whether the script gets the answer, in every engine, what keeps it from
// that, and what else is to be said. The first finding that blocks is the first thing
// that fails; what was answered beyond it is judged all the same, so that everything can
// be mended at once.
func JudgeCall(c Call) Report {
	best := walk(c, "")
	report := Report{Verdicts: map[preflight.Engine]Verdict{}}
	var heard [][]Finding
	agreed := true
	for _, e := range preflight.Engines() {
		w := walk(c, e)
		report.Verdicts[e] = w.verdict
		heard = append(heard, w.findings)
		agreed = agreed && w.verdict == report.Verdicts[preflight.Chromium]
		if e == preflight.WebKit && agreed {
			best = w
		}
	}
	report.Verdict, report.Sees, report.Findings = best.verdict, best.sees, merge(heard)
	return report
}

// merge makes one list of those of the engines, in their order. What all of them say is
// said of no engine in particular.
func merge(heard [][]Finding) []Finding {
	all := []Finding{}
	for i, findings := range heard {
		after := -1 // where in all the finding before this one stands
		for _, f := range findings {
			at := slices.IndexFunc(all, func(g Finding) bool { return sameFinding(f, g) })
			if at < 0 {
				at = placeOf(f, after+1, all, findings)
				all = slices.Insert(all, at, f)
			}
			all[at].Engines = append(all[at].Engines, preflight.Engines()[i])
			after = at
		}
	}
	for i := range all {
		if len(all[i].Engines) == len(heard) {
			all[i].Engines = nil
		}
	}
	return all
}

// placeOf returns where a finding goes: at from or behind it, after whatever comes before
// it in a call, and after what other engines say of the same step.
func placeOf(f Finding, from int, all, ours []Finding) int {
	at := from
	for ; at < len(all); at++ {
		g := all[at]
		isOurs := slices.ContainsFunc(ours, func(h Finding) bool { return sameFinding(g, h) })
		if order := g.order() - f.order(); order > 0 || order == 0 && isOurs {
			break
		}
	}
	return at
}

// order counts the steps of a call.
func (f Finding) order() int {
	return f.Hop*len(steps) + slices.Index(steps, f.Step)
}

var steps = []StepName{StepRequest, StepPreflight, StepAnswer, StepScript, StepProbe}

// sameFinding compares all but the engines.
func sameFinding(f, g Finding) bool {
	return f.Code == g.Code && f.Step == g.Step && f.Hop == g.Hop && f.Detail == g.Detail && f.Evidence == g.Evidence && f.Fix == g.Fix
}
