package main

import (
	"context"
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
	Site      *string      `json:"site"` // the only one where it is of use; null: all
}

func keyToJSON(k control.Key, names siteNames) keyJSON {
	return keyJSON{
		Site: names.of(k.Site),
		ID:   k.ID, Name: k.Name, Role: k.Role, ExpiresAt: jsonTime(k.ExpiresAt), RevokedAt: jsonTime(k.RevokedAt),
		CreatedAt: jsonTime(k.CreatedAt), CreatedBy: k.CreatedBy, LastUsed: jsonTime(k.LastUsed),
	}
}

// siteNames are the names of sites, by id.
type siteNames map[int64]string

// of is null for the id of no site.
func (n siteNames) of(id int64) *string {
	if id == 0 {
		return nil
	}
	name := n[id]
	return &name
}

// namesOf reads the names of the sites that keys are bound to.
func namesOf(ctx context.Context, service *control.Service, keys ...control.Key) (siteNames, error) {
	var ids []int64
	for _, k := range keys {
		if k.Site != 0 {
			ids = append(ids, k.Site)
		}
	}
	return service.SiteNames(ctx, ids)
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
