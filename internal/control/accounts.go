package control

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// An Account is a person who may use the dashboard.
type Account struct {
	ID        int64
	Name      string // lower case
	Role      Role   // at every site; of one that is confined, nowhere
	Confined  bool   // to the sites where it is a member: see Service.RoleAt
	CreatedAt time.Time
	LastLogin time.Time // zero: never
}

// Limits of accounts.
const (
	MaxAccounts    = 10_000
	MaxAccountName = 64 // bytes
)

// AddAccount makes an account. Names are kept in lower case. The first one must be
// an owner.
func (s *Service) AddAccount(ctx context.Context, who Actor, name, password string, role Role) (Account, error) {
	a, err := s.newAccount(ctx, name, password, role)
	if err != nil {
		return Account{}, err
	}
	return changeAccount(ctx, s, func(w Writer) (Account, error) {
		return s.insertAccount(w, who, actionAddAccount, "added account "+a.Name, a)
	})
}

// changeAccount writes what the gateway does not decide by.
func changeAccount(ctx context.Context, s *Service, write func(Writer) (Account, error)) (Account, error) {
	var got Account
	err := s.store.Update(ctx, func(w Writer) (err error) {
		got, err = write(w)
		return err
	})
	return got, err
}

// newAccount checks a name, a password and a role, and makes the record of them.
func (s *Service) newAccount(ctx context.Context, name, password string, role Role) (AccountRecord, error) {
	if err := validRole(role); err != nil {
		return AccountRecord{}, err
	}
	name, stored, err := s.newPassword(ctx, name, password)
	return AccountRecord{Account{Name: name, Role: role, CreatedAt: s.now()}, stored}, err
}

// newPassword checks a name and a password for it, and returns both as they are kept.
func (s *Service) newPassword(ctx context.Context, name, password string) (kept, stored string, err error) {
	kept, err = accountName(name)
	if err != nil {
		return "", "", err
	}
	if err := validPassword(kept, password); err != nil {
		return "", "", err
	}
	stored, err = s.passwords.hash(ctx, password)
	return kept, stored, err
}

func (s *Service) insertAccount(w Writer, who Actor, action, summary string, a AccountRecord) (Account, error) {
	if err := notTaken(w, a.Name); err != nil {
		return Account{}, err
	}
	have, err := w.Accounts()
	switch {
	case err != nil:
		return Account{}, err
	case len(have) >= MaxAccounts:
		return Account{}, refuse(CodeTooMany, "", fmt.Sprintf("there are %d accounts, which is the most that are kept", MaxAccounts))
	case len(have) == 0 && a.Role != RoleOwner:
		return Account{}, refuse(CodeLastOwner, "role", "the first account must be an owner; nobody could make another one an owner")
	}
	if a.ID, err = w.InsertAccount(a); err != nil {
		return Account{}, fmt.Errorf("writing an account: %w", err)
	}
	return a.Account, s.recordPerson(w, who, action, summary, nil, audited(a.Account))
}

// notTaken refuses a name that an account has.
func notTaken(r Reader, name string) error {
	_, err := r.Account(name)
	switch {
	case errors.Is(err, ErrNoRecord):
		return nil
	case err != nil:
		return err
	}
	return refuse(CodeExists, "name", fmt.Sprintf("there is an account named %s already", name))
}

// accountName checks a name and returns it as it is kept.
func accountName(name string) (string, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	switch {
	case name == "":
		return "", refuse(CodeInvalid, "name", "give the account a name")
	case len(name) > MaxAccountName:
		return "", refuse(CodeInvalid, "name", fmt.Sprintf("the name is longer than %d characters; shorten it", MaxAccountName))
	case strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_+@") != "" || strings.IndexByte(".-_+@", name[0]) >= 0:
		return "", refuse(CodeInvalid, "name", "a name is made of letters a to z, digits and . - _ + @, and begins with a letter or a digit")
	}
	return name, nil
}

// Accounts lists the accounts by name.
func (s *Service) Accounts(ctx context.Context) ([]Account, error) {
	return view(ctx, s, func(r Reader) ([]Account, error) {
		records, err := r.Accounts()
		list := make([]Account, len(records))
		for i, a := range records {
			list[i] = a.Account
		}
		return list, err
	})
}

// HasAccount reports whether there is an account with a name.
func (s *Service) HasAccount(ctx context.Context, name string) (bool, error) {
	_, err := view(ctx, s, func(r Reader) (AccountRecord, error) { return r.Account(strings.ToLower(strings.TrimSpace(name))) })
	if errors.Is(err, ErrNoRecord) {
		return false, nil
	}
	return err == nil, err
}

// SetPassword gives an account another password, and ends its sessions.
func (s *Service) SetPassword(ctx context.Context, who Actor, name, password string) error {
	name, stored, err := s.newPassword(ctx, name, password)
	if err != nil {
		return err
	}
	err = s.store.Update(ctx, func(w Writer) error {
		have, err := account(w, name)
		if err != nil {
			return err
		}
		return s.putPassword(w, who, have.Account, stored, "")
	})
	if err == nil {
		s.accounts.forget(name)
	}
	return err
}

// putPassword writes a password and ends the account's sessions, but for one.
func (s *Service) putPassword(w Writer, who Actor, a Account, stored, exceptSession string) error {
	if err := w.SetPassword(a.ID, stored); err != nil {
		return err
	}
	if err := w.DeleteSessionsOf(a.ID, exceptSession); err != nil {
		return err
	}
	return s.recordPerson(w, who, actionSetPassword, "changed the password of "+a.Name, audited(a), audited(a))
}

// RemoveAccount removes an account, which ends its sessions and the invitations that it
// has made. The last one stays:
// without any, whoever has the next first-run link would be the owner. So does the
// last owner.
func (s *Service) RemoveAccount(ctx context.Context, who Actor, name string) error {
	name = strings.ToLower(strings.TrimSpace(name))
	_, err := changeAccount(ctx, s, func(w Writer) (Account, error) {
		have, err := account(w, name)
		if err != nil {
			return Account{}, err
		}
		all, err := w.Accounts()
		if err != nil {
			return Account{}, err
		}
		if len(all) == 1 {
			return Account{}, refuse(CodeLastAccount, "name", name+" is the only account; add another one before you remove it")
		}
		if err := notLastOwner(w, have.Account); err != nil {
			return Account{}, err
		}
		if err := w.DeleteAccount(have.ID); err != nil {
			return Account{}, err
		}
		if err := s.endInvitationsBy(w, who, name); err != nil {
			return Account{}, err
		}
		return Account{}, s.recordPerson(w, who, actionRemoveAccount, "removed account "+name, audited(have.Account), nil)
	})
	return err
}

func account(r Reader, name string) (AccountRecord, error) {
	a, err := r.Account(name)
	return a, orNotFound(err, fmt.Sprintf("there is no account named %q", name))
}
