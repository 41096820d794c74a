package explain

import "github.com/crossgate/crossgate/preflight"

// A Report is what is to be said about a call.
type Report struct {
	Verdict  Verdict                      `json:"verdict"`  // of all engines; by the Fetch standard where they differ
	Verdicts map[preflight.Engine]Verdict `json:"verdicts"` // of every engine
	Findings []Finding                    `json:"findings"` // in the order of the call
	Sees     Sees                         `json:"sees"`     // with that verdict
}

// A Verdict is whether the script gets the answer.
type Verdict struct {
	Outcome Outcome     `json:"outcome"`
	Code    FindingCode `json:"code,omitempty"` // the first thing that keeps it from being readable
}

// An Outcome is what a script gets.
type Outcome string

// The outcomes.
const (
	Readable Outcome = "readable" // the answer
	Blocked  Outcome = "blocked"  // an error that says nothing
	Opaque   Outcome = "opaque"   // an answer without status, headers and body
	Unknown  Outcome = "unknown"  // an answer is missing, and nothing before it fails
)

// Sees is what a script sees of the answer.
type Sees struct {
	Type       ResponseType `json:"type"`
	Status     int          `json:"status"`     // 0: it sees none
	Redirected bool         `json:"redirected"` // response.redirected
	Headers    []string     `json:"headers"`    // names that it can read, in lower case, sorted
	Hidden     []string     `json:"hidden"`     // names that came and that it cannot read, likewise
}

// A ResponseType is a response's (Fetch standard, "response type").
type ResponseType string

// The response types.
const (
	TypeBasic          ResponseType = "basic" // of the page's own origin
	TypeCORS           ResponseType = "cors"
	TypeOpaque         ResponseType = "opaque"
	TypeOpaqueRedirect ResponseType = "opaqueredirect"
	TypeError          ResponseType = "error"
	TypeNone           ResponseType = "" // not known: an answer is missing
)
