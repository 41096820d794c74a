package snapshot

import (
	"fmt"
	"testing"
)

// fleetSize is how many sites a fleet may have.
const fleetSize = 100_000

// fleet is a table of many sites: each with a host of its own, or all on one.
func fleet(b *testing.B, address func(int) string) *Snapshot {
	b.Helper()
	var all []*Site
	for i := range fleetSize {
		all = append(all, siteAt(b, int64(i+2), address(i)))
	}
	return &Snapshot{Default: siteAt(b, 1), Sites: Sites{}.With(all, nil)}
}

// A change of one site costs what a few do, and a look-up the same, however many others
// there are.
func BenchmarkFleet(b *testing.B) {
	for name, address := range map[string]func(int) string{
		"hosts":    func(i int) string { return fmt.Sprintf("https://site%d.example.com", i) },
		"prefixes": func(i int) string { return fmt.Sprintf("https://api.example.com/t/%d", i) },
	} {
		s := fleet(b, address)
		a, err := ParseAddress(address(77))
		if err != nil {
			b.Fatal(err)
		}
		path := a.Prefix + "/v2/users"
		b.Run("find/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if site, _ := s.Find(a.Origin.Authority(), path); site.ID != 79 {
					b.Fatal(site.ID)
				}
			}
		})
		b.Run("change/"+name, func(b *testing.B) {
			changed := siteAt(b, 79, address(77))
			b.ReportAllocs()
			for b.Loop() {
				s.Sites.With([]*Site{changed}, nil)
			}
		})
	}
}
