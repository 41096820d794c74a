package control

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
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
}

// CreateKey asks for a management key.
type CreateKey struct {
	Name    string
	Role    Role
	Expires time.Time // zero: never
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
	err = s.store.Update(ctx, func(w Writer) error {
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

// RevokeKey ends a key for good. One that is revoked already stays as it is.
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
		return s.recordKey(w, who, actionRevokeKey, "revoked management key "+after.Name, &before, &after)
	})
	return after, err
}

// KeyOf returns the key of a secret, and counts as its use. Where there is none that
// is of use ("key-unknown", "key-revoked", "key-expired") the address is slowed down
// as for passwords ("too-many-attempts").
func (s *Service) KeyOf(ctx context.Context, secret, address string) (Key, error) {
	from := addressKey(address)
	if wait := s.keyGuesses.wait(from, s.clock()); wait > 0 {
		return Key{}, tooManyAttempts(wait)
	}
	k, err := s.usableKey(ctx, secret)
	if _, refused := errors.AsType[*Error](err); refused {
		s.keyGuesses.begin(from, s.clock())
	}
	if err != nil {
		return Key{}, err
	}
	if now := s.now(); now.Sub(k.LastUsed) >= keyTouch {
		k.LastUsed = now
		err = s.store.Update(ctx, func(w Writer) error { return w.TouchKey(k.ID, now) })
	}
	return k, err
}

// usableKey returns the key of a secret that is neither revoked nor expired.
func (s *Service) usableKey(ctx context.Context, secret string) (Key, error) {
	parsed, err := token.ParseKey(secret)
	if err != nil {
		return Key{}, &Error{Code: CodeKeyUnknown, Message: "this is no management key: it is cga_ and 49 letters and digits, copied whole", Cause: err}
	}
	k, err := view(ctx, s, func(r Reader) (Key, error) { return r.KeyOf(parsed.Digest()) })
	switch {
	case errors.Is(err, ErrNoRecord):
		return Key{}, refuse(CodeKeyUnknown, "", "this management key is not known; make one with: crossgate key create")
	case err != nil:
		return Key{}, err
	case !k.RevokedAt.IsZero():
		return Key{}, refuse(CodeKeyRevoked, "", "this management key was revoked; make another one")
	case !k.ExpiresAt.IsZero() && !s.clock().Before(k.ExpiresAt):
		return Key{}, refuse(CodeKeyExpired, "", "this management key has expired; make another one")
	}
	return k, nil
}

// auditedKey is a management key as the audit log keeps it.
type auditedKey struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Role      Role      `json:"role"`
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	RevokedAt time.Time `json:"revoked_at,omitzero"`
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
	return json.Marshal(auditedKey{k.ID, k.Name, k.Role, k.ExpiresAt, k.RevokedAt})
}
