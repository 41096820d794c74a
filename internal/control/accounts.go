package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// An Account is a person who may use the dashboard.
type Account struct {
	ID        int64
	Name      string // lower case
	CreatedAt time.Time
	LastLogin time.Time // zero: never
}

// Limits of accounts.
const (
	MaxAccounts    = 10_000
	MaxAccountName = 64 // bytes
)

// AddAccount makes an account. Names are kept in lower case.
func (s *Service) AddAccount(ctx context.Context, who Actor, name, password string) (Account, error) {
	a, err := s.newAccount(ctx, name, password)
	if err != nil {
		return Account{}, err
	}
	return changeAccount(ctx, s, func(w Writer) (Account, error) {
		return s.insertAccount(w, who, actionAddAccount, a)
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

// newAccount checks a name and a password and makes the record of them.
func (s *Service) newAccount(ctx context.Context, name, password string) (AccountRecord, error) {
	name, err := accountName(name)
	if err != nil {
		return AccountRecord{}, err
	}
	if err := validPassword(name, password); err != nil {
		return AccountRecord{}, err
	}
	stored, err := s.passwords.hash(ctx, password)
	return AccountRecord{Account{Name: name, CreatedAt: s.now()}, stored}, err
}

func (s *Service) insertAccount(w Writer, who Actor, action string, a AccountRecord) (Account, error) {
	if _, err := w.Account(a.Name); !errors.Is(err, ErrNoRecord) {
		if err != nil {
			return Account{}, err
		}
		return Account{}, refuse(CodeExists, "name", fmt.Sprintf("there is an account named %s already", a.Name))
	}
	have, err := w.Accounts()
	if err != nil {
		return Account{}, err
	}
	if len(have) >= MaxAccounts {
		return Account{}, refuse(CodeTooMany, "", fmt.Sprintf("there are %d accounts, which is the most that are kept", MaxAccounts))
	}
	if a.ID, err = w.InsertAccount(a); err != nil {
		return Account{}, fmt.Errorf("writing an account: %w", err)
	}
	return a.Account, s.recordAccount(w, who, action, "added account "+a.Name, a.Name)
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

// SetPassword gives an account another password, and ends its sessions.
func (s *Service) SetPassword(ctx context.Context, who Actor, name, password string) error {
	a, err := s.newAccount(ctx, name, password)
	if err != nil {
		return err
	}
	_, err = changeAccount(ctx, s, func(w Writer) (Account, error) {
		have, err := account(w, a.Name)
		if err != nil {
			return Account{}, err
		}
		if err := w.SetPassword(have.ID, a.Password); err != nil {
			return Account{}, err
		}
		if err := w.DeleteSessionsOf(have.ID); err != nil {
			return Account{}, err
		}
		return Account{}, s.recordAccount(w, who, actionSetPassword, "changed the password of "+a.Name, a.Name)
	})
	if err == nil {
		s.accounts.forget(a.Name)
	}
	return err
}

// RemoveAccount removes an account, which ends its sessions. The last one stays:
// without any, whoever has the next first-run link would be the owner.
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
		if err := w.DeleteAccount(have.ID); err != nil {
			return Account{}, err
		}
		return Account{}, s.recordAccount(w, who, actionRemoveAccount, "removed account "+name, name)
	})
	return err
}

func account(r Reader, name string) (AccountRecord, error) {
	a, err := r.Account(name)
	return a, orNotFound(err, fmt.Sprintf("there is no account named %q", name))
}

// recordAccount records what was done to an account; never its password.
func (s *Service) recordAccount(w Writer, who Actor, action, summary, name string) error {
	after, err := json.Marshal(map[string]string{"account": name})
	if err != nil {
		return err
	}
	_, err = s.record(w, AuditRecord{
		Change: Change{Actor: who, Action: action, Summary: summary},
		Before: []byte("null"),
		After:  after,
	}, nil)
	return err
}
