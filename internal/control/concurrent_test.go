package control_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/crossgate/crossgate/internal/control"
)

// Two processes on one file: every acknowledged entry is there, each once, with
// its audit row.
func TestTwoServicesOnOneFile(t *testing.T) {
	const each = 25
	path := filepath.Join(t.TempDir(), "crossgate.db")
	services := []*control.Service{controlOver(t, path, nil), controlOver(t, path, nil)}
	var wg sync.WaitGroup
	for i, c := range services {
		wg.Go(func() {
			for n := range each {
				text := fmt.Sprintf("n%d.s%d.example.com shared%d.example.com", n, i, n)
				if _, _, err := c.AddDomains(t.Context(), anna, control.AddDomains{Text: []string{text}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	same(t, len(texts(t, services[0])), 3*each)
	same(t, len(changes(t, services[1])), 2*each)
}

// Of many who saw the same version, one may change it.
func TestOneOfManyWins(t *testing.T) {
	c, _ := newControl(t)
	add(t, c, "app.example.com")
	seen := find(t, c, "app.example.com")
	var won atomic.Int32
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			label := fmt.Sprint("label ", i)
			_, _, err := c.SetDomain(t.Context(), anna, control.SetDomain{ID: seen.ID, Version: seen.Version, Label: &label})
			if err == nil {
				won.Add(1)
			} else if bad, ok := errors.AsType[*control.Error](err); !ok || bad.Code != control.CodeChangedSince {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	same(t, won.Load(), int32(1))
}

// The single-use secret makes one account, however many use it at once.
func TestSetupOnce(t *testing.T) {
	c, _ := newControl(t)
	secret, err := c.SetupSecret(t.Context())
	must(t, err)
	var made atomic.Int32
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			if _, err := c.Setup(t.Context(), secret, fmt.Sprint("name", i), password, address); err == nil {
				made.Add(1)
			}
		})
	}
	wg.Wait()
	same(t, made.Load(), int32(1))
}
