package inspect

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// subscribers are those who want to hear of exchanges as they end.
type subscribers struct {
	mu   sync.Mutex // held to change the list
	list atomic.Pointer[[]*subscriber]
}

type subscriber struct {
	mu     sync.Mutex // held to send and to close
	site   int64
	filter Filter
	to     chan Exchange
	closed bool
}

// all returns the list as it is.
func (s *subscribers) all() []*subscriber {
	if list := s.list.Load(); list != nil {
		return *list
	}
	return nil
}

func (s *subscribers) enter(one *subscriber) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.all()
	if len(list) >= MaxSubscribers {
		return false
	}
	list = append(slices.Clone(list), one)
	s.list.Store(&list)
	return true
}

func (s *subscribers) leave(one *subscriber) {
	s.mu.Lock()
	list := slices.DeleteFunc(slices.Clone(s.all()), func(other *subscriber) bool { return other == one })
	s.list.Store(&list)
	s.mu.Unlock()
	one.close()
}

// tell sends an exchange to all who want it and have room for it.
func (s *subscribers) tell(w *waiting) {
	var e Exchange
	for _, one := range s.all() {
		if one.site != w.owner || len(one.to) == cap(one.to) {
			continue
		}
		if e.ID == 0 {
			var ok bool
			if e, ok = w.place.read(w.owner); !ok {
				return
			}
		}
		if one.filter.Matches(&e) {
			one.send(e)
		}
	}
}

func (s *subscriber) send(e Exchange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	select {
	case s.to <- e.clone():
	default:
	}
}

func (s *subscriber) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	close(s.to)
}

// clone is a copy that shares nothing with the exchange.
func (e Exchange) clone() Exchange {
	e.Requested.Headers = slices.Clone(e.Requested.Headers)
	e.Headers = slices.Clone(e.Headers)
	e.Answer = slices.Clone(e.Answer)
	return e
}

// Subscribe returns the exchanges of the site that end from now on and that a filter chooses, until
// ctx ends; then the channel is closed. Whoever is slow misses some: no request waits.
// False: [MaxSubscribers] are there already.
func (v View) Subscribe(ctx context.Context, f Filter) (<-chan Exchange, bool) {
	if v.r == nil {
		return nil, false
	}
	one := &subscriber{site: v.site, filter: f, to: make(chan Exchange, subscriberQueue)}
	if !v.r.subscribers.enter(one) {
		return nil, false
	}
	context.AfterFunc(ctx, func() { v.r.subscribers.leave(one) })
	return one.to, true
}
