package control_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
)

// ignoredOrigins are the origins that are ignored, the newest first.
func ignoredOrigins(t *testing.T, c *control.Service) string {
	t.Helper()
	list, err := c.IgnoredOrigins(t.Context())
	must(t, err)
	names := make([]string, len(list))
	for i, one := range list {
		names[i] = one.Origin + " by " + one.By
	}
	return strings.Join(names, ", ")
}

func TestIgnoreAndHeed(t *testing.T) {
	c, clock := newControl(t)
	for _, origin := range []string{"https://a.example", "null", "no origin at all"} {
		change, err := c.IgnoreOrigin(t.Context(), anna, origin)
		must(t, err)
		if change.Summary != "ignored "+origin || change.Action != "origin.ignore" {
			t.Errorf("recorded %+v", change)
		}
		clock.forward(time.Second)
	}
	if got, want := ignoredOrigins(t, c), "no origin at all by anna, null by anna, https://a.example by anna"; got != want {
		t.Errorf("ignored: %s; want %s", got, want)
	}
	if change, err := c.IgnoreOrigin(t.Context(), anna, "null"); err != nil || change.ID != 0 {
		t.Errorf("ignored twice: %+v, %v", change, err)
	}

	change, err := c.HeedOrigin(t.Context(), anna, "null")
	must(t, err)
	row, err := c.Audited(t.Context(), change.ID)
	must(t, err)
	if string(row.Before) != `{"origin":"null"}` || string(row.After) != "null" || row.Action != "origin.heed" {
		t.Errorf("recorded %+v", row)
	}
	if change, err = c.HeedOrigin(t.Context(), anna, "null"); err != nil || change.ID != 0 {
		t.Errorf("heeded twice: %+v, %v", change, err)
	}
	if got, want := ignoredOrigins(t, c), "no origin at all by anna, https://a.example by anna"; got != want {
		t.Errorf("ignored: %s; want %s", got, want)
	}
}

// What is ignored is about the inbox and not about the list: nothing is published, and
// undo on the list's page does not see it.
func TestIgnoringMakesNoChangeOfTheList(t *testing.T) {
	c, _ := newControl(t)
	add(t, c, "app.example.com")
	before, _, err := c.LastChange(t.Context())
	must(t, err)
	_, err = c.IgnoreOrigin(t.Context(), anna, "https://a.example")
	must(t, err)
	after, _, err := c.LastChange(t.Context())
	must(t, err)
	if after.ID != before.ID {
		t.Errorf("the list's last change is %+v", after)
	}
}

func TestIgnoringHasLimits(t *testing.T) {
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "crossgate.db"), store.Config{})
	must(t, err)
	t.Cleanup(func() { db.Close() })
	c, err := control.New(control.Config{Store: db})
	must(t, err)
	for name, origin := range map[string]string{
		"nothing": "", "too long": "https://" + strings.Repeat("a", control.MaxIgnoredOrigin), "turns the text": "https://a\u202eb", "not UTF-8": "\xff",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.IgnoreOrigin(t.Context(), anna, origin)
			wantCode(t, err, control.CodeInvalid)
			_, err = c.HeedOrigin(t.Context(), anna, origin)
			wantCode(t, err, control.CodeInvalid)
		})
	}
	must(t, db.Update(t.Context(), func(w control.Writer) error {
		for i := range control.MaxIgnoredOrigins {
			one := control.IgnoredOrigin{Origin: fmt.Sprintf("https://a%d.example", i), At: time.Unix(1, 0)}
			if err := w.PutIgnoredOrigin(control.DefaultSiteID, one); err != nil {
				return err
			}
		}
		return nil
	}))
	_, err = c.IgnoreOrigin(t.Context(), anna, "https://one-more.example")
	wantCode(t, err, control.CodeTooMany)
}
