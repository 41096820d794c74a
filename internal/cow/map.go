package cow

import (
	"hash/maphash"
	"iter"
)

// seed keys the hashes of this process's maps. They share one: it keeps strangers from
// choosing keys that meet, for which it need only be unknown.
var seed = maphash.MakeSeed()

// Hash is the keyed hash of a text, the same for a process's life.
func Hash(text string) uint64 { return maphash.String(seed, text) }

// HashBytes is [Hash] of a text in bytes.
func HashBytes(text []byte) uint64 { return maphash.Bytes(seed, text) }

// A Map is an immutable map. The zero Map is empty.
type Map[K comparable, V any] struct{ table Table[pair[K, V]] }

type pair[K comparable, V any] struct {
	key   K
	value V
}

func hashOf[K comparable, V any](p *pair[K, V]) uint64   { return maphash.Comparable(seed, p.key) }
func sameKey[K comparable, V any](a, b *pair[K, V]) bool { return a.key == b.key }

// Len returns the number of keys.
func (m *Map[K, V]) Len() int { return m.table.Len() }

// Get returns the value of a key.
func (m *Map[K, V]) Get(key K) (value V, ok bool) {
	if found := m.At(key); found != nil {
		return *found, true
	}
	return value, false
}

// At returns where the value of a key is, for large ones, or nil. Nobody changes it.
func (m *Map[K, V]) At(key K) *V {
	if m.table.size == 0 {
		return nil
	}
	some := m.table.Candidates(maphash.Comparable(seed, key))
	for i := range some {
		if some[i].key == key {
			return &some[i].value
		}
	}
	return nil
}

// All yields keys and values in an order that says nothing.
func (m *Map[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for p := range m.table.All() {
			if !yield(p.key, p.value) {
				return
			}
		}
	}
}

// AllAt is [Map.All] with where the values are, for large ones. Nobody changes them.
func (m *Map[K, V]) AllAt() iter.Seq2[K, *V] {
	return func(yield func(K, *V) bool) {
		for p := range m.table.All() {
			if !yield(p.key, &p.value) {
				return
			}
		}
	}
}

// With returns a map in which a key has a value.
func (m *Map[K, V]) With(key K, value V) Map[K, V] {
	e := m.Edit()
	e.Put(key, value)
	return e.Map()
}

// Without returns a map that has not got some keys.
func (m *Map[K, V]) Without(keys ...K) Map[K, V] {
	e := m.Edit()
	for _, key := range keys {
		e.Remove(key)
	}
	return e.Map()
}

// A MapEdit makes one map from another, as [Edit] does with tables.
type MapEdit[K comparable, V any] struct{ edit *Edit[pair[K, V]] }

// Edit begins a change.
func (m *Map[K, V]) Edit() MapEdit[K, V] {
	return MapEdit[K, V]{m.table.Edit(Kind[pair[K, V]]{Hash: hashOf[K, V], Same: sameKey[K, V]})}
}

// Put gives a key a value.
func (e MapEdit[K, V]) Put(key K, value V) { e.edit.Put(pair[K, V]{key, value}) }

// Remove takes out a key, and reports whether it was there.
func (e MapEdit[K, V]) Remove(key K) bool { return e.edit.Remove(pair[K, V]{key: key}) }

// Get returns the value of a key so far.
func (e MapEdit[K, V]) Get(key K) (value V, ok bool) {
	found, ok := e.edit.Get(pair[K, V]{key: key})
	return found.value, ok
}

// Len returns the number of keys so far.
func (e MapEdit[K, V]) Len() int { return e.edit.Len() }

// Map ends the edit and returns what came of it.
func (e MapEdit[K, V]) Map() Map[K, V] { return Map[K, V]{e.edit.Table()} }
