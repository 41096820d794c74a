package control

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// How the keys of tickets are kept young.
const (
	tendEvery = time.Minute
	tendFirst = time.Second // how long the first snapshot waits for the keys to be made
)

// system is who acts where nobody asked.
var system = Actor{Kind: "system", Name: "crossgate"}

// tendTicketKeys makes the keys of tickets, and new ones in time, until ctx ends. It
// closes first after the first attempt. It goes beside the follower rather than within
// it: writing may wait for other processes, and following must not.
func (s *Service) tendTicketKeys(ctx context.Context, f *follower, first chan<- struct{}) {
	tick := time.NewTicker(tendEvery)
	defer tick.Stop()
	tend := func() {
		if err := s.youngTicketKeys(ctx); ctx.Err() == nil {
			f.tended(err)
		}
	}
	tend()
	close(first)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			tend()
		}
	}
}

// youngTicketKeys makes a new key where that is due. A store that cannot be read is no
// error here: the follower tells of it.
func (s *Service) youngTicketKeys(ctx context.Context) error {
	sealed, err := view(ctx, s, readTicketKeys)
	if err != nil || (sealed == nil && s.sealer == nil) {
		return nil //nolint:nilerr // see above
	}
	keys, err := s.openTicketKeys(sealed)
	if err != nil {
		return fmt.Errorf("the keys of tickets cannot be opened, so there are no tickets; crossgate ticket rotate --now makes new ones: %w", err)
	}
	if !keys.due(s.now()) {
		return nil
	}
	_, _, err = s.rotateTicketKeys(ctx, system, TicketRotation{}, ticketKeys.due)
	if saved, ok := errors.AsType[*Error](err); ok && saved.Code == CodeSavedNotLive {
		return nil
	}
	if err != nil {
		return fmt.Errorf("no new key for tickets could be made: %w", err)
	}
	return nil
}

// tended notes why the keys of tickets could not be kept young, for Follow to tell.
// Where they could again, what is published is made anew: it may lack them.
func (f *follower) tended(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ticketless != nil && err == nil {
		f.live = false
	}
	f.ticketless = err
}
