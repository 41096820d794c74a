package control_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/crossgate/crossgate/internal/control"
)

// A list longer than a page is visited whole, each entry once, and a change that is
// made meanwhile is not seen.
func TestEachDomain(t *testing.T) {
	c, _ := newControl(t)
	const n = 2*control.MaxPage + 1
	entries := make([]string, n)
	for i := range entries {
		entries[i] = fmt.Sprintf("e%d.example.com", i)
	}
	add(t, c, entries...)
	seen := make(map[string]bool)
	err := c.EachDomain(t.Context(), "", func(d control.Domain) error {
		if len(seen) == 0 {
			add(t, c, "late.example.com")
		}
		seen[d.Domain.String()] = true
		return nil
	})
	if err != nil || len(seen) != n || seen["late.example.com"] {
		t.Errorf("%d entries of %d, %v", len(seen), n, err)
	}

	enough := errors.New("enough")
	visits := 0
	err = c.EachDomain(t.Context(), "E7.", func(d control.Domain) error {
		visits++
		return enough
	})
	if err != enough || visits != 1 {
		t.Errorf("%d visits, %v", visits, err)
	}
}

// However many read whole lists as slowly as they can, the records are read and followed.
func TestSlowVisitsLeaveConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := controlOver(t, filepath.Join(t.TempDir(), "crossgate.db"), nil)
		add(t, c, "app.example.com")
		var begun atomic.Int32
		ended, end := make(chan error), make(chan struct{})
		const visits = 8
		for range visits {
			go func() {
				ended <- c.EachDomain(t.Context(), "", func(control.Domain) error {
					begun.Add(1)
					<-end
					return nil
				})
			}()
		}
		synctest.Wait()
		same(t, begun.Load(), int32(2))
		to, reported := start(t, c, control.SiteSettings{})
		add(t, c, "other.example.com")
		same(t, []any{to.Load().Default.Gate.Trusted().Len(), reported.count()}, []any{2, 0})
		close(end)
		for range visits {
			must(t, <-ended)
		}
	})
}
