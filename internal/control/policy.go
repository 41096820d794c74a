package control

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// A Policy is what the site grants to pages of trusted origins, and asks of every
// request.
type Policy struct {
	Credentials   bool          // cookies, for trusted https origins
	Methods       []string      // of requests from trusted origins
	AnyHeader     bool          // every request header that is asked for
	Headers       []string      // the request headers granted where AnyHeader is off
	MaxAge        time.Duration // how long browsers keep a preflight's answer, in whole seconds
	Expose        []string      // response headers for scripts; nil: all of them, with Credentials none
	QueryCarrier  gate.QueryCarrier
	Exempt        []gate.ExemptPath // what pages of any origin may call
	TokenRequired bool              // refuse requests without a token
	OpenEnvelopes bool              // let envelopes without a token change things
	Mode          gate.Mode

	// UpstreamCredential is "set" where the site has one, which is sent upstream in
	// place of a verified access token, or "". It cannot be read back.
	UpstreamCredential string

	Version int64 // grows with each change: optimistic locking
}

// credentialSet is what is shown of an upstream credential.
const credentialSet = "set"

// sitePolicy is the policy with its credential as it is sealed.
type sitePolicy struct {
	Policy
	sealed []byte // nil: none
}

// SetPolicy changes the site's policy. Nil fields stay.
type SetPolicy struct {
	Version       int64 // the version that was seen; 0: any
	Credentials   *bool
	Methods       *[]string
	AnyHeader     *bool
	Headers       *[]string
	MaxAge        *time.Duration
	Expose        *[]string // of nil: every response header
	QueryCarrier  *gate.QueryCarrier
	Exempt        *[]gate.ExemptPath
	TokenRequired *bool
	OpenEnvelopes *bool
	Mode          *gate.Mode

	// UpstreamCredential is the whole value of Authorization, such as "Bearer …"; "":
	// none any more.
	UpstreamCredential *string
}

// Policy returns the site's policy.
func (s *Service) Policy(ctx context.Context) (Policy, error) {
	p, err := view(ctx, s, s.readPolicy)
	return p.Policy, err
}

// SetPolicy changes the site's policy, in force when it returns. All mistakes are
// told at once, in Error.Fields. Where nothing is changed, nothing is recorded and
// the Change is zero.
func (s *Service) SetPolicy(ctx context.Context, who Actor, in SetPolicy) (Policy, Change, error) {
	in, err := in.checked()
	if err != nil {
		return Policy{}, Change{}, err
	}
	sealed, err := s.sealCredential(in.UpstreamCredential)
	if err != nil {
		return Policy{}, Change{}, err
	}
	var c Change
	p, err := change(ctx, s, func(w Writer) (p Policy, err error) {
		p, c, err = s.setPolicy(w, who, in, sealed)
		return p, err
	})
	return p, c, err
}

// setPolicy is SetPolicy within a transaction, of what was checked and sealed.
func (s *Service) setPolicy(w Writer, who Actor, in SetPolicy, sealed []byte) (Policy, Change, error) {
	before, err := s.readPolicy(w)
	if err != nil {
		return Policy{}, Change{}, err
	}
	if in.Version != 0 && in.Version != before.Version {
		return before.Policy, Change{}, changedSince("the site's policy")
	}
	after, did := in.applied(before.Policy)
	if len(did) == 0 {
		return before.Policy, Change{}, nil
	}
	c, err := s.putPolicy(w, who, before.Policy, after, sealed, strings.Join(did, ", "))
	return after, c, err
}

// putPolicy writes and records a policy, and the credential where one was sealed.
func (s *Service) putPolicy(w Writer, who Actor, before, after Policy, sealed []byte, did string) (Change, error) {
	if err := w.PutPolicy(s.site.ID, after); err != nil {
		return Change{}, fmt.Errorf("writing the policy: %w", err)
	}
	var err error
	switch {
	case sealed != nil:
		err = w.PutSealedSecret(s.site.ID, upstreamCredential, sealed, s.now())
	case after.UpstreamCredential == "":
		err = w.DeleteSealedSecret(s.site.ID, upstreamCredential)
	}
	if err != nil {
		return Change{}, fmt.Errorf("writing the upstream credential: %w", err)
	}
	return s.recordPolicy(w, who, before, after, did)
}

// readPolicy reads the policy and what is sealed of it.
func (s *Service) readPolicy(r Reader) (sitePolicy, error) { return readPolicy(r, s.site.ID) }

func readPolicy(r Reader, site int64) (p sitePolicy, err error) {
	p.Policy, err = r.Policy(site)
	if errors.Is(err, ErrNoRecord) {
		p.Policy, err = DefaultPolicy(), nil
	}
	if err != nil {
		return p, fmt.Errorf("reading the policy: %w", err)
	}
	p.sealed, err = r.SealedSecret(site, upstreamCredential)
	switch {
	case err == nil:
		p.UpstreamCredential = credentialSet
	case errors.Is(err, ErrNoRecord):
		return p, nil
	}
	return p, err
}

// DefaultPolicy is the policy of a site that nobody has changed.
func DefaultPolicy() Policy {
	p := gate.DefaultPolicy()
	return Policy{
		Credentials: p.Credentials, Methods: p.Methods, AnyHeader: p.AnyHeader, Headers: p.Headers,
		MaxAge: p.MaxAge, Expose: p.Expose, QueryCarrier: p.QueryCarrier, Exempt: p.Exempt,
		TokenRequired: p.TokenRequired, OpenEnvelopes: p.OpenEnvelopes, Mode: p.Mode, Version: 1,
	}
}

// rules is the policy as the gate applies it.
func (p Policy) rules() gate.Policy {
	return gate.Policy{
		Credentials: p.Credentials, Methods: p.Methods, AnyHeader: p.AnyHeader, Headers: p.Headers,
		MaxAge: p.MaxAge, Expose: p.Expose, QueryCarrier: p.QueryCarrier, Exempt: p.Exempt,
		TokenRequired: p.TokenRequired, OpenEnvelopes: p.OpenEnvelopes, Mode: p.Mode,
	}
}
