package control

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/crossgate/crossgate/token"
)

// A Key is a management key: a secret by which programs use the management API.
type Key struct {
	ID        string
	Name      string
	Role      Role
	CreatedAt time.Time
	ExpiresAt time.Time // zero: never
	RevokedAt time.Time // zero: not revoked
	LastUsed  time.Time // zero: never; to within a minute
	CreatedBy string
	Site      int64 // the only one where it is of use; 0: all
}

// CreateKey asks for a management key.
type CreateKey struct {
	Name    string
	Role    Role
	Expires time.Time // zero: never
	OneSite bool      // of use at the site of this control plane alone
}

// Limits of management keys.
const (
	MaxKeys = 10_000 // the revoked ones included

	keyIDPrefix = "key_"
	keyTouch    = time.Minute // a use after this long is written down
)

// CreateKey makes a management key; the secret is returned once and never again.
func (s *Service) CreateKey(ctx context.Context, who Actor, in CreateKey) (k Key, secret string, err error) {
	name := strings.TrimSpace(in.Name)
	if err := cmp.Or(validKeyName(name), validRole(in.Role), s.validExpiry(in.Expires)); err != nil {
		return Key{}, "", err
	}
	minted, err := token.MintKey(randomReader(s.rand))
	if err != nil {
		return Key{}, "", fmt.Errorf("making a key: %w", err)
	}
	k = Key{
		ID: s.newID(keyIDPrefix), Name: name, Role: in.Role,
		CreatedAt: s.now(), ExpiresAt: kept(in.Expires), CreatedBy: who.Name,
	}
	if in.OneSite {
		k.Site = s.site.ID
	}
	err = s.store.Update(ctx, func(w Writer) error {
		if err := s.stillThere(w); in.OneSite && err != nil {
			return err
		}
		have, err := w.CountKeys("")
		if err != nil {
			return err
		}
		if have >= MaxKeys {
			return refuse(CodeTooMany, "", fmt.Sprintf("there are %d management keys, which is the most that are kept", MaxKeys))
		}
		if err := w.InsertKey(KeyRecord{k, minted.Digest()}); err != nil {
			return fmt.Errorf("writing a key: %w", err)
		}
		return s.recordKey(w, who, actionCreateKey, "created management key "+k.Name, nil, &k)
	})
	if err != nil {
		return Key{}, "", err
	}
	return k, minted.Reveal(), nil
}

func validKeyName(name string) error {
	if name == "" {
		return refuse(CodeInvalid, "name", "give the key a name, so that you know it again on the list")
	}
	return validText("name", name, MaxTokenName)
}

// Keys lists the management keys, the newest first, and how many match in all.
func (s *Service) Keys(ctx context.Context, q ListQuery) ([]Key, int, error) {
	q = q.bounded()
	total := 0
	list, err := view(ctx, s, func(r Reader) (_ []Key, err error) {
		list, err := r.Keys(q)
		if err == nil {
			total, err = q.total(len(list), func() (int, error) { return r.CountKeys(q.Search) })
		}
		return list, err
	})
	return list, total, err
}

// RevokeKey ends a key for good, and the invitations that it has made. One that is revoked
// already stays as it is.
func (s *Service) RevokeKey(ctx context.Context, who Actor, id string) (Key, error) {
	var after Key
	err := s.store.Update(ctx, func(w Writer) error {
		before, err := w.Key(id)
		after = before
		if err != nil {
			return orNotFound(err, fmt.Sprintf("there is no management key with the id %q; the list has the ids", shortened(id)))
		}
		if !before.RevokedAt.IsZero() {
			return nil
		}
		after.RevokedAt = s.now()
		if err := w.RevokeKey(id, after.RevokedAt); err != nil {
			return fmt.Errorf("revoking %s: %w", id, err)
		}
		if err := s.endInvitationsBy(w, who, id); err != nil {
			return err
		}
		return s.recordKey(w, who, actionRevokeKey, "revoked management key "+after.Name, &before, &after)
	})
	return after, err
}

// auditedKey is a management key as the audit log keeps it.
type auditedKey struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Role      Role      `json:"role"`
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	RevokedAt time.Time `json:"revoked_at,omitzero"`
	Site      int64     `json:"site,omitzero"` // by id: the only one where it is of use
}

func (s *Service) recordKey(w Writer, who Actor, action, summary string, before, after *Key) error {
	r := AuditRecord{Change: Change{Actor: who, Action: action, Summary: summary}}
	var err error
	if r.Before, err = encodeKey(before); err != nil {
		return err
	}
	if r.After, err = encodeKey(after); err != nil {
		return err
	}
	_, err = s.record(w, r, nil)
	return err
}

func encodeKey(k *Key) ([]byte, error) {
	if k == nil {
		return json.Marshal(nil)
	}
	return json.Marshal(auditedKey{k.ID, k.Name, k.Role, k.ExpiresAt, k.RevokedAt, k.Site})
}
