package control_test

import (
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

// Entries fails with a part of the list already read.
func (r flakyReader) Entries(site int64) ([]trust.Entry, error) {
	all, err := r.Reader.Entries(site)
	if bad := r.store.fails("Entries"); bad != nil {
		return all[:len(all)/2], bad
	}
	return all, err
}

func (r flakyReader) ChangedSince(site int64, since control.Head, most int) ([]control.Subject, error) {
	if err := r.store.fails("ChangedSince"); err != nil {
		return nil, err
	}
	return r.Reader.ChangedSince(site, since, most)
}

func (r flakyReader) DomainOf(site int64, d trust.Domain) (control.Domain, error) {
	if err := r.store.fails("DomainOf"); err != nil {
		return control.Domain{}, err
	}
	return r.Reader.DomainOf(site, d)
}

func (r flakyReader) Grants(site int64) (map[token.Digest]*token.Grant, error) {
	if err := r.store.fails("Grants"); err != nil {
		return nil, err
	}
	return r.Reader.Grants(site)
}
