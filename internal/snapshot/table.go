package snapshot

import "maps"

// A table is an immutable map. The zero table is empty.
type table[K comparable, V any] struct{ m map[K]V }

func (t table[K, V]) get(key K) (V, bool) {
	v, ok := t.m[key]
	return v, ok
}

func (t table[K, V]) len() int { return len(t.m) }

func (t table[K, V]) all(yield func(V) bool) {
	for _, v := range t.m {
		if !yield(v) {
			return
		}
	}
}

// edit begins the derivation of another table.
func (t table[K, V]) edit() *edit[K, V] { return &edit[K, V]{m: t.m} }

// An edit is a table that is being derived; the one that it came from stays.
type edit[K comparable, V any] struct {
	m   map[K]V
	own bool
}

func (e *edit[K, V]) get(key K) (V, bool) {
	v, ok := e.m[key]
	return v, ok
}

func (e *edit[K, V]) put(key K, v V) {
	e.unshare()
	e.m[key] = v
}

func (e *edit[K, V]) remove(key K) {
	if _, ok := e.m[key]; ok {
		e.unshare()
		delete(e.m, key)
	}
}

func (e *edit[K, V]) unshare() {
	if e.own {
		return
	}
	e.own = true
	if e.m = maps.Clone(e.m); e.m == nil {
		e.m = make(map[K]V)
	}
}

func (e *edit[K, V]) done() table[K, V] {
	e.own = false
	return table[K, V]{e.m}
}
