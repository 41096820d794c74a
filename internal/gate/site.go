package gate

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// Grants finds what an access token allows, by the token's digest.
type Grants interface {
	Grant(token.Digest) (*token.Grant, bool)
}

// A SiteConfig is what a Site is made of.
type SiteConfig struct {
	PublicURLs []trust.Origin // its own origins; none: see Facts.SocketOrigin
	Trusted    *trust.Set
	Policy     Policy
	Grants     Grants            // nil: no access token of Crossgate's is known
	Name       string            // what its tickets are bound to
	Tickets    *token.TicketKeys // nil: there are no tickets

	// UpstreamCredential is the Authorization that goes upstream in place of an
	// access token that was verified, and of nothing else; "": none.
	UpstreamCredential string
	// CredentialSealed says that there is one and it cannot be opened: then requests
	// with an access token are refused rather than sent without it.
	CredentialSealed bool
}

// A Site is one API as the rules see it: immutable, with whatever can be made
// beforehand ready. The zero Site trusts nothing.
type Site struct {
	own     []trust.Origin
	trusted *trust.Set
	policy  Policy
	grants  Grants
	name    string
	tickets *token.TicketKeys

	credential string // Authorization for the upstream, see SiteConfig
	sealed     bool

	plain        bool   // whether quick answers hold: see quick.go
	allowMethods string // Access-Control-Allow-Methods
	maxAge       string // Access-Control-Max-Age, in seconds
	expose       string // Access-Control-Expose-Headers
}

// NewSite compiles a site.
func NewSite(cfg SiteConfig) *Site {
	p := cfg.Policy
	return &Site{
		own:          cfg.PublicURLs,
		trusted:      cfg.Trusted,
		policy:       p,
		grants:       cfg.Grants,
		name:         cfg.Name,
		tickets:      cfg.Tickets,
		credential:   cfg.UpstreamCredential,
		sealed:       cfg.CredentialSealed,
		plain:        !p.Credentials && !p.TokenRequired && p.Mode != Observe && len(p.Exempt) == 0,
		allowMethods: strings.Join(p.Methods, ", "),
		maxAge:       strconv.FormatInt(int64(p.MaxAge/time.Second), 10),
		expose:       exposed(p),
	}
}

// exposed is the value of Access-Control-Expose-Headers. With credentials a star
// is the name of a header and nothing else (Fetch standard, section 3.2.5).
func exposed(p Policy) string {
	if p.Expose == nil && !p.Credentials {
		return "*"
	}
	return strings.Join(p.Expose, ", ")
}

// Trusted returns the site's Trusted Domains.
func (s *Site) Trusted() *trust.Set { return s.trusted }

// Policy returns the site's policy. It is not to be changed.
func (s *Site) Policy() *Policy { return &s.policy }

// PublicURLs returns the site's own origins.
func (s *Site) PublicURLs() []trust.Origin { return s.own }

// JudgeHost says whether requests for a host, as in the Host field, are the
// site's: "" where they are, otherwise the code of the refusal. Without configured
// public URLs only localhost and addresses are: any other name could be one that
// an attacker lets point here (DNS rebinding).
func (s *Site) JudgeHost(host string) Code {
	if len(s.own) == 0 {
		if isLocalHost(host) {
			return ""
		}
		return PublicURLUnset
	}
	for _, o := range s.own {
		if isAuthorityOf(host, o) {
			return ""
		}
	}
	return HostUnknown
}

// isLocalHost reports whether a Host field is localhost or an address, with or
// without a port.
func isLocalHost(host string) bool {
	if name, port, found := strings.Cut(host, ":"); strings.EqualFold(name, "localhost") {
		return !found || isPort(port)
	}
	if a, err := netip.ParseAddrPort(host); err == nil {
		return a.Addr().Zone() == ""
	}
	if inside, ok := strings.CutPrefix(host, "["); ok {
		a, err := netip.ParseAddr(strings.TrimSuffix(inside, "]"))
		return err == nil && a.Is6() && a.Zone() == "" && strings.HasSuffix(host, "]")
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Is4()
}

func isPort(s string) bool {
	_, err := strconv.ParseUint(s, 10, 16)
	return err == nil
}

// isAuthorityOf reports whether a Host field names the origin's host and port;
// names are compared without regard to case, and a default port may be written.
func isAuthorityOf(host string, o trust.Origin) bool {
	authority := o.Authority()
	if len(host) < len(authority) || !strings.EqualFold(host[:len(authority)], authority) {
		return false
	}
	switch host[len(authority):] {
	case "":
		return true
	case ":443":
		return o.Scheme() == "https" && o.Port() == ""
	case ":80":
		return o.Scheme() == "http" && o.Port() == ""
	}
	return false
}
