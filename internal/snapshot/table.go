package snapshot

import "github.com/crossgate/crossgate/internal/cow"

// A table is an immutable map. The zero table is empty.
type table[K comparable, V any] struct{ m cow.Map[K, V] }

func (t *table[K, V]) get(key K) (V, bool) { return t.m.Get(key) }

func (t *table[K, V]) len() int { return t.m.Len() }

func (t *table[K, V]) all(yield func(V) bool) {
	for _, v := range t.m.All() {
		if !yield(v) {
			return
		}
	}
}

// edit begins the derivation of another table.
func (t *table[K, V]) edit() *edit[K, V] { return &edit[K, V]{t.m.Edit()} }

// An edit is a table that is being derived; the one that it came from stays.
type edit[K comparable, V any] struct{ m cow.MapEdit[K, V] }

func (e *edit[K, V]) get(key K) (V, bool) { return e.m.Get(key) }
func (e *edit[K, V]) put(key K, v V)      { e.m.Put(key, v) }
func (e *edit[K, V]) remove(key K)        { e.m.Remove(key) }
func (e *edit[K, V]) done() table[K, V]   { return table[K, V]{e.m.Map()} }
