package storetest

import (
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/token"
)

func keyRoundTrip(t *testing.T, s control.Store) {
	older := control.Key{ID: "key_a", Name: "Deploy", Role: control.RoleEditor, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour), CreatedBy: "anna"}
	newer := control.Key{ID: "key_b", Name: "watch", Role: control.RoleViewer, CreatedAt: noon.Add(1e6), CreatedBy: "bob"}
	update(t, s, func(w control.Writer) error {
		if err := w.InsertKey(control.KeyRecord{Key: older, Digest: token.Digest{1}}); err != nil {
			return err
		}
		return w.InsertKey(control.KeyRecord{Key: newer, Digest: token.Digest{2}})
	})
	list := func(search string, offset int) []control.Key {
		q := control.ListQuery{Search: search, Offset: offset, Limit: 10}
		return view(t, s, func(r control.Reader) ([]control.Key, error) { return r.Keys(q) })
	}
	same(t, list("", 0), []control.Key{newer, older})
	same(t, list("", 1), []control.Key{older})
	same(t, list("deploy", 0), []control.Key{older})
	same(t, view(t, s, func(r control.Reader) (int, error) { return r.CountKeys("key_") }), 2)

	older.RevokedAt, older.LastUsed = noon.Add(time.Minute), noon.Add(time.Second)
	update(t, s, func(w control.Writer) error {
		if err := w.TouchKey("key_a", older.LastUsed); err != nil {
			return err
		}
		return w.RevokeKey("key_a", older.RevokedAt)
	})
	same(t, view(t, s, func(r control.Reader) (control.Key, error) { return r.Key("key_a") }), older)
	same(t, view(t, s, func(r control.Reader) (control.Key, error) { return r.KeyOf(token.Digest{1}) }), older)
}

func invitationRoundTrip(t *testing.T, s control.Store) {
	want := control.Invitation{Name: "bob", Role: control.RoleEditor, CreatedAt: noon, CreatedBy: "anna", ExpiresAt: noon.Add(time.Hour)}
	update(t, s, func(w control.Writer) (err error) {
		want.ID, err = w.InsertInvitation(want, control.SecretDigest{1})
		return err
	})
	same(t, view(t, s, control.Reader.Invitations), []control.Invitation{want})
	same(t, view(t, s, func(r control.Reader) (control.Invitation, error) { return r.Invitation(want.ID) }), want)
	same(t, view(t, s, func(r control.Reader) (control.Invitation, error) { return r.InvitationOf(control.SecretDigest{1}) }), want)
	update(t, s, func(w control.Writer) error { return w.DeleteInvitation(want.ID) })
	same(t, len(view(t, s, control.Reader.Invitations)), 0)
}

func roleChanges(t *testing.T, s control.Store) {
	want := addAccount(t, s, "anna")
	want.Role = control.RoleOwner
	update(t, s, func(w control.Writer) error { return w.SetRole(want.ID, control.RoleOwner) })
	same(t, view(t, s, func(r control.Reader) (control.AccountRecord, error) { return r.Account("anna") }), want)
	err := s.Update(t.Context(), func(w control.Writer) error { return w.SetRole(want.ID, "admin") })
	if err == nil {
		t.Error("a role that does not exist was written")
	}
}

func sessionEndsByID(t *testing.T, s control.Store) {
	anna, bob := addAccount(t, s, "anna"), addAccount(t, s, "bob")
	want := control.Session{ID: "ses_1", Account: anna.Account, CreatedAt: noon, SeenAt: noon, Address: "192.0.2.1:9", UserAgent: "Mozilla “5”"}
	update(t, s, func(w control.Writer) error { return w.InsertSession(control.SecretDigest{1}, want) })
	same(t, view(t, s, func(r control.Reader) (control.Session, error) { return r.SessionOfID("ses_1") }), want)
	addSession(t, s, anna, 2, noon.Add(time.Minute))
	addSession(t, s, anna, 3, noon.Add(time.Second))
	addSession(t, s, bob, 4, noon)

	var ids []string
	for _, one := range view(t, s, func(r control.Reader) ([]control.Session, error) { return r.SessionsOf(anna.ID) }) {
		ids = append(ids, one.ID)
	}
	same(t, ids, []string{"ses_2", "ses_3", "ses_1"})
	update(t, s, func(w control.Writer) error { return w.DeleteSessionOfID("ses_2") })
	same(t, sessions(t, s), []byte{1, 3, 4})
	update(t, s, func(w control.Writer) error { return w.DeleteSessionsOf(anna.ID, "ses_3") })
	same(t, sessions(t, s), []byte{3, 4})
}
