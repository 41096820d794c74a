package control

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/crossgate/crossgate/internal/gate"
)

// applied returns the policy as it is asked to be, and what that changes of it.
func (in SetPolicy) applied(p Policy) (Policy, []string) {
	var did []string
	note := func(changed bool, format string, args ...any) {
		if changed {
			did = append(did, fmt.Sprintf(format, args...))
		}
	}
	note(put(&p.Credentials, in.Credentials), "credentials %s", onOff(p.Credentials))
	note(putList(&p.Methods, in.Methods), "methods %s", strings.Join(p.Methods, " "))
	headers := putList(&p.Headers, in.Headers)
	note(put(&p.AnyHeader, in.AnyHeader) || headers, "request headers %s", granted(p.AnyHeader, p.Headers))
	note(put(&p.MaxAge, in.MaxAge), "preflights kept %s", p.MaxAge)
	note(putList(&p.Expose, in.Expose), "response headers %s", granted(p.Expose == nil, p.Expose))
	note(put(&p.QueryCarrier, in.QueryCarrier), "tokens in the query %s", p.QueryCarrier)
	note(putList(&p.Exempt, in.Exempt), "exempt paths %s", exemptText(p.Exempt))
	note(put(&p.TokenRequired, in.TokenRequired), "token required %s", onOff(p.TokenRequired))
	note(put(&p.OpenEnvelopes, in.OpenEnvelopes), "envelopes without a token %s", onOff(p.OpenEnvelopes))
	note(put(&p.Mode, in.Mode), "mode %s", p.Mode)
	note(p.putCredential(in.UpstreamCredential), "upstream credential %s", map[bool]string{true: "given", false: "removed"}[p.UpstreamCredential != ""])
	if len(did) > 0 {
		p.Version++
	}
	return p, did
}

// put writes a value that is given, and reports whether it is another one.
func put[T comparable](to, given *T) bool {
	if given == nil || *given == *to {
		return false
	}
	*to = *given
	return true
}

// putList is put for lists, of which nil and empty ones differ.
func putList[T comparable](to, given *[]T) bool {
	if given == nil || (slices.Equal(*given, *to) && (*given == nil) == (*to == nil)) {
		return false
	}
	*to = *given
	return true
}

// putCredential notes that there is a credential, or none. One that is given is a
// change even where there was one: nobody can see whether it is the same.
func (p *Policy) putCredential(given *string) bool {
	if given == nil || (*given == "" && p.UpstreamCredential == "") {
		return false
	}
	p.UpstreamCredential = ""
	if *given != "" {
		p.UpstreamCredential = credentialSet
	}
	return true
}

func onOff(on bool) string { return map[bool]string{true: "on", false: "off"}[on] }

func granted(all bool, names []string) string {
	switch {
	case all:
		return "all"
	case len(names) == 0:
		return "none"
	}
	return strings.Join(names, " ")
}

func exemptText(paths []gate.ExemptPath) string {
	list := make([]string, len(paths))
	for i, e := range paths {
		list[i] = e.Method + " " + e.Path
	}
	return granted(false, list)
}

// auditedPolicy is a policy as the audit log keeps it: of the credential, whether
// there is one.
type auditedPolicy struct {
	Credentials        bool              `json:"credentials"`
	Methods            []string          `json:"methods"`
	AnyHeader          bool              `json:"any_header"`
	Headers            []string          `json:"headers,omitempty"`
	MaxAge             int64             `json:"max_age"` // seconds
	Expose             []string          `json:"expose"`  // null: every response header
	QueryCarrier       gate.QueryCarrier `json:"query_carrier"`
	Exempt             []string          `json:"exempt,omitempty"`
	TokenRequired      bool              `json:"token_required"`
	OpenEnvelopes      bool              `json:"open_envelopes"`
	Mode               gate.Mode         `json:"mode"`
	UpstreamCredential string            `json:"upstream_credential"`
	Version            int64             `json:"version"`
}

func (s *Service) recordPolicy(w Writer, who Actor, before, after Policy, did string) (Change, error) {
	r := AuditRecord{Change: Change{Actor: who, Action: actionSetPolicy, Summary: "site policy: " + did}, Site: s.site.ID}
	var err error
	if r.Before, err = encodePolicy(before); err != nil {
		return Change{}, err
	}
	if r.After, err = encodePolicy(after); err != nil {
		return Change{}, err
	}
	return s.record(w, r, []Subject{{s.site.ID, SubjectPolicy, s.site.Name}})
}

func encodePolicy(p Policy) ([]byte, error) {
	a := auditedPolicy{
		Credentials: p.Credentials, Methods: p.Methods, AnyHeader: p.AnyHeader, Headers: p.Headers,
		MaxAge: int64(p.MaxAge.Seconds()), Expose: p.Expose, QueryCarrier: p.QueryCarrier,
		TokenRequired: p.TokenRequired, OpenEnvelopes: p.OpenEnvelopes, Mode: p.Mode,
		UpstreamCredential: p.UpstreamCredential, Version: p.Version,
	}
	for _, e := range p.Exempt {
		a.Exempt = append(a.Exempt, e.Method+" "+e.Path)
	}
	return json.Marshal(a)
}
