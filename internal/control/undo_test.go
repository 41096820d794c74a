package control_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

func TestSetDomain(t *testing.T) {
	c, at := newControl(t)
	add(t, c, "app.example.com")
	seen := find(t, c, "app.example.com")
	yes, no, label, never, soon, past := true, false, "Shop", time.Time{}, at.Now().Add(time.Hour), at.Now()
	bad := "a\x00"
	steps := []struct {
		name    string
		in      control.SetDomain
		code    string
		summary string // "" is no change
	}{
		{"as it is", control.SetDomain{Enabled: &yes, Expires: &never}, "", ""},
		{"a label", control.SetDomain{Label: &label, Version: 1}, "", `app.example.com: label "Shop"`},
		{"an old version", control.SetDomain{Enabled: &no, Version: 1}, "changed-since", ""},
		{"off", control.SetDomain{Enabled: &no, Version: 2}, "", "app.example.com: switched off"},
		{"an expiry", control.SetDomain{Expires: &soon}, "", "app.example.com: expires 2030-05-17T13:00:00Z"},
		{"several", control.SetDomain{Enabled: &yes, Expires: &never}, "", "app.example.com: switched on, expires never"},
		{"an expiry that is not to come", control.SetDomain{Expires: &past}, "invalid", ""},
		{"a bad label", control.SetDomain{Label: &bad}, "invalid", ""},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			step.in.ID = seen.ID
			_, change, err := c.SetDomain(t.Context(), anna, step.in)
			wantCode(t, err, step.code)
			same(t, change.Summary, step.summary)
		})
	}
	_, _, err := c.SetDomain(t.Context(), anna, control.SetDomain{ID: 99, Enabled: &no})
	wantCode(t, err, control.CodeNotFound)
}

func TestRemoveDomains(t *testing.T) {
	c, _ := newControl(t)
	add(t, c, "a.example.com", "b.example.com", "c.example.com")
	a, b := find(t, c, "a.example.com").ID, find(t, c, "b.example.com").ID
	tests := []struct {
		name string
		ids  []int64
		code string
	}{
		{"none", nil, control.CodeInvalid},
		{"too many", make([]int64, control.MaxEntries+1), control.CodeTooMany},
		{"one that is not there", []int64{a, 99}, control.CodeNotFound},
		{"two, one named twice", []int64{a, b, a}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := c.RemoveDomains(t.Context(), anna, test.ids)
			wantCode(t, err, test.code)
		})
	}
	same(t, texts(t, c), []string{"c.example.com"})
	same(t, changes(t, c)[0], "domain.remove: removed a.example.com and 1 more")
}

func TestUndoAndRedo(t *testing.T) {
	c, _ := newControl(t)
	added := add(t, c, "a.example.com", "b.example.com")
	undone, err := c.Undo(t.Context(), anna, added.ID)
	must(t, err)
	same(t, texts(t, c), []string{})
	last, ok, err := c.LastChange(t.Context())
	must(t, err)
	same(t, []any{last, ok}, []any{undone, true})

	redone, err := c.Undo(t.Context(), anna, undone.ID)
	must(t, err)
	same(t, texts(t, c), []string{"b.example.com", "a.example.com"})
	_, err = c.Undo(t.Context(), anna, redone.ID)
	must(t, err)
	same(t, texts(t, c), []string{})
	same(t, changes(t, c), []string{
		"domain.undo: undid: added a.example.com and 1 more",
		"domain.undo: redid: added a.example.com and 1 more",
		"domain.undo: undid: added a.example.com and 1 more",
		"domain.add: added a.example.com and 1 more",
	})
}

func TestUndoRefuses(t *testing.T) {
	c, _ := newControl(t)
	if _, ok, err := c.LastChange(t.Context()); ok || err != nil {
		t.Errorf("an empty store has a last change: %v, %v", ok, err)
	}
	added := add(t, c, "a.example.com", "b.example.com")
	removed, err := c.RemoveDomains(t.Context(), anna, []int64{find(t, c, "b.example.com").ID})
	must(t, err)
	again := add(t, c, "b.example.com")
	set := add(t, c, "c.example.com")
	label := "Shop"
	_, _, err = c.SetDomain(t.Context(), anna, control.SetDomain{ID: find(t, c, "c.example.com").ID, Label: &label})
	must(t, err)
	gone := add(t, c, "d.example.com")
	undone, err := c.Undo(t.Context(), anna, gone.ID)
	must(t, err)
	_, _, err = c.CreateToken(t.Context(), anna, control.CreateToken{Name: "app"})
	must(t, err)

	tests := []struct {
		name string
		id   int64
		code string
	}{
		{"no such change", 99, control.CodeNotFound},
		{"an added entry was removed since", added.ID, control.CodeChangedSince},
		{"a removed entry was added since", removed.ID, control.CodeChangedSince},
		{"an added entry was changed since", set.ID, control.CodeChangedSince},
		{"undone before", gone.ID, control.CodeAlreadyUndone},
		{"no change to the list", undone.ID + 1, control.CodeNothingToUndo},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := texts(t, c)
			_, err := c.Undo(t.Context(), anna, test.id)
			wantCode(t, err, test.code)
			same(t, texts(t, c), before)
		})
	}
	if _, err := c.Undo(t.Context(), anna, again.ID); err != nil {
		t.Errorf("a change that nothing came after cannot be undone: %v", err)
	}
}

// Whatever was done, undoing all of it from the last to the first brings back
// every state in between, to the id.
func TestUndoRestores(t *testing.T) {
	const seeds, steps = 8, 12
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			c, at := newControl(t)
			random := rand.New(rand.NewPCG(seed, 1))
			var states [][]control.Domain
			var made []int64
			for len(made) < steps {
				before := state(t, c)
				if id := randomChange(t, c, at, random); id != 0 {
					states, made = append(states, before), append(made, id)
				}
			}
			for i, id := range slices.Backward(made) {
				_, err := c.Undo(t.Context(), anna, id)
				must(t, err)
				same(t, state(t, c), states[i])
			}
		})
	}
}

// randomChange does something to the list and returns its id, or 0 where that
// changed nothing.
func randomChange(t *testing.T, c *control.Service, at *clock, random *rand.Rand) int64 {
	t.Helper()
	list := state(t, c)
	at.forward(time.Minute)
	if len(list) == 0 || random.IntN(3) == 0 {
		n := random.IntN(9)
		_, change, err := c.AddDomains(t.Context(), anna, control.AddDomains{
			Text: []string{fmt.Sprintf("n%d.example.com *.n%d.example.org", n, n/2)},
		})
		if err != nil {
			wantCode(t, err, control.CodeRefused) // on the list, switched off
		}
		return change.ID
	}
	d := list[random.IntN(len(list))]
	if random.IntN(2) == 0 {
		change, err := c.RemoveDomains(t.Context(), anna, []int64{d.ID, list[0].ID})
		must(t, err)
		return change.ID
	}
	label, enabled, expires := fmt.Sprint(random.IntN(3)), random.IntN(2) == 0, at.Now().Add(time.Hour)
	_, change, err := c.SetDomain(t.Context(), anna, control.SetDomain{
		ID: d.ID, Label: &label, Enabled: &enabled, Expires: &expires,
	})
	must(t, err)
	return change.ID
}

// state is the list without the versions, which only ever grow.
func state(t *testing.T, c *control.Service) []control.Domain {
	t.Helper()
	list, _, err := c.Domains(t.Context(), control.ListQuery{Limit: control.MaxPage})
	must(t, err)
	for i := range list {
		list[i].Version = 0
	}
	return list
}

// A version that was seen never comes back, undone or not: a form that was opened
// before must not overwrite what was done after.
func TestVersionsOnlyGrow(t *testing.T) {
	c, _ := newControl(t)
	add(t, c, "a.example.com")
	seen := map[int64]bool{}
	no, yes := false, true
	for i := range 6 {
		d := find(t, c, "a.example.com")
		if seen[d.Version] {
			t.Fatalf("version %d came back", d.Version)
		}
		seen[d.Version] = true
		var change control.Change
		var err error
		if i%2 == 0 {
			_, change, err = c.SetDomain(t.Context(), anna, control.SetDomain{ID: d.ID, Enabled: map[bool]*bool{true: &no, false: &yes}[d.Enabled]})
		} else {
			change, err = c.RemoveDomains(t.Context(), anna, []int64{d.ID})
		}
		must(t, err)
		_, err = c.Undo(t.Context(), anna, change.ID)
		must(t, err)
	}
}
