package doctor

import (
	"maps"
	"math"
	"strconv"
	"time"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/preflight"
)

// reasonField is where a gateway says why it refuses.
const reasonField = "crossgate-reason"

// refusal finds the first reason that a gateway has given, of the closed list of reasons.
func refusal(sent []exchanged) *Refusal {
	for _, x := range sent {
		for _, reason := range fieldsOf(x.response.Header, reasonField) {
			if problem := gate.ProblemOf(gate.Code(reason)); problem != nil {
				return &Refusal{problem.Code, problem.Detail}
			}
		}
	}
	return nil
}

// reportOn puts together what was seen.
func reportOn(k *walker, p *prober) Report {
	judged := explain.JudgeCall(k.call)
	r := Report{
		URL: explain.ShownURL(k.q.Target), Origin: k.q.Origin, Method: k.asks.Method, Verdict: judged.Verdict.Outcome, Code: judged.Verdict.Code,
		Findings: judged.Findings, Sees: judged.Sees, Sent: maps.Clone(k.by), Unsent: k.unsent, Cut: k.cut, Engines: []EngineVerdict{}, Fixes: []Fix{},
		SameOrigin: k.q.Origin == originOf(k.q.Target), asked: k.asks.RequestHeaders,
	}
	for _, e := range preflight.Engines() {
		r.Engines = append(r.Engines, EngineVerdict{e, judged.Verdicts[e]})
	}
	for i, f := range r.Findings {
		r.Findings[i].Fix = r.filled(explain.Crossgate, f.Code, f.Fix)
	}
	r.addSteps(k.sent)
	r.Gateway = refusal(k.sent)
	if k.unsent {
		r.addUnsent(p, k)
	}
	if p != nil {
		r.addProbes(p.probes)
	}
	if f, ok := r.Worst(); ok {
		r.Fixes = r.fixesFor(f.Code)
	}
	return r
}

// addSteps notes what the browser did: made the request, and sent so many messages.
func (r *Report) addSteps(sent []exchanged) {
	r.Steps = []Step{r.step(explain.StepRequest, 0)}
	for _, x := range sent {
		s := r.step(x.step, x.hop)
		s.Status, s.Times = x.response.Status, x.times()
		if x.hop > 0 {
			s.URL = explain.ShownURL(x.target)
		}
		r.Times.add(*s.Times)
		r.Steps = append(r.Steps, s)
	}
	if r.Verdict == explain.Readable {
		r.Steps = append(r.Steps, Step{Name: string(explain.StepScript), OK: true})
	}
}

// step is one of the browser's, with the first thing in it that fails everywhere.
func (r *Report) step(name explain.StepName, hop int) Step {
	s := Step{Name: string(name), Hop: hop, OK: true}
	for _, f := range r.Findings {
		if f.Step == name && f.Hop == hop && r.blocks(f) {
			s.OK, s.Code, s.Evidence, s.Fix = false, f.Code, f.Evidence, f.Fix
			break
		}
	}
	return s
}

func (x exchanged) times() *Times {
	t := &Times{Connect: milliseconds(x.answer.connect)}
	if x.step == explain.StepPreflight {
		t.Preflight = milliseconds(x.answer.wait)
	} else {
		t.Answer = milliseconds(x.answer.wait)
	}
	return t
}

func (t *Times) add(more Times) {
	tenths := func(ms float64) float64 { return math.Round(ms*10) / 10 }
	t.Connect, t.Preflight, t.Answer = tenths(t.Connect+more.Connect), tenths(t.Preflight+more.Preflight), tenths(t.Answer+more.Answer)
}

// milliseconds is a time with one digit behind its point.
func milliseconds(d time.Duration) float64 {
	return float64(d.Round(100*time.Microsecond).Microseconds()) / 1000
}

// addUnsent says what is known without the answer itself: the page can read it if it can
// read what GET is answered in its stead. Where it cannot, nobody knows.
func (r *Report) addUnsent(p *prober, k *walker) {
	s := Step{Name: string(explain.StepAnswer), Hop: len(k.call.Redirects), Fix: "Let it be sent: --send."}
	s.Code = explain.NotSent
	switch {
	case !k.cors:
		s.OK, s.Evidence = true, r.Method+" was not sent"
	case p == nil || p.own == nil || p.own.Failure != "":
		s.Evidence = r.Method + " was not sent"
	default:
		s.Evidence = r.Method + " was not sent; GET in its stead is answered " + strconv.Itoa(p.own.Status) + " with " +
			shownField("access-control-allow-origin", fieldsOf(p.own.Header, "access-control-allow-origin"))
		s.OK, s.Status = p.isReadable(*p.own), p.own.Status
	}
	r.Steps = append(r.Steps, s)
	if s.OK && r.Verdict == explain.Unknown {
		r.Verdict = explain.Readable
		for i := range r.Engines {
			if r.Engines[i].Outcome == explain.Unknown {
				r.Engines[i].Outcome = explain.Readable
			}
		}
	}
}

// addProbes notes the probes, and what they have found.
func (r *Report) addProbes(probes []Probe) {
	for _, p := range probes {
		s := Step{Name: p.Name, OK: p.Code == "", Code: p.Code, Evidence: p.Evidence, Probe: true}
		if p.Code != "" {
			s.Fix = r.fixOn(explain.Crossgate, p.Code)
			r.Findings = append(r.Findings, explain.Finding{
				Code: p.Code, Severity: explain.SeverityOf(p.Code), Step: explain.StepProbe, Detail: p.Detail, Evidence: p.Evidence, Fix: s.Fix,
			})
		}
		r.Steps = append(r.Steps, s)
	}
}
