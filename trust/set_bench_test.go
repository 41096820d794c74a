package trust

import (
	"fmt"
	"runtime"
	"testing"
)

// Sizes of the lists that are measured.
var benchSizes = []int{10, 1_000, 100_000, 1_000_000}

// benchEntries is a list of so many entries, of which every tenth is a wildcard.
func benchEntries(n int) []Entry {
	list := make([]Entry, n)
	for i := range list {
		text := fmt.Sprintf("shop-%06d.example.com", i)
		if i%10 == 9 {
			text = fmt.Sprintf("*.partner-%06d.example.org", i)
		}
		d, err := ParseDomain(text)
		if err != nil {
			panic(err)
		}
		list[i] = Entry{ID: int64(i + 1), Domain: d}
	}
	return list
}

// headers are those of pages that are spread over the list, in an order that no
// cache foresees.
func headers(n int, form string, step int) []string {
	const most = 1 << 16
	list := make([]string, min(n/step+1, most))
	for i := range list {
		at := (i * 7919) % n
		list[i] = fmt.Sprintf(form, at-at%step+step-1)
	}
	return list
}

func BenchmarkMatchHeader(b *testing.B) {
	for _, n := range benchSizes {
		s := NewSet(benchEntries(n))
		for _, c := range []struct {
			name string
			of   []string
		}{
			{"exact", headers(n, "https://shop-%06d.example.com", 1)},
			{"wildcard", headers(n, "https://www.partner-%06d.example.org", 10)},
			{"miss", headers(n, "https://other-%06d.example.net", 1)},
		} {
			b.Run(fmt.Sprintf("%s/%d", c.name, n), func(b *testing.B) {
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					s.MatchHeader(c.of[i%len(c.of)], noon)
					i++
				}
			})
		}
	}
}

func BenchmarkNewSet(b *testing.B) {
	for _, n := range benchSizes {
		list := benchEntries(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				runtime.KeepAlive(NewSet(list))
			}
		})
	}
}

func BenchmarkWith(b *testing.B) {
	for _, n := range benchSizes {
		list := benchEntries(n)
		s := NewSet(list)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				runtime.KeepAlive(s.With(list[:1], nil))
			}
		})
	}
}
