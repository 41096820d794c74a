package doctor

import (
	"slices"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/preflight"
)

// A Report is what an examination has shown. Its JSON is relied upon by scripts.
type Report struct {
	URL      string              `json:"url"` // without values of its query
	Origin   string              `json:"origin"`
	Method   string              `json:"method"`
	Verdict  explain.Outcome     `json:"verdict"` // by the Fetch standard
	Code     explain.FindingCode `json:"code"`    // the first thing that fails; "": nothing does
	Steps    []Step              `json:"steps"`   // what the browser does, then the probes
	Engines  []EngineVerdict     `json:"engines"`
	Findings []explain.Finding   `json:"findings"`
	Fixes    []Fix               `json:"fixes"` // of what is to be mended first, by server
	Sees     explain.Sees        `json:"sees"`
	Times    Times               `json:"milliseconds"`
	Sent     map[string]int      `json:"sent"`              // how many messages of each method
	Unsent   bool                `json:"unsent"`            // the method was not allowed to be sent
	Cut      bool                `json:"cut"`               // the limits were reached: not everything was tried
	Gateway  *Refusal            `json:"gateway,omitempty"` // where the server is a Crossgate that refuses

	SameOrigin bool `json:"same_origin"` // page and server have one origin: there is no CORS

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
	return slices.ContainsFunc(r.Findings, func(f explain.Finding) bool { return f.Severity == explain.Insecure })
}

// Readable reports whether the script gets the answer, in every engine.
func (r Report) Readable() bool {
	fails := func(e EngineVerdict) bool { return e.Outcome != explain.Readable }
	return r.Verdict == explain.Readable && !slices.ContainsFunc(r.Engines, fails)
}

// Fails is the first thing that keeps the script from the answer by the standard, and
// whether there is one.
func (r Report) Fails() (explain.Finding, bool) {
	i := slices.IndexFunc(r.Findings, func(f explain.Finding) bool { return f.Code == r.Code && r.blocks(f) })
	if i < 0 {
		return explain.Finding{}, false
	}
	return r.Findings[i], true
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
