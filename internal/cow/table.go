// Package cow has tables that are changed by copying a little of them: what was read
// before a change goes on to answer as it did, and costs no lock.
//
// A [Table] is found in by hashes that its owner makes; a [Map] has keys. Both are
// extendible hash tables (Fagin and others, 1979): a directory of pointers to leaves,
// of which one that overflows is split alone. A change copies the directory, which
// has 8 bytes for some thirty entries, and the leaves that it touches; all else is
// shared. Leaves are exact in size, so that many small tables are light, and nothing
// in them is ever changed once they were published: any number of goroutines may
// read while others derive.
package cow

import (
	"iter"
	"math/bits"
)

// A Table is an immutable list of entries. The zero Table is empty.
type Table[E any] struct {
	// dir has the leaf of each value of a hash's first bits; its length is a power of
	// two, or 0. A leaf of less depth stands there several times, side by side.
	dir  []*leaf[E]
	size int
}

// A leaf has the entries whose hashes begin with the same bits. It says where to look
// within its own 128 bytes, because reading what is elsewhere is what takes time in a
// long list.
type leaf[E any] struct {
	entries []E // bucket after bucket
	loose   *loose
	depth   uint8              // how many bits the hashes have in common
	starts  [buckets + 1]uint8 // where each bucket begins; the last one: where all end
	tags    [leafRoom]uint8    // of each entry
}

const (
	// leafRoom is how many entries a leaf has before it is split: so few that copying
	// them is little, and so many that a directory has few pointers.
	leafRoom = 62
	// buckets is how many there are in a leaf.
	buckets = 32
	// farStart stands for this and all later places. A leaf has so many entries only where
	// many hashes meet.
	farStart = 1<<8 - 1
)

// bucketOf is where in a leaf an entry is. tagOf is what of its hash chooses neither
// leaf nor bucket, and so tells it from others.
func bucketOf(hash uint64) int { return int(hash % buckets) }
func tagOf(hash uint64) uint8  { return uint8(hash >> 8) }

// Len returns the number of entries.
func (t *Table[E]) Len() int { return t.size }

// Candidates returns some entries, of which those with a hash are; the caller compares
// them, and changes none. They are few, mostly one, and where nothing has the hash
// mostly none.
func (t *Table[E]) Candidates(hash uint64) []E {
	if len(t.dir) == 0 {
		return nil
	}
	l := t.dir[slot(hash, len(t.dir))]
	bucket := bucketOf(hash)
	from, end := int(l.starts[bucket]), int(l.starts[bucket+1])
	if end == farStart {
		return l.entries[from:]
	}
	for i := from; i < end; i++ {
		if i >= leafRoom || l.tags[i] == tagOf(hash) {
			return l.entries[i:end]
		}
	}
	return nil
}

// All yields the entries in an order that says nothing; nobody changes them.
func (t *Table[E]) All() iter.Seq[*E] {
	return func(yield func(*E) bool) {
		for l := range leaves(t.dir) {
			for i := range l.entries {
				if !yield(&l.entries[i]) {
					return
				}
			}
		}
	}
}

// leaves yields each leaf of a directory once.
func leaves[E any](dir []*leaf[E]) iter.Seq[*leaf[E]] {
	return func(yield func(*leaf[E]) bool) {
		depth := depthOf(len(dir))
		for i := 0; i < len(dir); i += 1 << (depth - int(dir[i].depth)) {
			if !yield(dir[i]) {
				return
			}
		}
	}
}

// slot is where a hash is in a directory of a length.
func slot(hash uint64, length int) int { return int(hash >> (64 - depthOf(length))) }

// depthOf is how many bits choose among so many slots, a power of two.
func depthOf(length int) int { return bits.TrailingZeros(uint(length)) }
