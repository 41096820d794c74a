package control

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/token"
	"github.com/crossgate/crossgate/trust"
)

// How the head is followed.
const (
	followEvery  = 250 * time.Millisecond
	applyTimeout = 5 * time.Second // to read back what was just written
)

// SiteSettings are the settings of the site that come from flags, for the snapshot.
type SiteSettings struct {
	Upstream   string // "": none
	PublicURLs []trust.Origin
	Mode       gate.Mode // wins over the policy's; "": not given, the policy's counts
}

// Follow publishes the current snapshot into the holder, then polls the head
// (every 250 ms) and publishes again whenever revision or change id differ, until
// ctx ends; then it returns nil. Changes made through this Service are published
// before the call that made them returns (read your write). An unreachable store
// is reported, once for each outage, and the last good snapshot stays; so is an
// upstream credential that cannot be opened, and what keeps the keys of tickets from
// being made, opened or rotated, which Follow does. The error is a mistake in the settings.
func (s *Service) Follow(ctx context.Context, site SiteSettings, to *snapshot.Holder, report func(error)) error {
	f, err := newFollower(site, to)
	if err != nil {
		return err
	}
	s.addFollower(f)
	defer s.removeFollower(f)
	var tending sync.WaitGroup
	defer tending.Wait()
	tended := make(chan struct{})
	tending.Go(func() { s.tendTicketKeys(ctx, f, tended) })
	awaitTickets(ctx, tended)

	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for outage, sealed, tickets := new(trouble), new(trouble), new(trouble); ; {
		err := f.refresh(ctx, s)
		if ctx.Err() != nil {
			return nil
		}
		outage.tell(err, report)
		credential, ticketless := f.lacks()
		sealed.tell(credential, report)
		tickets.tell(ticketless, report)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// A trouble is told once, until it is over.
type trouble bool

func (t *trouble) tell(err error, report func(error)) {
	if err != nil && !bool(*t) {
		report(err)
	}
	*t = err != nil
}

// A follower publishes into one holder.
type follower struct {
	site     SiteSettings
	upstream []*url.URL
	to       *snapshot.Holder

	mu            sync.Mutex // held from reading to publishing, so that nothing older comes after
	head          Head       // of what is published
	live          bool
	tickets       *token.TicketKeys
	sealed        map[int64]error // why upstream credentials cannot be opened, by site
	sealedTickets []byte          // what the keys of tickets were opened from
	ticketless    error           // why the keys of tickets are not what they should be, or nil
}

func newFollower(site SiteSettings, to *snapshot.Holder) (*follower, error) {
	f := &follower{site: site, to: to, sealed: make(map[int64]error)}
	if site.Upstream == "" {
		return f, nil
	}
	u, err := url.Parse(site.Upstream)
	if err != nil {
		return nil, &Error{Code: CodeInvalid, Field: "upstream", Message: "the upstream is no URL; it looks like http://127.0.0.1:9000", Cause: err}
	}
	f.upstream = []*url.URL{u}
	return f, nil
}

func (s *Service) addFollower(f *follower) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.followers[f] = struct{}{}
}

func (s *Service) removeFollower(f *follower) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.followers, f)
}

// apply publishes what was just written. The write stands, whatever comes of
// this, so a caller who gave up does not stop it.
func (s *Service) apply(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), applyTimeout)
	defer cancel()
	s.mu.Lock()
	followers := make([]*follower, 0, len(s.followers))
	for f := range s.followers {
		followers = append(followers, f)
	}
	s.mu.Unlock()
	var errs []error
	for _, f := range followers {
		errs = append(errs, f.refresh(ctx, s))
	}
	if err := errors.Join(errs...); err != nil {
		return &Error{
			Code:    CodeSavedNotLive,
			Message: "the change is saved, but this server could not read it back and does not act on it yet; look at its log",
			Cause:   err,
		}
	}
	return nil
}

// awaitTickets gives the first keys of tickets the time to be made, so that the first
// snapshot has them.
func awaitTickets(ctx context.Context, made <-chan struct{}) {
	patience := time.NewTimer(tendFirst)
	defer patience.Stop()
	select {
	case <-made:
	case <-patience.C:
	case <-ctx.Done():
	}
}

// lacks says why a site has not got its upstream credential, or all have no young keys
// for their tickets.
func (f *follower) lacks() (credential, tickets error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, err := range f.sealed {
		credential = err
	}
	return credential, f.ticketless
}

// refresh publishes the records where they are not what is published already.
// Whatever goes wrong before all is read leaves the holder as it is.
func (f *follower) refresh(ctx context.Context, s *Service) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return s.store.View(ctx, func(r Reader) error {
		head, err := r.Head()
		if err != nil || (f.live && head == f.head) {
			return err
		}
		w, err := s.records.everything(r)
		if err != nil {
			return fmt.Errorf("reading revision %d: %w", head.Revision, err)
		}
		return f.publish(s, w)
	})
}

// publish makes a snapshot of the world: of the sites that have changed since the last
// one, where that is known, or of all.
func (f *follower) publish(s *Service, w *world) error {
	next := &snapshot.Snapshot{Revision: w.head.Revision, ChangeID: w.head.ChangeID, Since: s.clock()}
	if now := f.to.Load(); now != nil && f.follows(w) {
		if err := f.replaceSites(s, w, next, now); err != nil {
			return err
		}
	} else if err := f.allSites(s, w, next); err != nil {
		return err
	}
	f.to.Store(next)
	f.head, f.live = w.head, true
	return nil
}
