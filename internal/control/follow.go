package control

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"sync"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/snapshot"
	"github.com/crossgate/crossgate/trust"
)

// How the head is followed.
const (
	followEvery  = 250 * time.Millisecond // at most, between two polls
	followSlower = time.Second            // at most, while the store cannot be read
	headTimeout  = 2 * time.Second        // for an answer to a poll
	readTimeout  = time.Minute            // to read what changed, or everything
	applyTimeout = 5 * time.Second        // to read back what was just written
	diskAfter    = 3                      // readings that failed, after which a start is made from the disk
)

// SiteSettings are the settings of the site that come from flags, for the snapshot.
type SiteSettings struct {
	Upstreams  []string // URLs; none: the site is not ready
	HealthPath string   // what is asked of each upstream; "": nothing
	PublicURLs []trust.Origin
	Mode       gate.Mode // wins over the policy's; "": not given, the policy's counts
}

// upstreams parses the URLs.
func (site *SiteSettings) upstreams() ([]*url.URL, error) {
	var list []*url.URL
	for _, text := range site.Upstreams {
		u, err := url.Parse(text)
		if err != nil {
			return nil, &Error{Code: CodeInvalid, Field: "upstream", Message: "the upstream is no URL; it looks like http://127.0.0.1:9000", Cause: err}
		}
		list = append(list, u)
	}
	return list, nil
}

// Follow publishes the current snapshot into the holder, then polls the head
// (every 250 ms, and at once where the store is a [Watcher] that hears of a change) and
// publishes again whenever revision or change id differ, until ctx ends; then it
// returns nil. Changes made through this Service are published before the call that made
// them returns (read your write).
//
// An unreachable store is reported, once for each outage, and the last good snapshot
// stays; where there is none yet, the one that is kept on disk is published, if it is
// what this node served last (see [Keep]). Reported, too, are an upstream credential that
// cannot be opened, what keeps the keys of tickets from being made, opened or rotated,
// which Follow does, and what keeps the snapshot from being kept. The error is a mistake
// in the settings.
func (s *Service) Follow(ctx context.Context, site SiteSettings, to *snapshot.Holder, report func(error)) error {
	upstreams, err := site.upstreams()
	if err != nil {
		return err
	}
	f := newFollower(site, upstreams, to, newKeeper(s.keep, s.clock))
	s.addFollower(f)
	defer s.removeFollower(f)
	var beside sync.WaitGroup
	defer beside.Wait()
	beside.Go(func() { f.keep.run(ctx) })
	f.keep.awaitBegin(ctx)
	beside.Go(func() { f.standBy(ctx, s) })
	tended := make(chan struct{})
	beside.Go(func() { s.tendTicketKeys(ctx, f, tended) })
	awaitTickets(ctx, tended)

	if w, ok := s.store.(Watcher); ok {
		beside.Go(func() { f.listen(ctx, w) })
	}
	beside.Go(func() { f.read(ctx, s) })
	f.poll(ctx, s, report)
	return nil
}

// poll asks for the head until ctx ends, and has it read where it is another one. It
// waits for nothing longer than headTimeout.
func (f *follower) poll(ctx context.Context, s *Service, report func(error)) {
	pause := followEvery
	for {
		a := f.askHead(ctx, s)
		if ctx.Err() != nil {
			return
		}
		if f.heard(a) {
			wake(f.stale)
		}
		if a.err == nil {
			pause = followEvery
		} else {
			pause = min(2*pause, followSlower)
			wake(f.disk)
		}
		f.tell(report)
		if !f.await(ctx, jittered(pause), report) {
			return
		}
	}
}

// await waits for the next poll, and reports whether it is to come.
func (f *follower) await(ctx context.Context, pause time.Duration, report func(error)) bool {
	next := time.NewTimer(pause)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-f.news:
			f.tell(report)
		case <-f.hint:
			return true
		case <-next.C:
			return true
		}
	}
}

// jittered is up to a fifth less, so that nodes that began together do not go on so.
func jittered(d time.Duration) time.Duration { return d - rand.N(d/5) }

// An answer is what a store says of the head, and when it was asked.
type answer struct {
	head Head
	err  error
	at   time.Time
}

// askHead asks for the head, and gives up after headTimeout even where the store does not:
// no other question is asked while it has not answered.
func (f *follower) askHead(ctx context.Context, s *Service) answer {
	ctx, cancel := context.WithTimeout(ctx, headTimeout)
	defer cancel()
	select {
	case <-f.asked:
		f.asked = nil // an answer that came too late
	default:
	}
	if f.asked == nil {
		f.asked = make(chan answer, 1)
		go func(to chan<- answer) {
			at := s.clock()
			head, err := s.store.Head(ctx)
			to <- answer{head, err, at}
		}(f.asked)
	}
	select {
	case a := <-f.asked:
		f.asked = nil
		return a
	case <-ctx.Done():
		return answer{err: fmt.Errorf("the database has not answered for %s: %w", headTimeout, context.Cause(ctx))}
	}
}

// read reads and publishes what has changed whenever it is woken, until ctx ends. What
// goes wrong is tried again.
func (f *follower) read(ctx context.Context, s *Service) {
	for failed := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-f.stale:
		}
		within, cancel := context.WithTimeout(ctx, readTimeout)
		err := f.refresh(within, s)
		cancel()
		if ctx.Err() != nil {
			return
		}
		f.wasRead(err)
		wake(f.news)
		if err == nil {
			failed = 0
			continue
		}
		if failed++; failed >= diskAfter {
			wake(f.disk)
		}
		if !rest(ctx, jittered(min(followEvery<<min(failed, 2), followSlower))) {
			return
		}
		wake(f.stale)
	}
}

// standBy starts from the disk where that is asked for, beside those who wait for the
// store: the disk may hang as well.
func (f *follower) standBy(ctx context.Context, s *Service) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.disk:
			f.startFromDisk(s)
			wake(f.news)
		}
	}
}

// listen has the head asked for when the store hears of a change.
func (f *follower) listen(ctx context.Context, w Watcher) {
	for ctx.Err() == nil {
		_ = w.Watch(ctx, func() { wake(f.hint) }) // it is a hint: polling is the promise
		rest(ctx, followSlower)
	}
}

// tell reports troubles, each once until it is over.
func (f *follower) tell(report func(error)) {
	t := f.troubles()
	f.outage.tell(t.outage, report)
	f.standIn.tell(t.standIn, report)
	f.credential.tell(t.credential, report)
	f.tickets.tell(t.tickets, report)
	f.unkept.tell(t.unkept, report)
}

// A trouble is told once, until it is over.
type trouble bool

func (t *trouble) tell(err error, report func(error)) {
	if err != nil && !bool(*t) {
		report(err)
	}
	*t = err != nil
}

// wake makes who waits at a channel of one place go on; where it was woken already, once.
func wake(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// rest waits, and reports whether ctx has not ended.
func rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
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
