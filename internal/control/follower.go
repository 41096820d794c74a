package control

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/crossgate/crossgate/internal/snapshot"
)

// A follower publishes into one holder.
type follower struct {
	to   *snapshot.Holder
	keep *keeper

	hint  chan struct{} // of one place: the head may have moved
	stale chan struct{} // of one place: it has
	disk  chan struct{} // of one place: the store cannot be read
	news  chan struct{} // of one place: there may be something to tell
	turn  turn          // taken from reading to publishing, so that nothing older comes after

	// For the one who polls.
	asked                                        chan answer // nil: no question is open
	outage, standIn, credential, tickets, unkept trouble

	mu         sync.Mutex
	compiler   *compiler
	head       Head // that was read and is published, where live
	live       bool
	fromDisk   bool      // what is published was read from the disk
	diskTried  bool      // and there is nothing there to start from
	confirmed  time.Time // when the head was last known to be current
	unheard    error     // why it cannot be asked for, or nil
	unread     error     // why what it stands for cannot be read, or nil
	noDisk     error     // why the snapshot on the disk is of no use, or nil
	ticketless error     // why the keys of tickets are not what they should be, or nil
}

func newFollower(site SiteSettings, upstreams []*url.URL, to *snapshot.Holder, keep *keeper) *follower {
	return &follower{
		to: to, keep: keep, compiler: &compiler{site: site, upstreams: upstreams},
		hint: make(chan struct{}, 1), stale: make(chan struct{}, 1), disk: make(chan struct{}, 1), news: make(chan struct{}, 1), turn: make(turn, 1),
	}
}

// A turn is a lock that is waited for as long as a context lasts.
type turn chan struct{}

func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("what was asked for before is still being read: %w", context.Cause(ctx))
	}
}

func (t turn) give() { <-t }

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

// heard notes the answer to a poll, and reports whether there is something to read.
func (f *follower) heard(a answer) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.unheard = a.err
	if a.err != nil {
		return false
	}
	if !f.live || a.head != f.head {
		return true
	}
	f.confirmed = a.at
	f.keep.confirm(a.head, a.at)
	return false
}

// wasRead notes what came of reading.
func (f *follower) wasRead(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.unread = err
}

// refresh publishes the records where they are not what is published already.
// Whatever goes wrong before all is read leaves the holder as it is. It waits as long as
// ctx lasts, even for a store that does not care.
func (f *follower) refresh(ctx context.Context, s *Service) error {
	if err := f.turn.take(ctx); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() {
		defer f.turn.give()
		done <- f.catchUp(ctx, s)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("the database has not answered in time: %w", context.Cause(ctx))
	}
}

// catchUp reads and publishes. It has the turn.
func (f *follower) catchUp(ctx context.Context, s *Service) error {
	var w *world
	err := s.store.Follow(ctx, func(r Reader) error {
		w = nil
		head, err := r.Head()
		if err != nil || f.decidesBy(head) {
			return err
		}
		w, err = s.records.everything(r)
		if err != nil {
			return fmt.Errorf("reading revision %d: %w", head.Revision, err)
		}
		return nil
	})
	if err != nil || w == nil {
		return err
	}
	return f.publish(ctx, s, w)
}

// decidesBy reports whether a head is that of what is published.
func (f *follower) decidesBy(head Head) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.live && head == f.head
}

// publish makes a snapshot of the world: of the sites that have changed since the last
// one, where that is known, or of all. The disk is told before, so that whoever starts
// from it does not decide by less.
func (f *follower) publish(ctx context.Context, s *Service, w *world) error {
	now := s.clock()
	next := &snapshot.Snapshot{Revision: w.head.Revision, ChangeID: w.head.ChangeID, Since: now}
	f.mu.Lock()
	c, follows := f.compiler.next(), f.follows(w)
	f.mu.Unlock()
	var err error
	if published := f.to.Load(); published != nil && follows {
		err = c.replaceSites(s, w, next, published)
	} else {
		err = c.allSites(s, w, next)
	}
	if err != nil {
		return err
	}
	f.keep.announce(ctx, w.head, now)
	f.mu.Lock()
	f.to.Store(next)
	f.compiler, f.head, f.live, f.fromDisk, f.confirmed = c, w.head, true, false, now
	f.mu.Unlock()
	f.keep.keep(w)
	return nil
}

// follows reports whether a world differs from what is published by the sites that it
// says, and by nothing else.
func (f *follower) follows(w *world) bool {
	return f.live && w.before == f.head && w.touched != nil && bytes.Equal(f.compiler.sealedTickets, w.tickets)
}

// startFromDisk publishes what this node served last, where nothing is published yet.
func (f *follower) startFromDisk(s *Service) {
	if !f.mayStartFromDisk() {
		return
	}
	w, confirmed, err := f.keep.load()
	again := errors.Is(err, errKeptByAnother)
	if err == nil {
		err = f.publishFromDisk(s, w, confirmed)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.noDisk, f.diskTried = err, !again
}

func (f *follower) mayStartFromDisk() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.to.Load() == nil && !f.diskTried && f.keep.on()
}

// publishFromDisk publishes a world that was kept, unless a current one was meanwhile.
// It is not live: whatever the store says is read, all of it.
func (f *follower) publishFromDisk(s *Service, w *world, confirmed time.Time) error {
	next := &snapshot.Snapshot{Revision: w.head.Revision, ChangeID: w.head.ChangeID, Since: s.clock()}
	f.mu.Lock()
	c := f.compiler.next()
	f.mu.Unlock()
	if err := c.allSites(s, w, next); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.to.Load() == nil {
		f.to.Store(next)
		f.compiler, f.head, f.fromDisk, f.confirmed = c, w.head, true, confirmed
	}
	return nil
}

// troubles are what there is to tell, each nil where there is nothing.
type troubles struct{ outage, standIn, credential, tickets, unkept error }

func (f *follower) troubles() troubles {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := troubles{outage: f.unheard, tickets: f.ticketless, unkept: f.keep.trouble()}
	if t.outage == nil {
		t.outage = f.unread
	}
	for _, err := range f.compiler.sealed {
		t.credential = err
	}
	switch {
	case f.fromDisk:
		t.standIn = fmt.Errorf("the database cannot be read, so requests are decided by the snapshot %s: revision %d, known to be current until %s; nothing can be changed, and changes made elsewhere are not known here",
			f.keep.File, f.head.Revision, f.confirmed.Format(time.RFC3339))
	case f.to.Load() == nil && f.noDisk != nil:
		t.standIn = fmt.Errorf("requests are refused until the database can be read: %w", f.noDisk)
	}
	return t
}

// Following says how a node follows the records.
type Following struct {
	Head      Head      // that is decided by; zero: none yet
	Confirmed time.Time // when that was last known to be the latest; zero: never
	Outage    error     // why the records cannot be read; nil: they can
	FromDisk  bool      // it was started from the snapshot on the disk, and has not read the records yet
	KeptAt    time.Time // when the snapshot on the disk was last known to be current; zero: there is none
	StandIn   error     // what is to be said of that, or of there being none to start from; nil: neither
	Unkept    error     // why none is kept; nil: it is, or is not to be
}

// Following says how this service's follower is doing; zero where it has none.
func (s *Service) Following() Following {
	s.mu.Lock()
	defer s.mu.Unlock()
	for f := range s.followers {
		return f.following()
	}
	return Following{}
}

func (f *follower) following() Following {
	t := f.troubles()
	f.mu.Lock()
	defer f.mu.Unlock()
	now := Following{Confirmed: f.confirmed, Outage: t.outage, FromDisk: f.fromDisk, StandIn: t.standIn, KeptAt: f.keep.keptAt(), Unkept: t.unkept}
	if published := f.to.Load(); published != nil {
		now.Head = Head{published.Revision, published.ChangeID}
	}
	return now
}
