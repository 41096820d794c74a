package storetest

import (
	"errors"
	"strconv"
	"sync"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/token"
)

func missingRecords(t *testing.T, s control.Store) {
	update(t, s, func(w control.Writer) error {
		_, err := w.Domain(site, 99)
		wantMissing(t, "Domain", err)
		_, err = w.DomainOf(site, domain(t, "app.example.com"))
		wantMissing(t, "DomainOf", err)
		_, err = w.Token(site, "tok_x")
		wantMissing(t, "Token", err)
		_, err = w.Account("anna")
		wantMissing(t, "Account", err)
		_, err = w.Session(control.SecretDigest{})
		wantMissing(t, "Session", err)
		_, err = w.SetupSecret()
		wantMissing(t, "SetupSecret", err)
		_, err = w.Audited(99)
		wantMissing(t, "Audited", err)
		_, err = w.LastChange(site, control.SubjectDomain)
		wantMissing(t, "LastChange", err)
		wantMissing(t, "UpdateDomain", w.UpdateDomain(site, control.Domain{ID: 99, Domain: domain(t, "app.example.com")}))
		wantMissing(t, "DeleteDomain", w.DeleteDomain(site, 99))
		wantMissing(t, "RevokeToken", w.RevokeToken(site, "tok_x", noon))
		wantMissing(t, "SetPassword", w.SetPassword(99, "x"))
		wantMissing(t, "DeleteAccount", w.DeleteAccount(99))
		_, _, err = w.Grant(site, "tok_x")
		wantMissing(t, "Grant", err)
		_, err = w.Policy(site)
		wantMissing(t, "Policy", err)
		_, err = w.SealedSecret(site, "x")
		wantMissing(t, "SealedSecret", err)
		_, err = w.Key("key_x")
		wantMissing(t, "Key", err)
		_, err = w.KeyOf(token.Digest{})
		wantMissing(t, "KeyOf", err)
		_, err = w.SessionOfID("ses_x")
		wantMissing(t, "SessionOfID", err)
		_, err = w.Invitation(99)
		wantMissing(t, "Invitation", err)
		_, err = w.InvitationOf(control.SecretDigest{})
		wantMissing(t, "InvitationOf", err)
		wantMissing(t, "SetRole", w.SetRole(99, control.RoleOwner))
		wantMissing(t, "RevokeKey", w.RevokeKey("key_x", noon))
		wantMissing(t, "DeleteSessionOfID", w.DeleteSessionOfID("ses_x"))
		wantMissing(t, "DeleteInvitation", w.DeleteInvitation(99))
		return nil
	})
}

func rollback(t *testing.T, s control.Store) {
	before := view(t, s, control.Reader.Head)
	oops := errors.New("oops")
	err := s.Update(t.Context(), func(w control.Writer) error {
		if _, err := w.InsertDomain(site, entry(t, "app.example.com")); err != nil {
			return err
		}
		subjects := []control.Subject{{Site: site, Kind: control.SubjectDomain, Name: "app.example.com"}}
		if _, err := w.Record(record("domain.add"), subjects, "c1"); err != nil {
			return err
		}
		return oops
	})
	if !errors.Is(err, oops) {
		t.Errorf("error %v, want the function's own", err)
	}
	same(t, view(t, s, control.Reader.Head), before)
	same(t, view(t, s, count("")), 0)
	same(t, len(view(t, s, changes)), 0)
}

func isolation(t *testing.T, s control.Store) {
	insert(t, s, "one.example.com")
	err := s.View(t.Context(), func(r control.Reader) error {
		before, err := r.CountDomains(site, "")
		if err != nil {
			return err
		}
		insert(t, s, "two.example.com")
		after, err := r.CountDomains(site, "")
		same(t, after, before)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	same(t, view(t, s, count("")), 2)
}

// serialUpdates counts in a label from several goroutines: a lost update would
// leave it too low.
func serialUpdates(t *testing.T, s control.Store) {
	const writers, times = 4, 10
	id := insert(t, s, "app.example.com")[0]
	update(t, s, func(w control.Writer) error { return setLabel(w, id, "0") })
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range times {
				if err := s.Update(t.Context(), func(w control.Writer) error { return countUp(w, id) }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	got := view(t, s, func(r control.Reader) (control.Domain, error) { return r.Domain(site, id) })
	same(t, got.Label, strconv.Itoa(writers*times))
}

func countUp(w control.Writer, id int64) error {
	d, err := w.Domain(site, id)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(d.Label)
	if err != nil {
		return err
	}
	return setLabel(w, id, strconv.Itoa(n+1))
}

func setLabel(w control.Writer, id int64, label string) error {
	d, err := w.Domain(site, id)
	if err != nil {
		return err
	}
	d.Label = label
	return w.UpdateDomain(site, d)
}

// count counts the entries that a search finds.
func count(search string) func(control.Reader) (int, error) {
	return func(r control.Reader) (int, error) { return r.CountDomains(site, search) }
}

func changes(r control.Reader) ([]control.Change, error) {
	return r.Changes(site, control.ListQuery{Limit: control.MaxPage})
}
