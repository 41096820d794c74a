package crossgate

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// Config is what [New] makes a [Gate] of. Its zero value trusts nobody.
type Config struct {
	// TrustedDomains are the domains whose pages may call the handler, as a person
	// types them: see [trust.ParseDomain] for what an entry means.
	TrustedDomains []string

	// PublicURLs are the origins that the handler itself is served from, such as
	// "https://api.example.com". Its own pages are no cross-origin callers. Where
	// any are given, requests for other hosts are answered 421; where none are,
	// hosts are not looked at.
	PublicURLs []string

	// Methods are the request methods granted to trusted origins. Nil: GET, HEAD,
	// POST, PUT, PATCH and DELETE.
	Methods []string

	// RequestHeaders are the request headers granted to trusted origins, without
	// regard to case. Nil: every header that a page asks for.
	RequestHeaders []string

	// ResponseHeaders are the response headers that scripts may read besides the
	// CORS-safelisted ones, at most 128. Nil: all of them; with Credentials, none.
	ResponseHeaders []string

	// MaxAge is how long browsers may keep the answer to a preflight, in whole
	// seconds. Zero: 7200 s. Negative: not at all.
	MaxAge time.Duration

	// Credentials lets pages of trusted https origins send the visitor's cookies
	// along, and says so in Access-Control-Allow-Credentials. Where it is off, the
	// cookies of cross-origin requests are taken away.
	Credentials bool

	// QueryToken says which requests may carry their access token in the query.
	// The zero value is [QueryTokenAlways].
	QueryToken QueryToken

	// Grant finds what one of Crossgate's access tokens (cgt_…) allows. Nil: none is
	// known, and requests with one are answered 401. Tokens of other makes are
	// passed on to the handler as they are.
	Grant func(token.Digest) (*token.Grant, bool)

	// TicketKeys sign and verify tickets: short-lived stand-ins for access tokens, for
	// the addresses of EventSource, WebSocket, images and downloads. Where any are given,
	// pages get tickets at /.crossgate/ticket, and at such a path below any other, which
	// then are no paths of the handler's.
	// All processes that serve the same API have the same keys, and no other API has
	// them. Tickets need Grant.
	TicketKeys []token.TicketKey

	// OpenEnvelopes lets an envelope without an access token change things and set
	// headers, for an API that takes such requests from anybody. Where it is off, such
	// an envelope is answered 401, but for a bare GET or HEAD.
	OpenEnvelopes bool

	// ServeClient serves the browser client at /.crossgate/client.js and
	// /.crossgate/worker.js, and at the names of theirs that change with their text, below
	// any other path, too. Those are no paths of the handler's, then.
	ServeClient bool

	// Observe is called with each request that has an Origin and what was decided
	// of it, before the handler is. It must not block.
	Observe func(*http.Request, Decision)

	// DangerouslyTrustInsecureOrigins accepts entries with http:// and with schemes
	// of apps, whose pages others can serve, too.
	DangerouslyTrustInsecureOrigins bool

	// DangerouslyTrustPublicSuffixes accepts wildcards below which strangers
	// register names, such as *.github.io.
	DangerouslyTrustPublicSuffixes bool

	// DangerouslyTrustMixedScripts accepts names that mix alphabets within a label,
	// as look-alikes of other names do.
	DangerouslyTrustMixedScripts bool
}

// A QueryToken says which requests may carry their access token in the query.
type QueryToken uint8

// The settings of Config.QueryToken.
const (
	QueryTokenAlways QueryToken = iota // every method
	QueryTokenRead                     // GET and HEAD
	QueryTokenNever
)

var queryCarriers = [...]gate.QueryCarrier{
	QueryTokenAlways: gate.QueryFull,
	QueryTokenRead:   gate.QueryRead,
	QueryTokenNever:  gate.QueryOff,
}

// A Reason says what is wrong with one value of a configuration. The reasons of
// entries are those of the trust package ([trust.DomainReason]) and the
// confirmations that an option would give ([trust.Confirmation]); the others are
// here.
type Reason string

// The reasons that are not about entries.
const (
	BadPublicURL  Reason = "public-url"
	BadMethod     Reason = "method"
	BadHeader     Reason = "header"
	TooManyHeader Reason = "too-many-headers"
	BadMaxAge     Reason = "max-age"
	BadQueryToken Reason = "query-token"
	BadTicketKey  Reason = "ticket-key"
)

// A ConfigError is one mistake in a configuration.
type ConfigError struct {
	Field  string // of Config, such as "TrustedDomains"
	Value  string // the value that is wrong
	Reason Reason
	Err    error // says what to do; a *trust.DomainError where an entry could not be parsed
}

func (e *ConfigError) Error() string { return "crossgate: " + e.Field + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *ConfigError) Unwrap() error { return e.Err }

// ConfigErrors returns the mistakes that an error of this package consists of.
func ConfigErrors(err error) []*ConfigError {
	var all []*ConfigError
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			all = append(all, ConfigErrors(e)...)
		}
		return all
	}
	if e, ok := errors.AsType[*ConfigError](err); ok {
		all = append(all, e)
	}
	return all
}

// mistakes collects what is wrong, so that all of it is reported at once.
type mistakes []error

func (m *mistakes) add(field, value string, reason Reason, err error) {
	*m = append(*m, &ConfigError{Field: field, Value: value, Reason: reason, Err: err})
}

// policy is the part of a configuration that the rules call policy.
func (c *Config) policy(m *mistakes) gate.Policy {
	p := gate.DefaultPolicy()
	p.Credentials, p.OpenEnvelopes = c.Credentials, c.OpenEnvelopes
	if c.Methods != nil {
		p.Methods = c.checkMethods(m)
	}
	if c.RequestHeaders != nil {
		p.AnyHeader = false
		p.Headers = checkHeaders(m, "RequestHeaders", c.RequestHeaders)
	}
	if c.ResponseHeaders != nil {
		p.Expose = checkHeaders(m, "ResponseHeaders", c.ResponseHeaders)
	}
	switch {
	case c.MaxAge < 0:
		p.MaxAge = 0
	case c.MaxAge > gate.MaxMaxAge:
		m.add("MaxAge", c.MaxAge.String(), BadMaxAge, fmt.Errorf("%v is longer than any browser keeps an answer; give at most %v", c.MaxAge, gate.MaxMaxAge))
	case c.MaxAge > 0:
		p.MaxAge = c.MaxAge
	}
	if int(c.QueryToken) >= len(queryCarriers) {
		m.add("QueryToken", fmt.Sprint(c.QueryToken), BadQueryToken, errors.New("use QueryTokenAlways, QueryTokenRead or QueryTokenNever"))
		return p
	}
	p.QueryCarrier = queryCarriers[c.QueryToken]
	return p
}

func (c *Config) checkMethods(m *mistakes) []string {
	for _, method := range c.Methods {
		if err := gate.CheckMethod(method); err != nil {
			m.add("Methods", method, BadMethod, err)
		}
	}
	return slices.Clone(c.Methods)
}

func checkHeaders(m *mistakes, field string, names []string) []string {
	if len(names) > gate.MaxNames {
		m.add(field, "", TooManyHeader, fmt.Errorf("%d headers; give at most %d", len(names), gate.MaxNames))
	}
	for _, name := range names {
		if err := gate.CheckHeader(name); err != nil {
			m.add(field, name, BadHeader, fmt.Errorf("%w; leave the option out to grant all of them", err))
		}
	}
	return slices.Clone(names)
}

func (c *Config) publicURLs(m *mistakes) []trust.Origin {
	var own []trust.Origin
	for _, url := range c.PublicURLs {
		o, err := trust.ParseOrigin(strings.TrimSuffix(url, "/"))
		if err == nil && o.Scheme() != "https" && o.Scheme() != "http" {
			err = fmt.Errorf("%q: a public URL begins with https:// or http://", url)
		}
		if err != nil {
			m.add("PublicURLs", url, BadPublicURL, err)
			continue
		}
		own = append(own, o)
	}
	return own
}

// ticketKeys makes of the keys what signs and verifies with them, or nil where there
// are none.
func (c *Config) ticketKeys(m *mistakes) *token.TicketKeys {
	if len(c.TicketKeys) == 0 {
		return nil
	}
	if c.Grant == nil {
		m.add("TicketKeys", "", BadTicketKey, errors.New("a ticket stands for an access token; give Grant, too, which finds what one allows"))
	}
	for _, key := range c.TicketKeys {
		if key.Secret == [token.TicketKeyBytes]byte{} {
			m.add("TicketKeys", "", BadTicketKey, fmt.Errorf("the secret of a key is empty; fill it with %d random bytes, and keep them", token.TicketKeyBytes))
		}
	}
	return token.NewTicketKeys(c.TicketKeys...)
}

// domains parses entries and checks that what needs an option has it.
func (c *Config) domains(m *mistakes, entries []string) []trust.Domain {
	var parsed []trust.Domain
	for _, entry := range entries {
		d, err := trust.ParseDomain(entry)
		if err != nil {
			m.add("TrustedDomains", entry, reasonOf(err), err)
			continue
		}
		for _, needed := range d.Confirmations() {
			if option, given := c.confirms(needed); !given {
				m.add("TrustedDomains", entry, Reason(needed), fmt.Errorf("%q is trusted only with the option %s", d, option))
			}
		}
		parsed = append(parsed, d)
	}
	return parsed
}

func reasonOf(err error) Reason {
	if e, ok := errors.AsType[*trust.DomainError](err); ok {
		return Reason(e.Reason)
	}
	return ""
}

// confirms returns the option that stands for a person's confirmation, and whether
// it is given.
func (c *Config) confirms(needed trust.Confirmation) (option string, given bool) {
	switch needed {
	case trust.ConfirmInsecure:
		return "DangerouslyTrustInsecureOrigins", c.DangerouslyTrustInsecureOrigins
	case trust.ConfirmPublicSuffix:
		return "DangerouslyTrustPublicSuffixes", c.DangerouslyTrustPublicSuffixes
	}
	return "DangerouslyTrustMixedScripts", c.DangerouslyTrustMixedScripts
}
