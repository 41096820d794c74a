package control

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A Session is a signed-in browser. Its secret is only ever in the cookie; the
// store has its digest.
type Session struct {
	ID        string // names it to people; it is not the secret
	Account   Account
	CreatedAt time.Time
	SeenAt    time.Time // to within a minute
	Address   string    // remote address at sign-in
	UserAgent string    // what the browser called itself at sign-in
}

// How long a session lasts, and how exactly that is kept.
const (
	SessionIdle     = 30 * time.Minute // without a request
	SessionLifetime = 12 * time.Hour   // in all
	MaxSessions     = 50               // of an account; a new one ends the one unused for longest
	sessionTouch    = time.Minute      // a request after this long is written down
	MaxUserAgent    = 300              // bytes that are kept of it
	secretBytes     = 32               // random bytes of a cookie and of a link's secret
	sessionIDPrefix = "ses_"
)

// SignIn returns the cookie of a new session. It answers the same, in the same
// time, for an unknown name and a wrong password ("wrong-credentials"); it delays
// by account and address ("too-many-attempts"). Address and user agent are kept with
// the session, for people to know it again.
func (s *Service) SignIn(ctx context.Context, name, password, address, userAgent string) (cookie string, err error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if err := s.mayTry(name, addressKey(address)); err != nil {
		return "", err
	}
	a, err := s.verified(ctx, name, password)
	if err != nil {
		return "", err
	}
	cookie, err = s.startSession(ctx, a, address, userAgent)
	if err == nil {
		s.accounts.forget(name)
		s.addresses.takeBack(addressKey(address), s.clock())
	}
	return cookie, err
}

// mayTry counts an attempt, and refuses it where there were too many.
func (s *Service) mayTry(name, address string) error {
	now := s.clock()
	wait := s.addresses.begin(address, now)
	if wait == 0 {
		wait = s.accounts.begin(name, now)
	}
	if wait == 0 {
		return nil
	}
	return tooManyAttempts(wait)
}

func tooManyAttempts(wait time.Duration) *Error {
	seconds := int(wait.Truncate(time.Second)/time.Second) + 1
	return refuse(CodeTooManyAttempts, "", fmt.Sprintf("too many attempts; wait %d s, then try again", seconds))
}

// verified returns the account that a name and a password are those of. The
// password of an unknown account is checked against a decoy, at the same cost.
func (s *Service) verified(ctx context.Context, name, password string) (AccountRecord, error) {
	a, err := view(ctx, s, func(r Reader) (AccountRecord, error) { return r.Account(name) })
	unknown := errors.Is(err, ErrNoRecord)
	if unknown {
		a.Password = s.passwords.decoy
	} else if err != nil {
		return a, err
	}
	tooLong := len(password) > MaxPassword
	if tooLong {
		password = password[:MaxPassword]
	}
	right, err := s.passwords.check(ctx, password, a.Password)
	if err != nil {
		return a, fmt.Errorf("checking a password: %w", err)
	}
	if !right || unknown || tooLong {
		return AccountRecord{}, wrongCredentials()
	}
	return a, nil
}

func wrongCredentials() *Error {
	return refuse(CodeWrongCredentials, "", "this name and password do not belong together; check both")
}

// startSession makes a session, unless the password was changed meanwhile, and
// clears away those that have ended.
func (s *Service) startSession(ctx context.Context, a AccountRecord, address, userAgent string) (cookie string, err error) {
	cookie, digest := s.newSecret()
	now := s.now()
	begun := Session{
		ID: s.newID(sessionIDPrefix), Account: a.Account, CreatedAt: now, SeenAt: now,
		Address: shortened(address), UserAgent: shortened(userAgent),
	}
	err = s.store.Update(ctx, func(w Writer) error {
		current, err := w.Account(a.Name)
		switch {
		case errors.Is(err, ErrNoRecord), err == nil && current.Password != a.Password:
			return wrongCredentials()
		case err != nil:
			return err
		}
		if err := w.DeleteSessionsBefore(now.Add(-SessionLifetime), now.Add(-SessionIdle)); err != nil {
			return err
		}
		if err := w.SetLastLogin(a.ID, now); err != nil {
			return err
		}
		if err := w.KeepSessions(a.ID, MaxSessions-1); err != nil {
			return err
		}
		return w.InsertSession(digest, begun)
	})
	return cookie, err
}

// newSecret makes a secret text and its digest.
func (s *Service) newSecret() (string, SecretDigest) {
	text := base64.RawURLEncoding.EncodeToString(s.random(secretBytes))
	return text, sha256.Sum256([]byte(text))
}

// Session returns the session of a cookie ("signed-out" where there is none or it
// has ended), and counts as a sign of life.
func (s *Service) Session(ctx context.Context, cookie string) (Session, error) {
	digest := SecretDigest(sha256.Sum256([]byte(cookie)))
	got, err := view(ctx, s, func(r Reader) (Session, error) { return r.Session(digest) })
	now := s.now()
	switch {
	case errors.Is(err, ErrNoRecord), err == nil && got.ended(now):
		return Session{}, refuse(CodeSignedOut, "", "you are signed out; sign in again")
	case err != nil:
		return Session{}, err
	}
	if now.Sub(got.SeenAt) >= sessionTouch {
		got.SeenAt = now
		err = s.store.Tally(ctx, func(w Writer) error { return w.TouchSession(digest, now) })
	}
	return got, err
}

func (s Session) ended(now time.Time) bool {
	return now.Sub(s.SeenAt) >= SessionIdle || now.Sub(s.CreatedAt) >= SessionLifetime
}

// SignOut ends a session. One that has ended already is no error.
func (s *Service) SignOut(ctx context.Context, cookie string) error {
	return s.store.Update(ctx, func(w Writer) error {
		return w.DeleteSession(sha256.Sum256([]byte(cookie)))
	})
}
