package inspect

import (
	"fmt"
	"strconv"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// An ID names one exchange. A later one has a higher ID, over restarts as well. Zero is none.
type ID uint64

// idBase is what IDs are written in: short, and safe in URLs.
const idBase = 36

// String returns the ID as people and addresses have it.
func (id ID) String() string { return strconv.FormatUint(uint64(id), idBase) }

// ParseID is String's counterpart.
func ParseID(s string) (ID, error) {
	n, err := strconv.ParseUint(s, idBase, 64)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%.20q names no exchange", s)
	}
	return ID(n), nil
}

// MarshalText makes the ID a string in JSON.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText is MarshalText's counterpart.
func (id *ID) UnmarshalText(text []byte) (err error) {
	*id, err = ParseID(string(text))
	return err
}

// An Outcome says what became of an exchange.
type Outcome string

// The outcomes. Each exchange has one.
const (
	Allowed  Outcome = "allowed"  // carried, or answered as it was asked for
	Refused  Outcome = "refused"  // Reason says why
	Observed Outcome = "observed" // carried, because the site only observes: its origin would have been refused
	Failed   Outcome = "failed"   // let in, but the upstream, the client or the gateway itself failed: Reason
)

// A Verdict is what was said of an exchange's origin: a [gate.Kind] by name.
type Verdict string

// The verdicts.
const (
	VerdictNone     Verdict = ""          // it was refused before its origin was looked at
	VerdictNoOrigin Verdict = "no-origin" // no CORS request
	VerdictOwn      Verdict = "own"       // from a page of the API's own
	VerdictTrusted  Verdict = "trusted"
	VerdictExempt   Verdict = "exempt"   // not trusted, at an exempt path
	VerdictObserved Verdict = "observed" // not trusted, in observe mode
	VerdictRefused  Verdict = "refused"
)

// An Exchange is one request and its answer, as far as they are remembered. It is a
// copy: change it as you like. Texts that were too long end in [Ellipsis].
type Exchange struct {
	ID       ID            `json:"id"`
	Time     time.Time     `json:"time"`     // when the request came
	Duration time.Duration `json:"duration"` // until its answer ended, in nanoseconds
	Site     string        `json:"site"`     // "" where it was refused before its site was known

	Method    string  `json:"method"`    // as it was sent
	Effective string  `json:"effective"` // that of the request it stands for: differs from Method in an envelope
	Scheme    string  `json:"scheme"`
	Host      string  `json:"host"`
	Path      string  `json:"path"` // percent codes and all, without the query
	Query     bool    `json:"query"`
	Carrier   Carrier `json:"carrier"` // what it was unwrapped from

	Origin   string    `json:"origin"` // as it came; "" where there was none
	Outcome  Outcome   `json:"outcome"`
	Verdict  Verdict   `json:"verdict"`
	Reason   gate.Code `json:"reason"`
	DomainID int64     `json:"domain_id"` // of the Trusted Domain that matched; 0: none
	Token    string    `json:"token"`     // the public id (tok_…) of Crossgate's access token, or ""
	Status   int       `json:"status"`    // 0: there was no answer

	Preflight bool     `json:"preflight"`
	Requested Intended `json:"requested"` // of a preflight
	Joined    ID       `json:"joined"`    // of a preflight the request behind it, and the other way round; 0: none

	// Headers are the names of the request's fields that are not CORS-safelisted (Fetch
	// standard, section 2.2.2), in lower case, sorted: what made, or would have made, a browser
	// ask first. Of a request in an envelope they are not kept.
	Headers     []string `json:"headers"`
	ContentType string   `json:"content_type"` // of the request that it stands for, without parameters
	Cookie      bool     `json:"cookie"`       // whether one was sent
	FetchMode   string   `json:"fetch_mode"`   // Sec-Fetch-Mode, one of the standard's or ""
	FetchSite   string   `json:"fetch_site"`   // Sec-Fetch-Site, the same
	Answer      []Field  `json:"answer"`       // the answer's fields of CORS, as they were sent
}

// Intended is the request that a preflight asks about.
type Intended struct {
	Method  string   `json:"method"`  // Access-Control-Request-Method
	Headers []string `json:"headers"` // the names in Access-Control-Request-Headers, as they came
}

// A Field is one field of an answer. One that was there twice is two.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// A Carrier is the name of what a request was unwrapped from; "" for an ordinary one.
type Carrier string

// The carriers.
const (
	Ordinary  Carrier = ""
	Query     Carrier = "query"
	Text      Carrier = "text"
	Form      Carrier = "form"
	Multipart Carrier = "multipart"
)

// Ellipsis ends a text that was too long.
const Ellipsis = "…"
