package control_test

import (
	"cmp"
	"context"
	"errors"
	"sync"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// flakyStore fails where it is told to.
type flakyStore struct {
	control.Store
	mu   sync.Mutex
	part string
}

var errFlaky = errors.New("the disk is on fire")

// failFrom says what fails from now on; nothing where part is empty.
func (s *flakyStore) failFrom(part string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.part = part
}

func (s *flakyStore) fails(part string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.part == part {
		return errFlaky
	}
	return nil
}

func (s *flakyStore) Follow(ctx context.Context, read func(control.Reader) error) error {
	return s.View(ctx, read)
}

func (s *flakyStore) View(ctx context.Context, read func(control.Reader) error) error {
	if err := s.fails("View"); err != nil {
		return err
	}
	return s.Store.View(ctx, func(r control.Reader) error { return read(flakyReader{r, s}) })
}

func (s *flakyStore) Update(ctx context.Context, write func(control.Writer) error) error {
	if err := s.fails("Update"); err != nil {
		return err
	}
	return s.Store.Update(ctx, write)
}

type flakyReader struct {
	control.Reader
	store *flakyStore
}

func (r flakyReader) Head() (control.Head, error) {
	if err := r.store.fails("Head"); err != nil {
		return control.Head{}, err
	}
	return r.Reader.Head()
}

// EachEntry fails with a part of the lists already read.
func (r flakyReader) EachEntry(visit func(int64, trust.Entry) error) error {
	bad, n := r.store.fails("Entries"), 0
	err := r.Reader.EachEntry(func(site int64, e trust.Entry) error {
		if n++; n > 1 && bad != nil {
			return bad
		}
		return visit(site, e)
	})
	return cmp.Or(err, bad)
}

func (r flakyReader) ChangedSince(since control.Head, most int) ([]control.Subject, error) {
	if err := r.store.fails("ChangedSince"); err != nil {
		return nil, err
	}
	return r.Reader.ChangedSince(since, most)
}

func (r flakyReader) EntriesNamed(site int64, domains []string) ([]trust.Entry, error) {
	if err := r.store.fails("EntriesNamed"); err != nil {
		return nil, err
	}
	return r.Reader.EntriesNamed(site, domains)
}

func (r flakyReader) EachGrant(site int64, visit func(int64, token.Digest, *token.Grant) error) error {
	if err := r.store.fails("Grants"); err != nil {
		return err
	}
	return r.Reader.EachGrant(site, visit)
}
