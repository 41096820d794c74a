package dashboard_test

import (
	"path/filepath"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard"
	"github.com/crossgate/crossgate/internal/seal"
	"github.com/crossgate/crossgate/internal/store"
)

const ticketsPath = policyPath + "/ticket-keys"

// A new key is made without JavaScript, and the page says since when which one signs.
func TestTicketKeys(t *testing.T) {
	h := newHouse(t, unlocked).withAccount()
	b := h.signedIn()
	b.get(policyPath).shows(t, 200, "There is no key yet", "Make a new key")

	got := b.post(ticketsPath)
	got.leads(t, policyPath+"?change=")
	b.get(got.location).shows(t, 200, "Tickets: the first key was made. In force now.", "Current key", "in 24 hours")
	got = b.post(ticketsPath)
	b.get(got.location).shows(t, 200, "Tickets: a new key signs from ", "in 1 minute")
	got = b.post(ticketsPath)
	got.leads(t, policyPath+"?notice=next")
	b.get(got.location).shows(t, 200, "about to sign tickets already")

	got = b.post(ticketsPath, "now", "yes")
	got.leads(t, policyPath+"?change=")
	b.get(got.location).shows(t, 200, "all that were out have ended", "in 24 hours")
	keys, err := h.control.TicketKeys(t.Context())
	if err != nil || len(keys.From) != 1 {
		t.Errorf("keys %v, error %v", keys, err)
	}
	b.get("/settings/audit?action=ticket.rotate").shows(t, 200, "Ticket key made")
}

// Others see, and cannot press.
func TestTicketKeysAreTheOwners(t *testing.T) {
	h := newHouse(t, unlocked).withAccount().withPerson("visitor", control.RoleEditor)
	b := h.signedInAs("visitor")
	b.get(policyPath).shows(t, 200, `<fieldset class="bare" disabled>
<label class="tick"><input type="checkbox" name="now"`)
	b.post(ticketsPath, "now", "yes").shows(t, 403)
}

// Keys that cannot be opened are no reason not to show the policy, and the page has
// the way out.
func TestTicketKeysThatCannotBeOpened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "crossgate.db")
	db, err := store.Open(t.Context(), path, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	sealing := func(key byte) *control.Service {
		box, err := seal.New(append(make([]byte, seal.KeyBytes-1), key))
		if err != nil {
			t.Fatal(err)
		}
		c, err := control.New(control.Config{Store: db, Sealer: box})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if _, _, err := sealing(1).RotateTicketKeys(t.Context(), control.Actor{Kind: "user", Name: account}, control.TicketRotation{}); err != nil {
		t.Fatal(err)
	}
	other := sealing(2)
	h := newHouse(t, unlocked, func(c *dashboard.Config) { c.Control = other })
	h.control = other
	b := h.withAccount().signedIn()
	b.get(policyPath).shows(t, 200, "cannot be opened", `value="7200"`)
	b.post(ticketsPath).shows(t, 422, `id="tickets-error" class="error" role="alert"`)
	b.post(ticketsPath, "now", "yes").leads(t, policyPath+"?change=")
	b.get(policyPath).shows(t, 200, "Current key")
}
