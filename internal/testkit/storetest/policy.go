package storetest

import (
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
)

func policyRoundTrip(t *testing.T, s control.Store) {
	full := control.Policy{
		Credentials: true, Methods: []string{"GET", "POST"}, AnyHeader: true, Headers: []string{"X-A"},
		MaxAge: 90 * time.Second, Expose: []string{"Link"}, QueryCarrier: gate.QueryRead,
		Exempt:        []gate.ExemptPath{{Method: "POST", Path: "/saml/acs"}},
		TokenRequired: true, OpenEnvelopes: true, Mode: gate.Observe, Version: 2,
	}
	bare := control.Policy{Methods: []string{"GET"}, QueryCarrier: gate.QueryOff, Mode: gate.Enforce, Version: 3}
	exposesNone := bare
	exposesNone.Expose = []string{} // which is not the same as nil
	for _, want := range []control.Policy{full, bare, exposesNone} {
		update(t, s, func(w control.Writer) error { return w.PutPolicy(site, want) })
		same(t, view(t, s, func(r control.Reader) (control.Policy, error) { return r.Policy(site) }), want)
	}
}

func sealedSecrets(t *testing.T, s control.Store) {
	read := func(r control.Reader) ([]byte, error) { return r.SealedSecret(site, "one") }
	for _, sealed := range [][]byte{{0, 1, 255}, {2}} {
		update(t, s, func(w control.Writer) error { return w.PutSealedSecret(site, "one", sealed, noon) })
		same(t, view(t, s, read), sealed)
	}
	update(t, s, func(w control.Writer) error {
		_, err := w.SealedSecret(site+1, "one")
		wantMissing(t, "SealedSecret of another site", err)
		_, err = w.SealedSecret(site, "two")
		wantMissing(t, "SealedSecret of another name", err)
		if err := w.DeleteSealedSecret(site, "two"); err != nil {
			t.Errorf("deleting what is not there: %v", err)
		}
		return w.DeleteSealedSecret(site, "one")
	})
	update(t, s, func(w control.Writer) error {
		_, err := w.SealedSecret(site, "one")
		wantMissing(t, "SealedSecret", err)
		return nil
	})
}
