package control

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
)

// SetupSecret returns the single-use secret of the first-run link, or "" where an
// account exists. Only its digest is kept, and only that of the latest one.
func (s *Service) SetupSecret(ctx context.Context) (string, error) {
	secret, digest := s.newSecret()
	err := s.store.Update(ctx, func(w Writer) error {
		have, err := w.Accounts()
		if err != nil {
			return err
		}
		if len(have) > 0 {
			secret = ""
			return w.DeleteSetupSecret()
		}
		return w.PutSetupSecret(digest, s.now())
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// Setup makes the first account, an owner, with the single-use secret.
func (s *Service) Setup(ctx context.Context, secret, name, password, address string) (Account, error) {
	err := s.store.View(ctx, func(r Reader) error { return mayBeSetUp(r, secret) })
	if err != nil {
		return Account{}, err
	}
	a, err := s.newAccount(ctx, name, password, RoleOwner)
	if err != nil {
		return Account{}, err
	}
	who := Actor{Kind: "user", Name: a.Name, Address: address}
	return changeAccount(ctx, s, func(w Writer) (Account, error) {
		if err := mayBeSetUp(w, secret); err != nil {
			return Account{}, err
		}
		if err := w.DeleteSetupSecret(); err != nil {
			return Account{}, err
		}
		return s.insertAccount(w, who, actionSetup, "added account "+a.Name, a)
	})
}

// mayBeSetUp reports whether there is no account yet and the secret is the one
// that was printed last. An empty set of accounts is not enough: a database that
// was emptied must not belong to whoever comes first.
func mayBeSetUp(r Reader, secret string) error {
	have, err := r.Accounts()
	if err != nil {
		return err
	}
	if len(have) > 0 {
		return refuse(CodeAlreadySetUp, "", "an account exists already; sign in, or add accounts with: crossgate user add NAME")
	}
	want, err := r.SetupSecret()
	if err != nil && !errors.Is(err, ErrNoRecord) {
		return err
	}
	got := sha256.Sum256([]byte(secret))
	if err != nil || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
		return refuse(CodeWrongSecret, "", "this first-run link is not valid any more; start crossgate again and open the link that it prints")
	}
	return nil
}
