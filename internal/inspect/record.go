package inspect

import (
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// An Observation is what the gateway knows when an exchange ends. Nothing of it is kept:
// what is remembered is copied, cut to size and looked through for tokens.
type Observation struct {
	Time     time.Time
	Duration time.Duration
	SiteID   int64  // 0: it was refused before its site was known
	Site     string // its name

	Method    string
	Effective string // "": Method
	Scheme    string
	Host      string
	Path      string // without the query
	Query     bool
	Carrier   Carrier

	Origin   string
	Verdict  gate.Kind
	Judged   bool // whether there was a verdict
	Reason   gate.Code
	Failed   bool // Reason is a failure, and not a refusal
	Refused  bool // Reason is a refusal
	DomainID int64
	Token    string // the public id
	Status   int

	Preflight      bool
	RequestMethod  string              // Access-Control-Request-Method
	RequestHeaders []string            // the Access-Control-Request-Headers fields
	Names          []string            // of the request's fields, as NoteName has chosen them
	Header         map[string][]string // the request's fields, by canonical name
	Cookie         bool                // whether one was sent
	FetchMode      string              // Sec-Fetch-Mode
	FetchSite      string              // Sec-Fetch-Site
	ContentType    string              // of the request that it stands for
	Answer         Answer
}

// An Answer is what the gateway knows of an answer's fields of CORS. Where Settled, the
// values are those that it has set itself and there are no others; otherwise they are
// the upstream's, in Header.
type Answer struct {
	Settled      bool
	AllowOrigin  string
	Credentials  bool
	Expose       string
	AllowMethods string
	AllowHeaders string
	MaxAge       string
	Header       map[string][]string // all fields, by canonical name; where Settled, Vary alone is looked for
}
