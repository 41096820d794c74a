package gate

import (
	"time"

	"github.com/crossgate/crossgate/token"
)

// A QueryCarrier says which requests may carry their access token in the query.
// Where it is off, the parameter is the API's own business, but for Crossgate's
// tokens: those are never forwarded.
type QueryCarrier = token.QueryCarrier

// The settings of the query carrier.
const (
	QueryFull = token.QueryFull // every method
	QueryRead = token.QueryRead // GET and HEAD
	QueryOff  = token.QueryOff  // none
)

// A Mode says what becomes of requests from untrusted origins.
type Mode string

// The modes.
const (
	Enforce Mode = "enforce"
	Observe Mode = "observe" // carried as they are and counted
)

// A Policy is what a site grants to its trusted origins. The zero Policy grants
// nothing: start from [DefaultPolicy].
type Policy struct {
	Credentials   bool          // cookies and Access-Control-Allow-Credentials, for secure origins
	Methods       []string      // of requests from trusted origins
	AnyHeader     bool          // every request header that is asked for
	Headers       []string      // the request headers granted where AnyHeader is off
	MaxAge        time.Duration // how long browsers may keep a preflight's answer, in whole seconds
	Expose        []string      // response headers for scripts; nil: all of them, with credentials off
	QueryCarrier  QueryCarrier
	TokenRequired bool // refuse requests without a token
	// OpenEnvelopes lets an envelope without a token change things and set headers: for
	// an API that takes such requests from anybody.
	OpenEnvelopes bool
	Mode          Mode
	Exempt        []ExemptPath
}

// An ExemptPath is a path, with all below it by whole segments, that pages of any
// origin may call with a method.
type ExemptPath struct{ Method, Path string }

// DefaultPolicy is the policy of a site that nobody has changed: GET, HEAD, POST,
// PUT, PATCH and DELETE, any request header, every response header exposed, no
// credentials, preflights kept for 7200 seconds, tokens in any query, none
// required, nothing exempt.
func DefaultPolicy() Policy {
	return Policy{
		Methods:      []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"},
		AnyHeader:    true,
		MaxAge:       7200 * time.Second,
		QueryCarrier: QueryFull,
		Mode:         Enforce,
	}
}
