package control

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A SessionInfo is a signed-in browser as its account's owner sees it.
type SessionInfo struct {
	ID        string // names it; it is not the secret
	CreatedAt time.Time
	SeenAt    time.Time // to within a minute
	Address   string    // remote address at sign-in
	UserAgent string    // what the browser called itself at sign-in
}

// Sessions lists the sessions of an account that have not ended, the one used last
// first.
func (s *Service) Sessions(ctx context.Context, name string) ([]SessionInfo, error) {
	return view(ctx, s, func(r Reader) ([]SessionInfo, error) {
		a, err := account(r, strings.ToLower(strings.TrimSpace(name)))
		if err != nil {
			return nil, err
		}
		all, err := r.SessionsOf(a.ID)
		list := make([]SessionInfo, 0, len(all))
		for _, one := range all {
			if !one.ended(s.now()) {
				list = append(list, SessionInfo{one.ID, one.CreatedAt, one.SeenAt, one.Address, one.UserAgent})
			}
		}
		return list, err
	})
}

// EndSession ends one session. People may end their own; owners, anybody's.
func (s *Service) EndSession(ctx context.Context, who Actor, id string) error {
	return s.store.Update(ctx, func(w Writer) error {
		ending, err := w.SessionOfID(id)
		if err != nil {
			return noSession(err)
		}
		if err := maySignOut(w, who, ending.Account); err != nil {
			return err
		}
		if err := w.DeleteSessionOfID(id); err != nil {
			return err
		}
		return s.recordPerson(w, who, actionEndSessions, "ended a session of "+ending.Account.Name, nil, audited(ending.Account))
	})
}

// EndSessions ends all sessions of an account: "sign out everywhere". People may
// end their own; owners, anybody's.
func (s *Service) EndSessions(ctx context.Context, who Actor, name string) error {
	return s.store.Update(ctx, func(w Writer) error {
		a, err := account(w, strings.ToLower(strings.TrimSpace(name)))
		if err != nil {
			return err
		}
		if err := maySignOut(w, who, a.Account); err != nil {
			return err
		}
		if err := w.DeleteSessionsOf(a.ID, ""); err != nil {
			return err
		}
		return s.recordPerson(w, who, actionEndSessions, "ended all sessions of "+a.Name, nil, audited(a.Account))
	})
}

// maySignOut refuses a person who would end another one's session and is no owner,
// as if there were no such session.
func maySignOut(r Reader, who Actor, whose Account) error {
	if who.Kind != "user" || who.Name == whose.Name {
		return nil
	}
	a, err := r.Account(who.Name)
	if err == nil && !a.Role.Allows(RoleOwner) {
		err = ErrNoRecord
	}
	return noSession(err)
}

func noSession(err error) error {
	return orNotFound(err, "that session has ended already; load the list again")
}

// ChangeOwnPassword gives the account of whoever asks another password. The current
// one is checked first, and slowed down as signing in is. All sessions end but the
// one that asks.
func (s *Service) ChangeOwnPassword(ctx context.Context, who Actor, current, password, address string) error {
	if err := s.mayTry(who.Name, addressKey(address)); err != nil {
		return err
	}
	a, err := s.verified(ctx, who.Name, current)
	if bad, ok := errors.AsType[*Error](err); ok && bad.Code == CodeWrongCredentials {
		return refuse(CodeWrongCredentials, "current", "this is not your current password; type it again")
	}
	if err != nil {
		return err
	}
	s.accounts.forget(a.Name)
	s.addresses.takeBack(addressKey(address), s.clock())
	if current == password {
		return refuse(CodeWeakPassword, "password", "this is your current password; choose another one")
	}
	_, stored, err := s.newPassword(ctx, a.Name, password)
	if err != nil {
		return err
	}
	return s.store.Update(ctx, func(w Writer) error {
		now, err := w.Account(a.Name)
		switch {
		case errors.Is(err, ErrNoRecord), err == nil && now.Password != a.Password:
			return refuse(CodeSignedOut, "", "the account was changed meanwhile; sign in again")
		case err != nil:
			return fmt.Errorf("reading the account: %w", err)
		}
		return s.putPassword(w, who, now.Account, stored, who.Session)
	})
}
