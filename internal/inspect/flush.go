package inspect

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Flush hands over what was counted since the last Flush, site by site. Where write fails,
// all of that site is kept for the next time, and the first such error is returned.
func (r *Recorder) Flush(ctx context.Context, write func(ctx context.Context, site int64, roll Rollup) error) error {
	if r == nil {
		return nil
	}
	r.flushing.Lock()
	defer r.flushing.Unlock()
	r.settler.mu.Lock()
	r.settleAll()
	list := r.settler.books.unwritten()
	r.settler.mu.Unlock()
	var first error
	for _, b := range list {
		if err := r.flush(ctx, b, write); err != nil && first == nil {
			first = err
		}
		if ctx.Err() != nil {
			return cmp.Or(first, ctx.Err())
		}
	}
	return first
}

// flush is Flush for one book.
func (r *Recorder) flush(ctx context.Context, b *book, write func(context.Context, int64, Rollup) error) (err error) {
	select {
	case b.turn <- struct{}{}:
		defer func() { <-b.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	r.begin(b)
	defer func() { r.end(b, err == nil) }()
	counted := b.history.take()
	letIn, refused := b.letIn.pending(), b.refused.pending()
	if roll := newRollup(counted, letIn, refused); !roll.IsEmpty() {
		if err := write(ctx, b.site, roll); err != nil {
			b.history.giveBack(counted)
			return err
		}
	}
	b.letIn.written(letIn)
	b.refused.written(refused)
	b.forget(r.clock())
	return nil
}

// Crowded tells that there are more sites than are counted until the next Flush: whoever
// calls that may do so sooner.
func (r *Recorder) Crowded() <-chan struct{} {
	if r == nil {
		return nil
	}
	return r.settler.books.crowd
}

// begin marks a book as being written down. It keeps its place meanwhile.
func (r *Recorder) begin(b *book) {
	r.settler.mu.Lock()
	defer r.settler.mu.Unlock()
	b.drain()
	b.fresh, b.writing = false, true
}

func (r *Recorder) end(b *book, written bool) {
	r.settler.mu.Lock()
	defer r.settler.mu.Unlock()
	b.writing = false
	b.fresh = b.fresh || !written
	r.settler.books.full = false
}

// newRollup is what is to be written down of a book, in an order that is the same on all
// nodes: they change the same rows.
func newRollup(counted pending, letIn, refused []pendingOrigin) Rollup {
	roll := Rollup{Traffic: counted.traffic()}
	for _, p := range letIn {
		roll.Days = append(roll.Days, p.days...)
	}
	for _, p := range refused {
		roll.Days = append(roll.Days, p.days...)
		roll.Refused = append(roll.Refused, p.refused)
	}
	slices.SortFunc(roll.Traffic, func(a, b TrafficCount) int {
		return cmp.Or(cmp.Compare(a.Span, b.Span), a.Start.Compare(b.Start), cmp.Compare(a.Name, b.Name))
	})
	slices.SortFunc(roll.Days, func(a, b OriginDay) int {
		return cmp.Or(a.Day.Compare(b.Day), cmp.Compare(a.Origin, b.Origin), cmp.Compare(bit(a.LetIn), bit(b.LetIn)))
	})
	slices.SortFunc(roll.Refused, func(a, b RefusedOrigin) int { return cmp.Compare(a.Origin, b.Origin) })
	return roll
}

func bit(is bool) int {
	if is {
		return 1
	}
	return 0
}

// How a book is made that of all nodes when somebody looks.
const (
	recallEvery   = 10 * time.Second // and no more often
	recallTimeout = 2 * time.Second  // so long somebody who looks waits; then there is what was known before
)

// look returns a site's book for somebody who looks, as new as it can be had.
func (r *Recorder) look(site int64) *book {
	r.settler.mu.Lock()
	r.settleAll()
	b := r.settler.books.look(site, r.clock())
	r.settler.mu.Unlock()
	if r.recall != nil {
		ctx, cancel := context.WithTimeout(context.Background(), recallTimeout)
		defer cancel()
		_ = r.refresh(ctx, b, recallEvery) // Recall tells of it, and there is what was known before
	}
	return b
}

// Recall reads what was written down of a site. At the start it is called for the site that
// people look at first; for others, and later on, that is done when somebody looks.
func (r *Recorder) Recall(ctx context.Context, site int64) error {
	if r == nil || r.recall == nil {
		return nil
	}
	r.settler.mu.Lock()
	b := r.settler.books.look(site, r.clock())
	r.settler.mu.Unlock()
	return r.refresh(ctx, b, 0)
}

// refresh reads what is written down of a book's site, unless that was done lately. What
// this node has written down is in there: it does neither at the same time.
func (r *Recorder) refresh(ctx context.Context, b *book, lately time.Duration) error {
	select {
	case b.turn <- struct{}{}:
		defer func() { <-b.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	now := r.clock()
	if age := now.Sub(time.Unix(0, b.read.Load())); age >= 0 && age < lately {
		return nil
	}
	written, err := r.recall(ctx, b.site)
	b.read.Store(now.UnixNano())
	if err == nil {
		b.replace(written, now)
		b.forget(now)
	}
	return err
}
