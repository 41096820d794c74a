package cow

import "slices"

const (
	// slotFill is how many entries there must be for each slot of a directory before it
	// is doubled, and so how large a directory can be: where one leaf alone is full by
	// bad luck it grows instead.
	slotFill = 32
	// slotWaste is how few entries for each slot make a table be built anew.
	slotWaste = 4
)

// A Kind says how entries are told apart. The same entries have the same hash, and few
// others have it: hashes are keyed (see [Hash]), so that nobody can choose ones that meet.
type Kind[E any] struct {
	Hash func(*E) uint64
	Same func(a, b *E) bool
}

// An Edit makes one table from another. It copies each leaf that it touches once,
// however many of its entries change. It is for one goroutine, until [Edit.Table].
type Edit[E any] struct {
	kind    Kind[E]
	dir     []*leaf[E]
	size    int
	own     bool       // dir is this edit's
	touched []*leaf[E] // which are this edit's, and loose
}

// A loose leaf can be changed: it has no index, and the hash of each entry instead.
type loose struct{ hashes []uint64 }

func newLoose(room int) *loose { return &loose{make([]uint64, 0, room)} }

// Edit begins a change.
func (t *Table[E]) Edit(kind Kind[E]) *Edit[E] {
	return &Edit[E]{kind: kind, dir: t.dir, size: t.size}
}

// Put puts an entry in, in place of the one that is the same.
func (e *Edit[E]) Put(x E) {
	hash := e.kind.Hash(&x)
	l := e.loosen(hash)
	if i := e.find(l, hash, &x); i >= 0 {
		l.entries[i] = x
		return
	}
	l.add(hash, x)
	e.size++
	if len(l.entries) > leafRoom && e.canSplit(l) {
		e.split(l, hash)
	}
}

// Remove takes out the entry that is the same as x, and reports whether there was one.
func (e *Edit[E]) Remove(x E) bool {
	if _, ok := e.Get(x); !ok {
		return false // and nothing is copied
	}
	hash := e.kind.Hash(&x)
	l := e.loosen(hash)
	i, last := e.find(l, hash, &x), len(l.entries)-1
	l.entries[i], l.loose.hashes[i] = l.entries[last], l.loose.hashes[last]
	l.entries, l.loose.hashes = l.entries[:last], l.loose.hashes[:last]
	e.size--
	return true
}

// Len returns the number of entries so far.
func (e *Edit[E]) Len() int { return e.size }

// Get returns the entry that is the same as x so far.
func (e *Edit[E]) Get(x E) (found E, ok bool) {
	hash := e.kind.Hash(&x)
	if len(e.dir) == 0 {
		return found, false
	}
	some := e.dir[slot(hash, len(e.dir))].entries
	if e.dir[slot(hash, len(e.dir))].loose == nil {
		some = (&Table[E]{dir: e.dir}).Candidates(hash)
	}
	i := slices.IndexFunc(some, func(y E) bool { return e.kind.Same(&y, &x) })
	if i < 0 {
		return found, false
	}
	return some[i], true
}

// Table ends the edit and returns what came of it.
func (e *Edit[E]) Table() Table[E] {
	for _, l := range e.touched {
		l.settle()
	}
	t := Table[E]{dir: e.dir, size: e.size}
	switch waste := len(e.dir) * slotWaste; {
	case e.size == 0:
		t = Table[E]{}
	case len(e.dir) > 1 && e.size < waste:
		t = e.rebuilt(t)
	}
	*e = Edit[E]{}
	return t
}

// rebuilt is a table in a directory that fits.
func (e *Edit[E]) rebuilt(t Table[E]) Table[E] {
	anew := Edit[E]{kind: e.kind}
	for x := range t.All() {
		anew.Put(*x)
	}
	return anew.Table()
}

// find returns where in a loose leaf an entry is, or -1.
func (e *Edit[E]) find(l *leaf[E], hash uint64, x *E) int {
	for i, h := range l.loose.hashes {
		if h == hash && e.kind.Same(&l.entries[i], x) {
			return i
		}
	}
	return -1
}

// loosen returns the leaf of a hash, as one that may be changed.
func (e *Edit[E]) loosen(hash uint64) *leaf[E] {
	e.ownDirectory()
	had := e.dir[slot(hash, len(e.dir))]
	if had.loose != nil {
		return had
	}
	room := len(had.entries) + 1
	l := &leaf[E]{depth: had.depth, loose: newLoose(room), entries: make([]E, 0, room)}
	for i := range had.entries {
		l.add(e.kind.Hash(&had.entries[i]), had.entries[i])
	}
	e.touched = append(e.touched, l)
	e.place(l, hash)
	return l
}

func (e *Edit[E]) ownDirectory() {
	switch {
	case e.own:
		return
	case len(e.dir) == 0:
		e.dir = []*leaf[E]{{}}
	default:
		e.dir = slices.Clone(e.dir)
	}
	e.own = true
}

// place puts a leaf into all slots that are its own: those of hashes that begin as one
// does, for as many bits as the leaf is deep.
func (e *Edit[E]) place(l *leaf[E], hash uint64) {
	spread := depthOf(len(e.dir)) - int(l.depth)
	first := slot(hash, len(e.dir)) >> spread << spread
	for i := range 1 << spread {
		e.dir[first+i] = l
	}
}

// canSplit reports whether the directory tells the halves of a leaf apart, or may grow
// until it does.
func (e *Edit[E]) canSplit(l *leaf[E]) bool {
	return 1<<l.depth < len(e.dir) || e.size > slotFill*len(e.dir)
}

// split gives half of the hashes of a leaf, which has a given one, to a new leaf.
func (e *Edit[E]) split(l *leaf[E], hash uint64) {
	if 1<<l.depth == len(e.dir) {
		e.double()
	}
	l.depth++
	upper := &leaf[E]{depth: l.depth, loose: newLoose(leafRoom), entries: make([]E, 0, leafRoom)}
	hashes, entries := l.loose.hashes, l.entries
	l.loose.hashes, l.entries = hashes[:0], entries[:0]
	for i, h := range hashes {
		if h>>(64-l.depth)&1 == 1 {
			upper.add(h, entries[i])
		} else {
			l.add(h, entries[i])
		}
	}
	clear(entries[len(l.entries):])
	e.touched = append(e.touched, upper)
	// Of what both had, all bits but the last are known from any.
	e.place(upper, hash|1<<(64-upper.depth))
}

func (l *leaf[E]) add(hash uint64, x E) {
	l.loose.hashes = append(l.loose.hashes, hash)
	l.entries = append(l.entries, x)
}

// double makes a directory that looks at one bit more.
func (e *Edit[E]) double() {
	dir := make([]*leaf[E], 0, 2*len(e.dir))
	for _, l := range e.dir {
		dir = append(dir, l, l)
	}
	e.dir = dir
}

// settle makes a loose leaf one that is looked up in: exact, and sorted by buckets.
func (l *leaf[E]) settle() {
	var next [buckets + 1]int // where the next entry of a bucket goes
	for _, h := range l.loose.hashes {
		next[bucketOf(h)+1]++
	}
	for b := range buckets {
		next[b+1] += next[b]
	}
	for b, start := range next {
		l.starts[b] = uint8(min(start, farStart))
	}
	sorted := make([]E, len(l.entries))
	for i, h := range l.loose.hashes {
		to := next[bucketOf(h)]
		next[bucketOf(h)]++
		sorted[to] = l.entries[i]
		if to < leafRoom {
			l.tags[to] = tagOf(h)
		}
	}
	l.entries, l.loose = sorted, nil
}
