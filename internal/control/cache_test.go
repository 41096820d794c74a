package control_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
)

// A service that reads only what others changed answers as one that has just read
// everything.
func TestCatchingUpIsReadingAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "crossgate.db")
	writer := controlOver(t, path, nil)
	reader := controlOver(t, path, nil)
	random := rand.New(rand.NewPCG(3, 4))
	origins := []string{}
	for _, n := range "012345678" {
		origins = append(origins, "https://n"+string(n)+".example.com", "https://x.n"+string(n)+".example.org")
	}
	for range 25 {
		switch random.IntN(4) {
		case 0:
			if last, ok, err := writer.LastChange(t.Context()); ok && err == nil {
				_, err = writer.Undo(t.Context(), anna, last.ID)
				must(t, err)
			}
		default:
			for range random.IntN(3) {
				randomSwitch(t, writer, random)
			}
		}
		fresh := controlOver(t, path, nil)
		for _, origin := range origins {
			want, err := fresh.Check(t.Context(), origin)
			must(t, err)
			got, err := reader.Check(t.Context(), origin)
			must(t, err)
			same(t, []any{got.Allowed, got.Reason, got.Domain}, []any{want.Allowed, want.Reason, want.Domain})
		}
	}
}

// randomSwitch changes the list at random.
func randomSwitch(t *testing.T, c *control.Service, random *rand.Rand) {
	t.Helper()
	list := state(t, c)
	n := string(rune('0' + random.IntN(9)))
	if len(list) == 0 || random.IntN(2) == 0 {
		_, _, err := c.AddDomains(t.Context(), anna, control.AddDomains{Text: []string{"n" + n + ".example.com *.n" + n + ".example.org"}})
		if err != nil {
			wantCode(t, err, control.CodeRefused)
		}
		return
	}
	d := list[random.IntN(len(list))]
	if random.IntN(2) == 0 {
		_, err := c.RemoveDomains(t.Context(), anna, []int64{d.ID})
		must(t, err)
		return
	}
	enabled := !d.Enabled
	_, _, err := c.SetDomain(t.Context(), anna, control.SetDomain{ID: d.ID, Enabled: &enabled})
	must(t, err)
}

// An earlier backup under a new process takes the revision back; what happened
// since must not be mistaken for its history (promise P7).
func TestAnotherHistoryIsReadAnew(t *testing.T) {
	folder := t.TempDir()
	path, backup := filepath.Join(folder, "crossgate.db"), filepath.Join(folder, "backup.db")
	db, err := store.Open(t.Context(), path, store.Config{})
	must(t, err)
	swap := &swapStore{db}
	c, err := control.New(control.Config{Store: swap})
	must(t, err)
	add(t, c, "a.example.com")
	must(t, db.Backup(t.Context(), backup))
	add(t, c, "b.example.com")
	check := func(origin string, want bool) {
		t.Helper()
		got, err := c.Check(t.Context(), origin)
		must(t, err)
		same(t, got.Allowed, want)
	}
	check("https://b.example.com", true)

	must(t, db.Close())
	must(t, os.Rename(backup, path))
	restored, err := store.Open(t.Context(), path, store.Config{})
	must(t, err)
	t.Cleanup(func() { restored.Close() })
	swap.Store = restored
	check("https://a.example.com", true)
	check("https://b.example.com", false)
	add(t, c, "c.example.com") // the same revision as b had, by another change
	check("https://b.example.com", false)
	check("https://c.example.com", true)
}

// swapStore stands for a database that failed over to an earlier state.
type swapStore struct{ control.Store }
