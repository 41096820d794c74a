package control

import (
	"context"
	"errors"

	"github.com/crossgate/crossgate/token"
)

// KeyOf returns the key of a secret, and counts as its use. Where there is none that
// is of use ("key-unknown", "key-revoked", "key-expired") the address is slowed down
// as for passwords ("too-many-attempts").
func (s *Service) KeyOf(ctx context.Context, secret, address string) (Key, error) {
	from := addressKey(address)
	if wait := s.keyGuesses.wait(from, s.clock()); wait > 0 {
		return Key{}, tooManyAttempts(wait)
	}
	k, err := s.usableKey(ctx, secret)
	if isGuess(err) {
		s.keyGuesses.begin(from, s.clock())
	}
	if err != nil {
		return Key{}, err
	}
	if now := s.now(); now.Sub(k.LastUsed) >= keyTouch {
		k.LastUsed = now
		err = s.store.Tally(ctx, func(w Writer) error { return w.TouchKey(k.ID, now) })
	}
	return k, err
}

// isGuess reports whether an error says that a key is of no use. One that says that the
// records cannot be had says nothing of the key.
func isGuess(err error) bool {
	refused, ok := errors.AsType[*Error](err)
	return ok && (refused.Code == CodeKeyUnknown || refused.Code == CodeKeyRevoked || refused.Code == CodeKeyExpired)
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
