package cow

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"
)

// same holds a map against the oracle.
func same[K comparable, V comparable](t *testing.T, got Map[K, V], want map[K]V, ask func(func(K) bool)) {
	t.Helper()
	if got.Len() != len(want) {
		t.Fatalf("%d keys, want %d", got.Len(), len(want))
	}
	if all := maps.Collect(got.All()); !maps.Equal(all, want) {
		t.Fatalf("All yields %d keys, which differ from the %d wanted", len(all), len(want))
	}
	for k := range ask {
		v, ok := got.Get(k)
		if w, has := want[k]; ok != has || v != w {
			t.Fatalf("%v has %v, %v; want %v, %v", k, v, ok, w, has)
		}
	}
}

func upTo(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// A map that was changed in steps, of one or of many, has what a Go map has, and what
// was read before a step stays as it was.
func TestMapAgainstOracle(t *testing.T) {
	for name, of := range map[string]struct{ keys, batch, steps int }{
		"few keys":          {20, 3, 400},
		"some leaves":       {1_000, 40, 300},
		"many leaves":       {20_000, 900, 60},
		"one at a time":     {300, 1, 1500},
		"growing, emptying": {5_000, 4_000, 20},
	} {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			var m, earlier Map[int, int]
			want, wantEarlier := map[int]int{}, map[int]int{}
			for step := range of.steps {
				if step%7 == 0 {
					same(t, earlier, wantEarlier, upTo(of.keys))
					earlier, wantEarlier = m, maps.Clone(want)
				}
				m = changed(r, m, want, of.keys, of.batch, step/5%2 == 1)
				if step%5 == 0 {
					same(t, m, want, upTo(of.keys))
				}
			}
			same(t, m, want, upTo(of.keys))
		})
	}
}

// changed does the same to a map and to the oracle.
func changed(r *rand.Rand, m Map[int, int], want map[int]int, keys, batch int, shrinking bool) Map[int, int] {
	e := m.Edit()
	for range batch {
		k, v := r.IntN(keys), r.Int()
		if shrinking != (r.IntN(4) == 0) {
			_, had := want[k]
			if e.Remove(k) != had {
				panic("Remove does not know what was there")
			}
			delete(want, k)
			continue
		}
		e.Put(k, v)
		want[k] = v
		if got, ok := e.Get(k); !ok || got != v || e.Len() != len(want) {
			panic("an edit does not know what was put in")
		}
	}
	return e.Map()
}

func FuzzMapAgainstOracle(f *testing.F) {
	f.Add([]byte{1, 2, 3, 131, 4, 255, 130})
	f.Fuzz(func(t *testing.T, steps []byte) {
		var m Map[byte, int]
		e, want := m.Edit(), map[byte]int{}
		for i, b := range steps {
			switch k := b & 0x7f; {
			case b == 0xff:
				m = e.Map()
				e = m.Edit()
			case b < 0x80:
				e.Put(k, i)
				want[k] = i
			default:
				e.Remove(k)
				delete(want, k)
			}
		}
		if m = e.Map(); !maps.Equal(maps.Collect(m.All()), want) || m.Len() != len(want) {
			t.Fatalf("%v: there is %v, want %v", steps, maps.Collect(m.All()), want)
		}
	})
}

// Entries whose hashes meet are told apart all the same, and a directory does not grow
// for them without end.
func TestEqualHashes(t *testing.T) {
	const n = 2_000
	for name, hash := range map[string]func(*int) uint64{
		"one":           func(*int) uint64 { return 42 },
		"few":           func(x *int) uint64 { return uint64(*x%3) << 62 },
		"same first 20": func(x *int) uint64 { return uint64(*x) * 0x9E3779B97F4A7C15 >> 20 },
		"same last 32":  func(x *int) uint64 { return uint64(*x) * 0x9E3779B97F4A7C15 << 32 },
	} {
		kind := Kind[int]{Hash: hash, Same: func(a, b *int) bool { return *a == *b }}
		var empty Table[int]
		e := empty.Edit(kind)
		for x := range n {
			e.Put(x)
			e.Put(x)
		}
		for x := 0; x < n; x += 2 {
			e.Remove(x)
		}
		table := e.Table()
		if table.Len() != n/2 || len(table.dir) > n/slotFill*2 {
			t.Errorf("%s: %d entries in %d slots", name, table.Len(), len(table.dir))
		}
		for x := range n {
			found := false
			for _, y := range table.Candidates(hash(&x)) {
				found = found || x == y
			}
			if found != (x%2 == 1) {
				t.Fatalf("%s: found %d: %v", name, x, found)
			}
		}
	}
}

// What is derived, and then emptied, is as small as what is made anew.
func TestEmptiedMapIsSmall(t *testing.T) {
	var m Map[int, int]
	e := m.Edit()
	const keys, kept = 10_000, 10
	want := map[int]int{}
	for i := range keys {
		e.Put(i, i)
		if i < kept {
			want[i] = i
		}
	}
	m = e.Map()
	wide := len(m.table.dir)
	for i := kept; i < keys; i++ {
		m = m.Without(i)
	}
	same(t, m, want, upTo(keys))
	if wide < 100 || len(m.table.dir) > 2 {
		t.Errorf("the directory had %d slots and has %d", wide, len(m.table.dir))
	}
	for i := range kept {
		m = m.Without(i, keys+i)
	}
	if m.table.dir != nil {
		t.Error("an empty map has a directory")
	}
}

// A change shares with what it was made from all that it does not touch.
func TestChangeIsSmall(t *testing.T) {
	var m Map[string, int]
	e := m.Edit()
	for i := range 50_000 {
		e.Put(fmt.Sprint("key ", i), i)
	}
	m = e.Map()
	next := m.With("another", 1)
	before := map[*leaf[pair[string, int]]]bool{}
	for l := range leaves(m.table.dir) {
		before[l] = true
		if cap(l.entries) != len(l.entries) || l.loose != nil {
			t.Fatal("a leaf is larger than what it holds")
		}
	}
	copied := 0
	for l := range leaves(next.table.dir) {
		if !before[l] {
			copied++
		}
	}
	if copied > 2 {
		t.Errorf("one new key made %d leaves", copied)
	}
}

// Any number may read what another derives from. For the race detector.
func TestReadersBesideAWriter(t *testing.T) {
	const keys = 3_000
	var m Map[int, int]
	for i := range keys {
		m = m.With(i, 0)
	}
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for i := range keys {
				if v, ok := m.Get(i); !ok || v != 0 {
					t.Errorf("%d has %d, %v", i, v, ok)
				}
			}
			for range m.All() {
			}
		})
	}
	derived := m
	for i := range keys {
		derived = derived.With(i, 1)
	}
	readers.Wait()
	if v, _ := derived.Get(keys - 1); v != 1 {
		t.Error("the derived map has not got what was put in")
	}
}

func TestZeroMap(t *testing.T) {
	var m Map[string, int]
	if _, ok := m.Get(""); ok || m.Len() != 0 || m.At("x") != nil {
		t.Error("the zero map has something")
	}
	for range m.All() {
		t.Error("the zero map yields something")
	}
	if m = m.Without("x"); m.Len() != 0 {
		t.Error("what was taken out of nothing is something")
	}
}
