package explain

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/crossgate/crossgate/preflight"
)

// A walker goes through a call as one engine does, and notes what it finds.
type walker struct {
	call   Call
	engine preflight.Engine // "": by the standard

	request preflight.Request // as it is now, after so many redirects
	target  *url.URL
	tainted bool // the origin is null by now (Fetch standard, "redirect-tainted origin")
	// preflighted says that a preflight was due already.
	preflighted bool
	tainting    ResponseType
	step        StepName
	hop         int

	findings []Finding
	missing  bool // an answer is not there that would have to be
	verdict  Verdict
	sees     Sees
}

// walk follows the call until it is at its end, or until an answer is missing.
func walk(c Call, e preflight.Engine) *walker {
	w := &walker{call: c, engine: e, request: c.Request, target: c.Target, tainting: TypeBasic, step: StepRequest}
	w.verdict.Outcome = Unknown
	w.sees = Sees{Headers: []string{}, Hidden: []string{}}
	w.before()
	last := w.follow()
	w.end(last)
	return w
}

// follow judges every answer that there is, redirects with it, and returns the last one;
// nil where it is missing.
func (w *walker) follow() *Response {
	hop := Hop{Target: w.target, Space: w.call.TargetSpace, Preflight: w.call.Preflight, Response: w.call.Response}
	for {
		w.send(hop)
		next, ok := w.redirected(hop.Response)
		if !ok {
			return hop.Response
		}
		if w.hop == len(w.call.Redirects) {
			w.hop++
			w.target = next
			w.send(Hop{})
			return nil
		}
		hop = w.call.Redirects[w.hop]
		w.hop++
		w.target = next
		if hop.Target != nil {
			w.target = hop.Target
		}
	}
}

// send judges one request: the preflight's answer where it needs one, and its own
// (Fetch standard, "main fetch" and "HTTP fetch").
func (w *walker) send(hop Hop) {
	w.step = StepRequest
	w.reach(hop.Space)
	if w.isCORS() {
		w.step = StepPreflight
		w.preflight(hop)
	}
	w.step = StepAnswer
	w.answer(hop.Response)
}

// origin is what stands in the Origin header, now (Fetch standard, "serializing a request
// origin"). Firefox never sends null with a preflight.
func (w *walker) origin() string {
	if w.tainted && (w.step != StepPreflight || w.engine != preflight.Firefox) {
		return "null"
	}
	return w.call.Origin
}

// isSameOrigin reports whether an address is of the page's own origin.
func (w *walker) isSameOrigin(u *url.URL) bool {
	return u != nil && w.call.Origin != "null" && w.call.Origin == originOf(u)
}

func (w *walker) isNoCORS() bool {
	return w.request.Mode == preflight.ModeNoCORS && w.request.API != preflight.XHR
}

// isCORS reports whether the request that is sent now is one by CORS.
func (w *walker) isCORS() bool { return w.tainting == TypeCORS }

// find notes a finding of the step that the walker is at, with the evidence for it and
// the values for its sentence.
func (w *walker) find(code FindingCode, evidence string, values ...any) {
	k := kinds[code]
	detail := k.detail
	if len(values) > 0 {
		detail = fmt.Sprintf(k.detail, values...)
	}
	w.note(Finding{Code: code, Severity: k.severity, Detail: detail, Evidence: evidence, Fix: w.fix(code)})
}

// fix is what to do with Crossgate, for the page at hand.
func (w *walker) fix(code FindingCode) string {
	text := FixFor(code, Crossgate)
	if domain := strings.TrimPrefix(w.call.Origin, "https://"); strings.Contains(domain, ".") {
		text = strings.ReplaceAll(text, "DOMAIN", domain)
	}
	return text
}

// note adds a finding, and gives the verdict where it is the first that blocks.
func (w *walker) note(f Finding) {
	f.Step, f.Hop = w.step, w.hop
	w.findings = append(w.findings, f)
	if f.Severity != Blocks || w.verdict.Outcome == Blocked {
		return
	}
	w.verdict = Verdict{Blocked, f.Code}
	if f.Code == OpaqueAnswer || f.Code == RedirectOpaque {
		w.verdict.Outcome = Opaque
	}
}
