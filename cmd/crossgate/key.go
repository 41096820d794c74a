package main

import (
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// keyCommands are the commands of management keys.
func keyCommands() []command {
	return []command{keyCreateCommand(), keyListCommand(), keyRevokeCommand()}
}

// keyJSON is a management key as scripts read it.
type keyJSON struct {
	ID        string       `json:"id"`
	Secret    string       `json:"key,omitempty"` // only ever from key create
	Name      string       `json:"name"`
	Role      control.Role `json:"role"`
	ExpiresAt *time.Time   `json:"expires_at"`
	RevokedAt *time.Time   `json:"revoked_at"`
	CreatedAt *time.Time   `json:"created_at"`
	CreatedBy string       `json:"created_by"`
	LastUsed  *time.Time   `json:"last_used"`
}

func keyToJSON(k control.Key) keyJSON {
	return keyJSON{
		ID: k.ID, Name: k.Name, Role: k.Role, ExpiresAt: jsonTime(k.ExpiresAt), RevokedAt: jsonTime(k.RevokedAt),
		CreatedAt: jsonTime(k.CreatedAt), CreatedBy: k.CreatedBy, LastUsed: jsonTime(k.LastUsed),
	}
}

// validity is the state of a token or a key in a word.
func validity(revoked, expires, now time.Time) string {
	switch {
	case !revoked.IsZero():
		return "revoked"
	case !expires.IsZero() && !now.Before(expires):
		return "expired"
	}
	return "valid"
}
