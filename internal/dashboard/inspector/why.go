package inspector

import (
	"cmp"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/preflight"
)

// A cause is one reason for a preflight.
type cause struct {
	Code     string
	Detail   string // a sentence
	Document string // address of its description
}

// A why says why a browser asks before it sends a request, and how to avoid that.
type why struct {
	Causes []cause
	Advice []string // the cheapest way first
	Would  bool     // it did not ask: the request came unwrapped
}

// whyOf explains the preflight of a pair, or the one that a carrier has saved. It is nil
// where there is none to explain.
func whyOf(p pair) *why {
	unwrapped := p.Request != nil && p.Request.Carrier != inspect.Ordinary
	if p.Preflight == nil && !unwrapped {
		return nil
	}
	answer, err := explain.Explain(explain.Question{Request: p.request(), Origin: p.main().Origin, Target: p.target()})
	if err != nil || !answer.Preflight {
		return nil // the request cannot be told from its names alone
	}
	w := &why{Would: p.Preflight == nil}
	for _, c := range answer.Because {
		w.Causes = append(w.Causes, causeOf(p, c))
	}
	if !w.Would {
		for _, a := range answer.Advice {
			w.Advice = append(w.Advice, a.Detail)
		}
	}
	return w
}

// causeOf is a cause in words that hold where only the name of a header is known.
func causeOf(p pair, c preflight.Cause) cause {
	detail := c.Detail
	switch {
	case c.Header == "content-type" && p.contentType() == "":
		detail = "The content type is none of the three that an HTML form can send. A preflight does not say which it is; application/json is the usual one."
	case unsafe[c.Header] != "":
		detail = "The value of " + c.Header + " is longer than 128 bytes, or has something in it that is not safelisted."
	}
	return cause{Code: string(c.Code), Detail: detail, Document: docs + "preflight.md#" + string(c.Code)}
}

// A finding is one thing to say about the exchange.
type finding struct {
	Kind     string // an icon: "refused", "warning" or "note"
	Name     string // of the severity
	Code     string
	Detail   string
	Evidence string
	Fix      string
	Engines  []preflight.Engine // nil: all
	Document string
}

// A report is what the engine has to say of a pair.
type report struct {
	Readable string // what the page's script got, in a sentence; "": not known
	Findings []finding
	Notes    []finding // what is good to know and no fault
}

// reportOf asks the engine. What is said elsewhere on the page is left out.
func reportOf(p pair) report {
	if !p.fromPage() {
		return report{}
	}
	judged := explain.JudgeCall(p.call())
	var r report
	switch judged.Verdict.Outcome {
	case explain.Readable:
		r.Readable = "The page’s script can read the answer."
	case explain.Blocked:
		r.Readable = "The page’s script gets an error that says nothing (a TypeError), whatever was answered."
	case explain.Opaque:
		r.Readable = "The page’s script gets an opaque answer: no status, no headers, no body."
	case explain.Unknown:
	}
	for _, f := range judged.Findings {
		switch {
		case isSaid(p, f):
		case f.Severity == explain.Note:
			r.Notes = append(r.Notes, newFinding(f))
		default:
			r.Findings = append(r.Findings, newFinding(f))
		}
	}
	return r
}

// isSaid reports whether the page says elsewhere what a finding says: why the browser
// asked, and that the gateway has refused.
func isSaid(p pair, f explain.Finding) bool {
	refused := p.main().Outcome == inspect.Refused
	return f.Code == explain.PreflightNeeded || refused && f.Severity == explain.Blocks && f.Step != explain.StepRequest
}

func newFinding(f explain.Finding) finding {
	kinds := map[explain.Severity][2]string{
		explain.Blocks:   {"refused", "Blocks"},
		explain.Insecure: {"warning", "Insecure"},
		explain.Slows:    {"warning", "Slows"},
		explain.Note:     {"note", "Note"},
	}
	kind := kinds[f.Severity]
	return finding{
		Kind: cmp.Or(kind[0], "note"), Name: cmp.Or(kind[1], "Note"), Code: string(f.Code),
		Detail: f.Detail, Evidence: f.Evidence, Fix: f.Fix, Engines: f.Engines,
		Document: docs + "findings.md#" + string(f.Code),
	}
}
