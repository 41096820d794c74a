package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
)

// policyJSON is the site's policy.
type policyJSON struct {
	Credentials        bool              `json:"credentials"`
	Methods            []string          `json:"methods"`
	AnyHeader          bool              `json:"any_header"`
	Headers            []string          `json:"headers"`
	MaxAge             int64             `json:"max_age"` // seconds
	Expose             []string          `json:"expose"`  // null: every response header
	QueryCarrier       gate.QueryCarrier `json:"query_carrier"`
	Exempt             []exemptJSON      `json:"exempt"`
	TokenRequired      bool              `json:"token_required"`
	OpenEnvelopes      bool              `json:"open_envelopes"`
	Mode               gate.Mode         `json:"mode"`
	UpstreamCredential string            `json:"upstream_credential"` // "set" or ""
	Version            int64             `json:"version"`
	Locked             []string          `json:"locked"` // members that were given when Crossgate was started
}

// exemptJSON is a path that pages of any origin may call.
type exemptJSON struct {
	Method string `json:"method"`
	Path   string `json:"path"`
}

func (a *API) policyAnswer(c *call, p control.Policy) answer {
	shown := policyJSON{
		Credentials: p.Credentials, Methods: list(p.Methods), AnyHeader: p.AnyHeader, Headers: list(p.Headers),
		MaxAge: int64(p.MaxAge / time.Second), Expose: p.Expose, QueryCarrier: p.QueryCarrier, Exempt: []exemptJSON{},
		TokenRequired: p.TokenRequired, OpenEnvelopes: p.OpenEnvelopes, Mode: p.Mode,
		UpstreamCredential: p.UpstreamCredential, Version: p.Version, Locked: list(a.lockedAt(c.control.Place())),
	}
	for _, e := range p.Exempt {
		shown.Exempt = append(shown.Exempt, exemptJSON(e))
	}
	return answer{body: shown, version: p.Version}
}

// lockedAt are the members that were given at the start, which is said of the site
// default alone.
func (a *API) lockedAt(site control.Place) []string {
	if site.ID != control.DefaultSiteID {
		return nil
	}
	return a.locked
}

func (a *API) showPolicy(c *call) (answer, error) {
	p, err := c.control.Policy(c.Context())
	return a.policyAnswer(c, p), err
}

// setPolicy changes what is given. It wants to know the version: a policy is changed
// as a whole, by people who have read it.
func (a *API) setPolicy(c *call) (answer, error) {
	version, given, err := c.ifMatch()
	if err == nil && !given {
		err = ifMatchMissing
	}
	if err != nil {
		return answer{}, err
	}
	in, err := a.readPolicy(c)
	if err != nil {
		return answer{}, err
	}
	in.Version = version
	p, _, err := c.control.SetPolicy(c.Context(), c.actor, in)
	return a.policyAnswer(c, p), conditional(err, true)
}

func (a *API) readPolicy(c *call) (control.SetPolicy, error) {
	var in control.SetPolicy
	var maxAge seconds
	var expose names
	var exempt *[]exemptJSON
	into := members{
		"credentials": &in.Credentials, "methods": &in.Methods, "any_header": &in.AnyHeader, "headers": &in.Headers,
		"max_age": &maxAge, "expose": &expose, "query_carrier": &in.QueryCarrier, "exempt": &exempt,
		"token_required": &in.TokenRequired, "open_envelopes": &in.OpenEnvelopes, "mode": &in.Mode,
		"upstream_credential": &in.UpstreamCredential,
	}
	if err := c.decode(into); err != nil {
		return in, err
	}
	in.MaxAge, in.Expose = maxAge.given, expose.given
	if exempt != nil {
		in.Exempt = new(each(*exempt, func(e exemptJSON) gate.ExemptPath { return gate.ExemptPath(e) }))
	}
	if in.Mode != nil && slices.Contains(a.lockedAt(c.control.Place()), "mode") {
		return in, settingLocked("mode")
	}
	return in, nil
}

func settingLocked(field string) *problem {
	p := newProblem(http.StatusConflict, "setting-locked", "The setting was given at the start",
		"A flag, a variable or the settings file of the server says it, which wins. Change it there.")
	p.Errors = []mistake{{field, p.Code, p.Detail}}
	return p
}

// seconds is a time in whole seconds.
type seconds struct{ given *time.Duration }

// maxSeconds keeps the number within a time.Duration; control has the real limit.
const maxSeconds = int64(1<<63-1) / int64(time.Second)

// UnmarshalJSON reads a whole number.
func (s *seconds) UnmarshalJSON(text []byte) error {
	var n *int64
	if json.Unmarshal(text, &n) != nil || n == nil || *n > maxSeconds || *n < -maxSeconds {
		return errors.New("it must be a whole number of seconds")
	}
	s.given = new(time.Duration(*n) * time.Second)
	return nil
}

// names is a list of names that may be null.
type names struct{ given *[]string }

// UnmarshalJSON reads an array of strings, or null.
func (n *names) UnmarshalJSON(text []byte) error {
	var list []string
	if err := json.Unmarshal(text, &list); err != nil {
		return errors.New("it must be an array of strings, or null for every response header")
	}
	n.given = &list
	return nil
}
