package control_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/token"
)

// newKey makes a management key and returns its secret.
func newKey(t *testing.T, c *control.Service, in control.CreateKey) (string, control.Key) {
	t.Helper()
	k, secret, err := c.CreateKey(t.Context(), anna, in)
	must(t, err)
	return secret, k
}

func TestKeyRules(t *testing.T) {
	c, at := newControl(t)
	for _, test := range []struct {
		name  string
		in    control.CreateKey
		field string // "": good
	}{
		{"plain", control.CreateKey{Name: "deploy", Role: control.RoleEditor}, ""},
		{"with an end", control.CreateKey{Name: "deploy", Role: control.RoleOwner, Expires: at.Now().Add(time.Hour)}, ""},
		{"no name", control.CreateKey{Name: "  ", Role: control.RoleEditor}, "name"},
		{"a long name", control.CreateKey{Name: strings.Repeat("a", 10_000), Role: control.RoleEditor}, "name"},
		{"a name that turns round", control.CreateKey{Name: "a\u202eb", Role: control.RoleEditor}, "name"},
		{"no role", control.CreateKey{Name: "deploy"}, "role"},
		{"another role", control.CreateKey{Name: "deploy", Role: "admin"}, "role"},
		{"an end in the past", control.CreateKey{Name: "deploy", Role: control.RoleEditor, Expires: at.Now()}, "expires"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, secret, err := c.CreateKey(t.Context(), anna, test.in)
			if test.field == "" {
				must(t, err)
				return
			}
			same(t, wantCode(t, err, control.CodeInvalid).Field, test.field)
			same(t, secret, "")
		})
	}
}

func TestKeyIsKeptWithoutItsSecret(t *testing.T) {
	c, at := newControl(t)
	secret, made := newKey(t, c, control.CreateKey{Name: " Deploy ", Role: control.RoleEditor, Expires: at.Now().Add(time.Hour)})
	if _, err := token.ParseKey(secret); err != nil {
		t.Errorf("the secret is no key: %v", err)
	}
	same(t, made, control.Key{
		ID: made.ID, Name: "Deploy", Role: control.RoleEditor, CreatedBy: "anna",
		CreatedAt: at.Now(), ExpiresAt: at.Now().Add(time.Hour),
	})
	newKey(t, c, control.CreateKey{Name: "other", Role: control.RoleViewer})
	list, total, err := c.Keys(t.Context(), control.ListQuery{Search: "DEPLOY"})
	must(t, err)
	same(t, list, []control.Key{made})
	same(t, total, 1)
	_, total, err = c.Keys(t.Context(), control.ListQuery{Limit: 1})
	must(t, err)
	same(t, total, 2)
}

func TestKeyOf(t *testing.T) {
	c, at := newControl(t)
	secret, made := newKey(t, c, control.CreateKey{Name: "deploy", Role: control.RoleOwner, Expires: at.Now().Add(time.Hour)})
	got, err := c.KeyOf(t.Context(), secret, address)
	must(t, err)
	made.LastUsed = at.Now()
	same(t, got, made)
	at.forward(30 * time.Second) // last used is kept to within a minute
	got, err = c.KeyOf(t.Context(), secret, address)
	must(t, err)
	same(t, got.LastUsed, made.LastUsed)
	at.forward(time.Minute)
	got, err = c.KeyOf(t.Context(), secret, address)
	must(t, err)
	same(t, got.LastUsed, at.Now())

	at.forward(time.Hour)
	_, err = c.KeyOf(t.Context(), secret, address)
	wantCode(t, err, control.CodeKeyExpired)
	revoked, err := c.RevokeKey(t.Context(), anna, made.ID)
	must(t, err)
	same(t, revoked.RevokedAt, at.Now())
	again, err := c.RevokeKey(t.Context(), anna, made.ID)
	must(t, err)
	same(t, again, revoked)
	_, err = c.KeyOf(t.Context(), secret, address)
	wantCode(t, err, control.CodeKeyRevoked)
	_, err = c.RevokeKey(t.Context(), anna, "key_missing")
	wantCode(t, err, control.CodeNotFound)
	same(t, changes(t, c), []string{"key.revoke: revoked management key deploy", "key.create: created management key deploy"})
}

// Wrong keys slow their address down, and no other; right ones never do, however many
// come at once.
func TestGuessingKeysIsSlow(t *testing.T) {
	c, at := newControl(t)
	secret, _ := newKey(t, c, control.CreateKey{Name: "deploy", Role: control.RoleOwner})
	for range 100 {
		_, err := c.KeyOf(t.Context(), secret, address)
		must(t, err)
	}
	_, unknown, err := func() (control.Key, string, error) {
		elsewhere, _ := newControl(t)
		return elsewhere.CreateKey(t.Context(), anna, control.CreateKey{Name: "other", Role: control.RoleOwner})
	}()
	must(t, err)
	for _, wrong := range []string{unknown, "", "cga_x", secret[1:], "cgt_" + secret[4:], unknown} {
		_, err := c.KeyOf(t.Context(), wrong, address)
		wantCode(t, err, control.CodeKeyUnknown)
	}
	_, err = c.KeyOf(t.Context(), secret, address)
	wantCode(t, err, control.CodeTooManyAttempts)
	_, err = c.KeyOf(t.Context(), secret, "203.0.113.9:1")
	must(t, err)
	at.forward(time.Second)
	_, err = c.KeyOf(t.Context(), secret, address)
	must(t, err)
}

// Records that cannot be had say nothing of a key: nobody is slowed down by an outage.
func TestOutageIsNoGuess(t *testing.T) {
	c, err := control.New(control.Config{Store: away{}})
	if err != nil {
		t.Fatal(err)
	}
	secret, err := token.MintKey(rand.Reader)
	must(t, err)
	for range 20 {
		_, err := c.KeyOf(t.Context(), secret.Reveal(), "192.0.2.7:1")
		wantCode(t, err, store.CodeUnreachable)
	}
}

// away is a store that cannot be reached.
type away struct{ control.Store }

func (away) View(context.Context, func(control.Reader) error) error {
	return &control.Error{Code: store.CodeUnreachable, Message: "nothing listens there"}
}
