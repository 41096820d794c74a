package store_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/seal"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/token"
)

// No secret is in any file that the store writes, backups included.
func TestSecretsAreNotWritten(t *testing.T) {
	path := newPath(t)
	db := open(t, path)
	box, err := seal.New(make([]byte, seal.KeyBytes))
	must(t, err)
	c, err := control.New(control.Config{Store: db, Sealer: box})
	must(t, err)
	const password, upstreamSecret = "a canary in the coal mine", "another-canary-in-the-mine"

	setup, err := c.SetupSecret(t.Context())
	must(t, err)
	kept, err := c.SetupSecret(t.Context())
	must(t, err)
	if err := db.Backup(t.Context(), path+".before"); err != nil {
		t.Fatal(err)
	}
	_, err = c.Setup(t.Context(), kept, "anna", password, "192.0.2.1:1234")
	must(t, err)
	cookie, err := c.SignIn(t.Context(), "anna", password, "192.0.2.1:1234", "a browser")
	must(t, err)
	made, secret, err := c.CreateToken(t.Context(), operator, control.CreateToken{Name: "canary"})
	must(t, err)
	_, key, err := c.CreateKey(t.Context(), operator, control.CreateKey{Name: "canary", Role: control.RoleViewer})
	must(t, err)
	link, _, err := c.Invite(t.Context(), operator, "bob", control.RoleViewer)
	must(t, err)
	_, _, err = c.SetPolicy(t.Context(), operator, control.SetPolicy{UpstreamCredential: new("Bearer " + upstreamSecret)})
	must(t, err)
	_, _, err = c.RotateTicketKeys(t.Context(), operator, control.TicketRotation{})
	must(t, err)
	ticketKey := openedTicketKey(t, db, box)
	if err := db.Backup(t.Context(), path+".after"); err != nil {
		t.Fatal(err)
	}

	secrets := map[string]string{
		"the password": password, "the cookie": cookie, "the token": secret,
		"the first setup secret": setup, "the second setup secret": kept,
		"the management key": key, "the invitation": link, "the upstream credential": upstreamSecret,
		"the key of tickets": string(ticketKey), "the key of tickets, in base64": base64.StdEncoding.EncodeToString(ticketKey),
	}
	written := everything(t, filepath.Dir(path))
	if !bytes.Contains(written, []byte(made.ID)) {
		t.Fatal("the token's id is not in the files either: nothing was looked at")
	}
	for name, text := range secrets {
		if text == "" || bytes.Contains(written, []byte(text)) {
			t.Errorf("%s is in the files", name)
		}
	}
}

// openedTicketKey returns the one key of tickets that is kept sealed.
func openedTicketKey(t *testing.T, db *store.DB, box *seal.Box) []byte {
	t.Helper()
	var sealed []byte
	must(t, db.View(t.Context(), func(r control.Reader) (err error) {
		sealed, err = r.SealedSecret(control.DefaultSiteID, "ticket-keys")
		return err
	}))
	text, err := box.Open("site/1/ticket-keys", sealed)
	must(t, err)
	var keys []struct{ Secret []byte }
	must(t, json.Unmarshal(text, &keys))
	if len(keys) != 1 || len(keys[0].Secret) != token.TicketKeyBytes {
		t.Fatalf("%d keys are sealed", len(keys))
	}
	return keys[0].Secret
}

// everything returns the bytes of all files in a folder.
func everything(t *testing.T, folder string) []byte {
	t.Helper()
	files, err := os.ReadDir(folder)
	must(t, err)
	var all []byte
	for _, file := range files {
		all = append(all, readFile(t, filepath.Join(folder, file.Name()))...)
	}
	return all
}
