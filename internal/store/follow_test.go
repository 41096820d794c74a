package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/store"
	"github.com/crossgate/crossgate/internal/testkit/pgtest"
)

// Whoever follows the head does not wait for readers, however many and however slow.
func TestFollowingWaitsForNoReader(t *testing.T) {
	for name, at := range map[string]func(*testing.T) string{
		"SQLite":     newPath,
		"PostgreSQL": func(t *testing.T) string { return pgtest.Shared(t).NewDatabase(t) },
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t, at(t))
			add(t, service(t, db), "app.example.com")
			ctx, leave := context.WithCancel(t.Context())
			var readers, reading sync.WaitGroup
			defer readers.Wait()
			defer leave()
			reading.Add(store.DefaultReaders)
			for range store.DefaultReaders {
				readers.Go(func() {
					_ = db.View(ctx, func(control.Reader) error { // how it ends is of no interest
						reading.Done()
						<-ctx.Done()
						return nil
					})
				})
			}
			reading.Wait()
			patient, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			head, err := db.Head(patient)
			if err != nil || head.Revision != 1 {
				t.Errorf("the head is %+v, %v", head, err)
			}
			err = db.Follow(patient, func(r control.Reader) error {
				_, err := r.Head()
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}
