// Package gate holds the rules: facts about a request in, verdicts and edits out.
// It knows no socket and no *http.Request, so one copy of it serves the
// middleware, the gateway, the command line and the dashboard.
package gate

import (
	"time"

	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// QueryCarrier says which requests may carry their access token in the query.
type QueryCarrier string

// The settings of the query carrier.
const (
	QueryFull QueryCarrier = "full" // every method
	QueryRead QueryCarrier = "read" // GET and HEAD
	QueryOff  QueryCarrier = "off"  // none: 401 token-missing, or the upstream's answer
)

// Mode says what becomes of requests from untrusted origins.
type Mode string

// The modes.
const (
	Enforce Mode = "enforce"
	Observe Mode = "observe" // carried as they are and counted
)

// A Policy is what a site grants to its trusted origins. The zero Policy is not
// of use: start from [DefaultPolicy].
type Policy struct {
	Credentials   bool     // cookies and Access-Control-Allow-Credentials, for secure origins
	Methods       []string // granted to preflights
	AnyHeader     bool     // any request header that is asked for
	Headers       []string // the request headers granted where AnyHeader is off, lower case
	MaxAge        time.Duration
	Expose        []string // response headers that scripts may read; nil: all (*), with credentials off
	QueryCarrier  QueryCarrier
	TokenRequired bool
	Mode          Mode
	Exempt        []ExemptPath
}

// An ExemptPath is a path that pages of any origin may call: method and whole
// path segments.
type ExemptPath struct{ Method, Path string }

// DefaultPolicy is the policy of a site that nobody has changed: GET, HEAD, POST,
// PUT, PATCH and DELETE, any request header, everything exposed, no credentials,
// preflights kept for 7200 seconds, tokens in any query, none required.
func DefaultPolicy() Policy {
	return Policy{
		Methods:      []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"},
		AnyHeader:    true,
		MaxAge:       7200 * time.Second,
		QueryCarrier: QueryFull,
		Mode:         Enforce,
	}
}

// Grants finds access tokens by digest.
type Grants interface {
	Grant(token.Digest) (*token.Grant, bool)
}

// A SiteConfig is what a Site is made of.
type SiteConfig struct {
	PublicURLs []trust.Origin // its own origins; none: see Facts.SocketOrigin
	Trusted    *trust.Set
	Policy     Policy
	Grants     Grants // nil: no access token of Crossgate's is known
}

// A Site is one API as the rules see it: immutable, with the answers that can be
// made beforehand ready. The zero Site trusts nothing.
type Site struct {
	cfg SiteConfig
}

// NewSite compiles a site.
func NewSite(cfg SiteConfig) *Site { panic("todo") }
