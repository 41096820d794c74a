package cow

import (
	"iter"
	"slices"
	"sort"
)

const (
	// chunkRoom is how many entries a chunk of a list has before it is halved.
	chunkRoom = 512
	// chunkFill is how many it has in a list that is made at once.
	chunkFill = chunkRoom * 3 / 4
	// chunkWaste is how few make it be put together with the next one.
	chunkWaste = chunkRoom / 8
)

// A List is an immutable sorted list of entries that differ, in chunks: a change copies
// one chunk, and where each begins. The zero List is empty.
type List[E any] struct {
	chunks [][]E
	size   int
}

// NewList makes a list of entries that are sorted already.
func NewList[E any](sorted iter.Seq[E], size int) List[E] {
	l := List[E]{chunks: make([][]E, 0, size/chunkFill+1)}
	chunk := make([]E, 0, min(size, chunkFill))
	for e := range sorted {
		if l.size++; len(chunk) == chunkFill {
			l.chunks = append(l.chunks, chunk)
			chunk = make([]E, 0, min(size-l.size+1, chunkFill))
		}
		chunk = append(chunk, e)
	}
	if len(chunk) > 0 {
		l.chunks = append(l.chunks, chunk)
	}
	return l
}

// Len returns the number of entries.
func (l *List[E]) Len() int { return l.size }

// From yields the entries in their order, from the first one that is not before what is
// looked for. Those that are stand before those that are not.
func (l *List[E]) From(isBefore func(E) bool) iter.Seq[E] {
	return func(yield func(E) bool) {
		at, i := find(l.chunks, isBefore)
		for ; at < len(l.chunks); at, i = at+1, 0 {
			for ; i < len(l.chunks[at]); i++ {
				if !yield(l.chunks[at][i]) {
					return
				}
			}
		}
	}
}

// find returns the chunk, and where in it, of the first entry that is not before what is
// looked for, or would be put; where all are before it, that is the end of the last chunk.
func find[E any](chunks [][]E, isBefore func(E) bool) (at, i int) {
	at = sort.Search(len(chunks), func(c int) bool { return !isBefore(chunks[c][0]) })
	if at = max(at-1, 0); at == len(chunks) {
		return at, 0
	}
	chunk := chunks[at]
	return at, sort.Search(len(chunk), func(i int) bool { return !isBefore(chunk[i]) })
}

// A ListEdit makes one list from another, for one goroutine.
type ListEdit[E any] struct {
	compare func(a, b E) int
	chunks  [][]E // which are not changed, but replaced
	size    int
	own     bool
}

// Edit begins a change. The list is sorted by compare.
func (l *List[E]) Edit(compare func(a, b E) int) *ListEdit[E] {
	return &ListEdit[E]{compare: compare, chunks: l.chunks, size: l.size}
}

// Put puts an entry in, unless it is there.
func (e *ListEdit[E]) Put(x E) {
	at, i, ok := e.find(x)
	if ok {
		return
	}
	e.unshare()
	e.size++
	if at == len(e.chunks) {
		e.chunks = append(e.chunks, []E{x})
		return
	}
	had := e.chunks[at]
	chunk := append(append(append(make([]E, 0, len(had)+1), had[:i]...), x), had[i:]...)
	if len(chunk) <= chunkRoom {
		e.chunks[at] = chunk
		return
	}
	half := len(chunk) / 2
	e.chunks = slices.Replace(e.chunks, at, at+1, slices.Clone(chunk[:half]), slices.Clone(chunk[half:]))
}

// Remove takes an entry out, if it is there.
func (e *ListEdit[E]) Remove(x E) {
	at, i, ok := e.find(x)
	if !ok {
		return
	}
	e.unshare()
	e.size--
	chunk := slices.Concat(e.chunks[at][:i], e.chunks[at][i+1:])
	if at+1 < len(e.chunks) && len(chunk) < chunkWaste && len(chunk)+len(e.chunks[at+1]) <= chunkFill {
		e.chunks = slices.Replace(e.chunks, at, at+2, slices.Concat(chunk, e.chunks[at+1]))
		return
	}
	if e.chunks[at] = chunk; len(chunk) == 0 {
		e.chunks = slices.Delete(e.chunks, at, at+1)
	}
}

// List ends the edit and returns what came of it.
func (e *ListEdit[E]) List() List[E] {
	l := List[E]{chunks: e.chunks, size: e.size}
	*e = ListEdit[E]{}
	return l
}

func (e *ListEdit[E]) find(x E) (at, i int, ok bool) {
	at, i = find(e.chunks, func(y E) bool { return e.compare(y, x) < 0 })
	switch {
	case at == len(e.chunks):
		return at, i, false
	case i < len(e.chunks[at]):
		return at, i, e.compare(e.chunks[at][i], x) == 0
	case at+1 < len(e.chunks):
		next := e.chunks[at+1]
		if e.compare(next[0], x) == 0 {
			return at + 1, 0, true
		}
	}
	return at, i, false
}

func (e *ListEdit[E]) unshare() {
	if !e.own {
		e.chunks, e.own = slices.Clone(e.chunks), true
	}
}
