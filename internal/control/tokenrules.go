package control

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// tokenMethods are the methods that a token can be limited to: all that are ever
// forwarded (protocol, rule 6).
var tokenMethods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}

func validTokenName(name string) error {
	if name == "" {
		return refuse(CodeInvalid, "name", "give the token a name, so that you know it again on the list")
	}
	return validText("name", name, MaxTokenName)
}

// validMethods returns the methods in upper case, each once, or nil for every method.
func validMethods(in []string) ([]string, error) {
	var methods []string
	for _, m := range in {
		m = strings.ToUpper(strings.TrimSpace(m))
		if !slices.Contains(tokenMethods, m) {
			return nil, refuse(CodeInvalid, "methods", fmt.Sprintf("%q is no method that a token can be limited to; use %s", m, strings.Join(tokenMethods, ", ")))
		}
		if !slices.Contains(methods, m) {
			methods = append(methods, m)
		}
	}
	return methods, nil
}

// validPathPrefix checks the prefix of a token's scope.
func validPathPrefix(p string) error {
	if p == "" {
		return nil
	}
	return validPath("path-prefix", "path prefix", p)
}

// validPath checks that a path is made of plain segments: one that a server might read
// as another one must never be in a scope. What names it to a person.
func validPath(field, what, p string) error {
	switch {
	case len(p) > MaxPathPrefix:
		return refuse(CodeInvalid, field, fmt.Sprintf("the %s is longer than %d bytes; shorten it", what, MaxPathPrefix))
	case p[0] != '/':
		return refuse(CodeInvalid, field, fmt.Sprintf("the %s %q must begin with /, as in /api/v2", what, p))
	}
	for i := range len(p) {
		if !isPathByte(p[i]) {
			return refuse(CodeInvalid, field, fmt.Sprintf("the %s has %q in it; use plain letters, digits and - . _ ~ as in /api/v2", what, p[i]))
		}
	}
	segments := strings.Split(strings.TrimSuffix(p[1:], "/"), "/")
	if p != "/" && slices.ContainsFunc(segments, isOddSegment) {
		return refuse(CodeInvalid, field, fmt.Sprintf("the %s %q has an empty segment or one of dots; write it as servers see it, as in /api/v2", what, p))
	}
	return nil
}

func validQueryCarrier(c token.QueryCarrier) error {
	switch c {
	case token.QueryFull, token.QueryRead, token.QueryOff:
		return nil
	}
	return refuse(CodeInvalid, "query-carrier", fmt.Sprintf("%q is no setting of the query carrier; use full, read or off", shortened(string(c))))
}

func isOddSegment(s string) bool { return s == "" || s == "." || s == ".." }

func isPathByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		strings.IndexByte("/-._~!$&'()*+,=:@", c) >= 0
}

// boundDomains parses the entries that a token is bound to, each once.
func boundDomains(entries []string) ([]trust.Domain, error) {
	if len(entries) > MaxTokenDomains {
		return nil, refuse(CodeTooMany, "domains", fmt.Sprintf("a token can be bound to at most %d entries", MaxTokenDomains))
	}
	var list []trust.Domain
	for _, entry := range entries {
		d, err := parseEntry(entry)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(list, d) {
			list = append(list, d)
		}
	}
	return list, nil
}

// auditedToken is a token as the audit log keeps it.
type auditedToken struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	ExpiresAt  time.Time      `json:"expires_at,omitzero"`
	RevokedAt  time.Time      `json:"revoked_at,omitzero"`
	Methods    []string       `json:"methods,omitempty"`
	PathPrefix string         `json:"path_prefix,omitempty"`
	Domains    []trust.Domain `json:"domains,omitempty"`
	Servers    bool           `json:"servers,omitempty"`

	QueryCarrier token.QueryCarrier `json:"query_carrier"`
}

// recordToken records what was done to a token.
func (s *Service) recordToken(w Writer, who Actor, action, summary string, before, after *Token) error {
	r := AuditRecord{Change: Change{Actor: who, Action: action, Summary: summary}, Site: s.site.ID}
	var err error
	if r.Before, err = encodeToken(before); err != nil {
		return err
	}
	if r.After, err = encodeToken(after); err != nil {
		return err
	}
	_, err = s.record(w, r, []Subject{{s.site.ID, SubjectToken, after.ID}})
	return err
}

func encodeToken(t *Token) ([]byte, error) {
	if t == nil {
		return json.Marshal(nil)
	}
	return json.Marshal(auditedToken{
		ID: t.ID, Name: t.Name, ExpiresAt: t.ExpiresAt, RevokedAt: t.RevokedAt, Methods: t.Methods,
		PathPrefix: t.PathPrefix, Domains: t.Domains, Servers: t.Servers, QueryCarrier: t.QueryCarrier,
	})
}
