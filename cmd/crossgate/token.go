package main

import (
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// tokenCommands are the commands of access tokens.
func tokenCommands() []command {
	return []command{tokenCreateCommand(), tokenListCommand(), tokenRevokeCommand()}
}

// tokenJSON is an access token as scripts read it.
type tokenJSON struct {
	ID         string             `json:"id"`
	Secret     string             `json:"token,omitempty"` // only ever from token create
	Name       string             `json:"name"`
	ExpiresAt  *time.Time         `json:"expires_at"`
	RevokedAt  *time.Time         `json:"revoked_at"`
	Methods    []string           `json:"methods"`
	PathPrefix string             `json:"path_prefix"`
	Domains    []trust.Domain     `json:"domains"`
	Servers    bool               `json:"servers"`
	QueryToken token.QueryCarrier `json:"query_carrier"`
	CreatedAt  *time.Time         `json:"created_at"`
	CreatedBy  string             `json:"created_by"`
	LastUsed   *time.Time         `json:"last_used"`
}

func tokenToJSON(t control.Token) tokenJSON {
	return tokenJSON{
		ID:         t.ID,
		Name:       t.Name,
		ExpiresAt:  jsonTime(t.ExpiresAt),
		RevokedAt:  jsonTime(t.RevokedAt),
		Methods:    append([]string{}, t.Methods...),
		PathPrefix: t.PathPrefix,
		Domains:    append([]trust.Domain{}, t.Domains...),
		Servers:    t.Servers,
		QueryToken: t.QueryCarrier,
		CreatedAt:  jsonTime(t.CreatedAt),
		CreatedBy:  t.CreatedBy,
		LastUsed:   jsonTime(t.LastUsed),
	}
}

// tokenState is the state of a token in a word.
func tokenState(t control.Token, now time.Time) string {
	return validity(t.RevokedAt, t.ExpiresAt, now)
}
