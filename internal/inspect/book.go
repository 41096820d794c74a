package inspect

import (
	"sync/atomic"
	"time"
)

// A book is what is counted of one site. It is narrow, and then has little more than what
// is not written down yet, or wide: somebody looks at it, and it has what is written down
// as well. That of the default site is wide.
type book struct {
	site    int64
	history history
	letIn   *sketch
	refused *sketch
	turn    chan struct{} // has one, which whoever writes it down or reads that takes meanwhile
	read    atomic.Int64  // when what is written down was last read; Unix time in nanoseconds

	// These are the settler's.
	minute  int64 // since 1970
	now     tally // of that minute, and not in the history
	fresh   bool  // something may not be written down
	writing bool  // it is being written down
	wide    bool
	used    uint64 // when it was last counted in, or looked at
	looked  uint64 // when it was last looked at
}

// A breadth is how much a book holds.
type breadth struct {
	letIn, refused int // origins
	pending        spans
}

// How much the books hold. What is pending beyond that is not counted: nothing could be
// written down for so long.
var (
	ofDefault = breadth{MaxLetInOrigins, MaxRefusedOrigins, spans{minutesKept, hoursKept}}
	ofLooked  = breadth{512, 256, spans{180, 4}}
	ofOthers  = breadth{64, 32, spans{180, 4}}
)

func newBook(site int64, b breadth) *book {
	k := &book{
		site:  site,
		letIn: newSketch(b.letIn, 0, true), refused: newSketch(b.refused, MaxExamplePaths, false),
		turn: make(chan struct{}, 1),
	}
	k.history.most = b.pending
	return k
}

// count counts an exchange, and hands what was counted in another minute to the history.
func (b *book) count(w *waiting) {
	if minute := w.ended().Unix() / 60; minute != b.minute {
		b.drain()
		b.minute = minute
	}
	b.fresh = true
	b.now.count(w)
	switch w.sketch {
	case inLetIn:
		b.letIn.see(w.bytes(textOrigin), w.ended(), w.reason, nil)
	case inRefused:
		b.refused.see(w.bytes(textOrigin), w.ended(), w.reason, w.bytes(textPath))
	}
}

// drain hands over what was counted so far.
func (b *book) drain() {
	if b.now.All() > 0 {
		b.history.add(b.minute, b.now)
		b.now.empty()
	}
}

// widen makes room for all that is known.
func (b *book) widen(to breadth, now time.Time) {
	b.wide = true
	b.letIn.resize(to.letIn)
	b.refused.resize(to.refused)
	b.history.widen(now)
	b.read.Store(0)
}

// narrow is its counterpart.
func (b *book) narrow() {
	b.wide = false
	b.history.narrow()
	b.letIn.resize(ofOthers.letIn)
	b.refused.resize(ofOthers.refused)
}

// replace makes the book that of what is written down, with what is not added. Whoever
// calls it has the turn.
func (b *book) replace(written Rollup, now time.Time) {
	b.history.replace(written.Traffic, now)
	b.letIn.replace(nil, written.Days, now)
	b.refused.replace(written.Refused, written.Days, now)
}

// forget drops what is too old.
func (b *book) forget(now time.Time) {
	b.letIn.forget(now)
	b.refused.forget(now)
}
