package storetest

import (
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// addAccount writes an account and returns it as it is kept.
func addAccount(t *testing.T, s control.Store, name string) control.AccountRecord {
	t.Helper()
	a := control.AccountRecord{Account: control.Account{Name: name, Role: control.RoleEditor, CreatedAt: noon}, Password: "$argon2id$" + name}
	update(t, s, func(w control.Writer) (err error) {
		a.ID, err = w.InsertAccount(a)
		return err
	})
	return a
}

// addSession writes a session that was made and seen at a time.
func addSession(t *testing.T, s control.Store, a control.AccountRecord, d byte, at time.Time) {
	t.Helper()
	update(t, s, func(w control.Writer) error {
		return w.InsertSession(control.SecretDigest{d}, control.Session{ID: sessionID(d), Account: a.Account, CreatedAt: at, SeenAt: at})
	})
}

// sessions returns which of the digests 1 to 9 have a session.
func sessions(t *testing.T, s control.Store) []byte {
	t.Helper()
	var found []byte
	for d := byte(1); d < 10; d++ {
		err := s.View(t.Context(), func(r control.Reader) error {
			_, err := r.Session(control.SecretDigest{d})
			return err
		})
		if err == nil {
			found = append(found, d)
		}
	}
	return found
}

func accountRemoved(t *testing.T, s control.Store) {
	bob, anna := addAccount(t, s, "bob"), addAccount(t, s, "anna")
	addSession(t, s, bob, 1, noon)
	addSession(t, s, anna, 2, noon)
	update(t, s, func(w control.Writer) error {
		if err := w.SetPassword(anna.ID, "$argon2id$other"); err != nil {
			return err
		}
		return w.SetLastLogin(anna.ID, noon.Add(time.Hour))
	})
	anna.Password, anna.LastLogin = "$argon2id$other", noon.Add(time.Hour)
	same(t, view(t, s, control.Reader.Accounts), []control.AccountRecord{anna, bob})

	update(t, s, func(w control.Writer) error { return w.DeleteAccount(bob.ID) })
	same(t, view(t, s, control.Reader.Accounts), []control.AccountRecord{anna})
	same(t, sessions(t, s), []byte{2})
	got := view(t, s, func(r control.Reader) (control.Session, error) { return r.Session(control.SecretDigest{2}) })
	same(t, got, control.Session{ID: sessionID(2), Account: anna.Account, CreatedAt: noon, SeenAt: noon})
}

func sessionsEnd(t *testing.T, s control.Store) {
	anna, bob := addAccount(t, s, "anna"), addAccount(t, s, "bob")
	for d := byte(1); d <= 5; d++ {
		addSession(t, s, anna, d, noon.Add(time.Duration(d)*time.Minute))
	}
	addSession(t, s, bob, 6, noon)
	addSession(t, s, bob, 7, noon.Add(time.Hour))

	update(t, s, func(w control.Writer) error { return w.TouchSession(control.SecretDigest{1}, noon.Add(time.Hour)) })
	update(t, s, func(w control.Writer) error { return w.KeepSessions(anna.ID, 3) })
	same(t, sessions(t, s), []byte{1, 4, 5, 6, 7})
	update(t, s, func(w control.Writer) error {
		return w.DeleteSessionsBefore(noon.Add(time.Minute), noon.Add(5*time.Minute))
	})
	same(t, sessions(t, s), []byte{1, 5, 7})
	update(t, s, func(w control.Writer) error { return w.DeleteSessionsOf(bob.ID, "") })
	update(t, s, func(w control.Writer) error { return w.DeleteSession(control.SecretDigest{5}) })
	same(t, sessions(t, s), []byte{1})
}

func setupSecret(t *testing.T, s control.Store) {
	for _, d := range []control.SecretDigest{{1}, {2}} {
		update(t, s, func(w control.Writer) error { return w.PutSetupSecret(d, noon) })
		same(t, view(t, s, control.Reader.SetupSecret), d)
	}
	update(t, s, func(w control.Writer) error { return w.DeleteSetupSecret() })
	err := s.View(t.Context(), func(r control.Reader) error {
		_, err := r.SetupSecret()
		return err
	})
	wantMissing(t, "SetupSecret", err)
}

// sessionID is the id of the session with a digest.
func sessionID(d byte) string { return "ses_" + string('0'+rune(d)) }
