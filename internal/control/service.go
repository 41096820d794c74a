package control

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"github.com/crossgate/crossgate/trust"
)

// Config is what New needs. Clock and randomness are parameters.
type Config struct {
	Store Store
	Now   func() time.Time // nil: time.Now
	Rand  func([]byte)     // nil: crypto/rand
	Own   []trust.Origin   // the public URLs, for Check
	// Sealer seals what must be kept and used as it is. Nil: no such secret can be
	// kept, a site that has one refuses the requests that need it, and there are no
	// tickets.
	Sealer Sealer
	Node   string // the name of this node, for the audit log; "": none, as on the command line
	Keep   Keep   // where what is decided by is kept on the disk; zero: nowhere
}

// A Sealer encrypts a secret for the store. The name is bound to it: what was sealed
// as one secret cannot be opened as another.
type Sealer interface {
	Seal(name string, secret []byte) ([]byte, error)
	Open(name string, sealed []byte) ([]byte, error)
}

// Service is the control plane over a store, as it is seen from one site: lists,
// tokens, policy and sightings are that site's; people, keys, sites and nodes are the same
// from everywhere. All methods are safe for use by several goroutines.
type Service struct {
	*plane
	site Place
}

// A Place names a site.
type Place struct {
	ID   int64
	Name string
}

// plane is what the control planes of all sites share.
type plane struct {
	store      Store
	clock      func() time.Time
	rand       func([]byte)
	own        []trust.Origin
	passwords  *passwords
	accounts   *attempts // by account name
	addresses  *attempts // by remote address
	sealer     Sealer
	keyGuesses *attempts // wrong management keys, by remote address
	records    records
	node       string
	keep       Keep
	visits     chan struct{} // one for each visit of a whole list

	mu        sync.Mutex
	followers map[*follower]struct{}
	forgot    time.Time // when silent nodes were last looked for
}

// New makes the control plane.
func New(cfg Config) (*Service, error) {
	if cfg.Store == nil {
		return nil, errors.New("control: a store is missing")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Rand == nil {
		cfg.Rand = func(b []byte) { rand.Read(b) }
	}
	return &Service{site: Place{DefaultSiteID, DefaultSite}, plane: &plane{
		store:      cfg.Store,
		clock:      cfg.Now,
		rand:       cfg.Rand,
		own:        cfg.Own,
		passwords:  newPasswords(cfg.Rand),
		accounts:   newAttempts(maxAccountDelay),
		addresses:  newAttempts(maxAddressDelay),
		keyGuesses: newAttempts(maxAddressDelay),
		sealer:     cfg.Sealer,
		node:       cfg.Node,
		keep:       cfg.Keep,
		visits:     make(chan struct{}, maxVisits),
		followers:  make(map[*follower]struct{}),
	}}, nil
}

// now is the time as the records keep it: UTC, in whole milliseconds.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Millisecond) }

// random makes n random bytes.
func (s *Service) random(n int) []byte {
	b := make([]byte, n)
	s.rand(b)
	return b
}

// randomReader makes the service's randomness an io.Reader for those who need one.
type randomReader func([]byte)

func (r randomReader) Read(b []byte) (int, error) {
	r(b)
	return len(b), nil
}

// view reads in one transaction.
func view[T any](ctx context.Context, s *Service, read func(Reader) (T, error)) (T, error) {
	var got T
	err := s.store.View(ctx, func(r Reader) (err error) {
		got, err = read(r)
		return err
	})
	return got, err
}

// change writes in one transaction, and returns when this node decides by what
// was written.
func change[T any](ctx context.Context, s *Service, write func(Writer) (T, error)) (T, error) {
	var got T
	err := s.store.Update(ctx, func(w Writer) (err error) {
		got, err = write(w)
		return err
	})
	if err != nil {
		return got, err
	}
	return got, s.apply(ctx)
}
