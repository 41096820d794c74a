package doctor

import (
	"slices"
	"strconv"
	"time"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/preflight"
)

// A Report is what an examination has shown. Its JSON is relied upon by scripts.
type Report struct {
	URL     string              `json:"url"` // without values of its query
	Origin  string              `json:"origin"`
	Method  string              `json:"method"`
	Verdict explain.Outcome     `json:"verdict"` // by the Fetch standard
	Code    explain.FindingCode `json:"code"`    // the first thing that fails; "": nothing does
	Steps   []Step              `json:"steps"`   // what the browser does, then the probes
	Engines []EngineVerdict     `json:"engines"`
	Finding []explain.Finding   `json:"findings"`
	Fixes   []Fix               `json:"fixes"` // of what is to be mended first, by server
	Sees    explain.Sees        `json:"sees"`
	Times   Times               `json:"milliseconds"`
	Sent    map[string]int      `json:"sent"`              // how many messages of each method
	Unsent  bool                `json:"unsent"`            // the method was not allowed to be sent
	Gateway *Refusal            `json:"gateway,omitempty"` // where the server is a Crossgate that refuses

	asked string // names of headers that a preflight asks for
}

// An EngineVerdict is a verdict of one engine.
type EngineVerdict struct {
	Engine preflight.Engine `json:"engine"`
	explain.Verdict
}

// A Step is one thing that was done, and whether it went well.
type Step struct {
	Name     string              `json:"name"`          // "request", "preflight", "answer", "script", or of a probe
	Hop      int                 `json:"hop,omitempty"` // which redirect it comes after
	URL      string              `json:"url,omitempty"` // of a redirect, without values of its query
	OK       bool                `json:"ok"`
	Code     explain.FindingCode `json:"code"`
	Evidence string              `json:"evidence"`
	Fix      string              `json:"fix"`
	Status   int                 `json:"status,omitempty"`
	Times    *Times              `json:"milliseconds,omitempty"`
	Probe    bool                `json:"probe,omitempty"`
}

// Times are in milliseconds.
type Times struct {
	Connect   float64 `json:"connect,omitempty"`   // looking up, TCP and TLS
	Preflight float64 `json:"preflight,omitempty"` // waiting for preflights: what pages lose
	Answer    float64 `json:"answer,omitempty"`    // waiting for the answer itself
}

// Insecure reports whether something is allowed that should not be.
func (r Report) Insecure() bool {
	return slices.ContainsFunc(r.Finding, func(f explain.Finding) bool { return f.Severity == explain.Insecure })
}

// Readable reports whether the script gets the answer, in every engine.
func (r Report) Readable() bool {
	fails := func(e EngineVerdict) bool { return e.Outcome != explain.Readable }
	return r.Verdict == explain.Readable && !slices.ContainsFunc(r.Engines, fails)
}

// Fails is the first thing that keeps the script from the answer by the standard, and
// whether there is one.
func (r Report) Fails() (explain.Finding, bool) {
	i := slices.IndexFunc(r.Finding, func(f explain.Finding) bool { return f.Code == r.Code && r.blocks(f) })
	if i < 0 {
		return explain.Finding{}, false
	}
	return r.Finding[i], true
}

// blocks reports whether a finding keeps the script from the answer, in all engines or by
// the standard.
func (r Report) blocks(f explain.Finding) bool {
	return f.Severity == explain.Blocks && f.Step != explain.StepProbe && (f.Engines == nil || f.Code == r.Code)
}

// A Refusal is why a gateway like this one has refused the request.
type Refusal struct {
	Reason gate.Code `json:"reason"`
	Detail string    `json:"detail"`
}

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
		Finding: judged.Findings, Sees: judged.Sees, Sent: k.by, Unsent: k.unsent, Engines: []EngineVerdict{}, Fixes: []Fix{},
		asked: k.asks.RequestHeaders,
	}
	for _, e := range preflight.Engines() {
		r.Engines = append(r.Engines, EngineVerdict{e, judged.Verdicts[e]})
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
		r.Times.Connect += s.Times.Connect
		r.Times.Preflight += s.Times.Preflight
		r.Times.Answer += s.Times.Answer
		r.Steps = append(r.Steps, s)
	}
	if r.Verdict == explain.Readable {
		r.Steps = append(r.Steps, Step{Name: string(explain.StepScript), OK: true})
	}
}

// step is one of the browser's, with the first thing in it that fails everywhere.
func (r *Report) step(name explain.StepName, hop int) Step {
	s := Step{Name: string(name), Hop: hop, OK: true}
	for _, f := range r.Finding {
		if f.Step == name && f.Hop == hop && r.blocks(f) {
			s.OK, s.Code, s.Evidence, s.Fix = false, f.Code, f.Evidence, r.fixOn(explain.Crossgate, f.Code)
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
			r.Finding = append(r.Finding, explain.Finding{
				Code: p.Code, Severity: explain.SeverityOf(p.Code), Step: explain.StepProbe, Detail: p.Detail, Evidence: p.Evidence, Fix: s.Fix,
			})
		}
		r.Steps = append(r.Steps, s)
	}
}
