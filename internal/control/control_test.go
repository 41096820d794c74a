package control_test

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/trust"
)

var anna = control.Actor{Kind: "user", Name: "anna", Address: "192.0.2.1"}

// A clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// newControl is a control plane over a new SQLite file, and its clock.
func newControl(t *testing.T) (*control.Service, *clock) {
	t.Helper()
	at := &clock{now: time.Date(2030, 5, 17, 12, 0, 0, 0, time.UTC)}
	return controlOver(t, filepath.Join(t.TempDir(), "crossgate.db"), at.Now), at
}

// controlOver is a control plane over a file, closed when the test ends.
func controlOver(t *testing.T, path string, now func() time.Time) *control.Service {
	t.Helper()
	db, err := store.Open(t.Context(), path, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	c, err := control.New(control.Config{Store: db, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// add adds entries, whatever needs confirming.
func add(t *testing.T, c *control.Service, text ...string) control.Change {
	t.Helper()
	_, change, err := c.AddDomains(t.Context(), anna, control.AddDomains{
		Text:    text,
		Confirm: []trust.Confirmation{trust.ConfirmInsecure, trust.ConfirmLookAlike, trust.ConfirmPublicSuffix},
		Reason:  "a test",
	})
	if err != nil {
		t.Fatal(err)
	}
	return change
}

// find returns the entry of a text.
func find(t *testing.T, c *control.Service, text string) control.Domain {
	t.Helper()
	d, err := c.FindDomain(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// texts returns the list, the newest first.
func texts(t *testing.T, c *control.Service) []string {
	t.Helper()
	list, _, err := c.Domains(t.Context(), control.ListQuery{Limit: control.MaxPage})
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, d := range list {
		out = append(out, d.Domain.String())
	}
	return out
}

// changes returns the summaries of the audit log, the newest first.
func changes(t *testing.T, c *control.Service) []string {
	t.Helper()
	list, err := c.Changes(t.Context(), control.ListQuery{Limit: control.MaxPage})
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, change := range list {
		out = append(out, change.Action+": "+change.Summary)
	}
	return out
}

// wantCode wants a control.Error with a code, and returns it. No code is no error.
func wantCode(t *testing.T, err error, code string) *control.Error {
	t.Helper()
	if code == "" {
		if err != nil {
			t.Fatalf("error %v, want none", err)
		}
		return nil
	}
	bad, ok := errors.AsType[*control.Error](err)
	if !ok || bad.Code != code {
		t.Fatalf("error %v (%+v), want %s", err, bad, code)
	}
	if bad.Message == "" || strings.Contains(bad.Message, "\n") {
		t.Errorf("the message of %s is not one line: %q", code, bad.Message)
	}
	return bad
}

func same(t *testing.T, got, want any) {
	t.Helper()
	equalDomains := cmp.Comparer(func(a, b trust.Domain) bool { return a == b })
	if diff := cmp.Diff(want, got, equalDomains); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
