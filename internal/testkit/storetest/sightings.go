package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

var today = noon.Truncate(24 * time.Hour)

// sightings returns all that is written down of what was seen.
func sightings(t *testing.T, s control.Store) (all control.Sightings) {
	t.Helper()
	return view(t, s, func(r control.Reader) (control.Sightings, error) {
		traffic, err := r.Traffic(site)
		if err != nil {
			return all, err
		}
		days, err := r.OriginDays(site, noon.Add(-control.SeenFor))
		if err != nil {
			return all, err
		}
		refused, err := r.RefusedOrigins(site)
		slices.SortFunc(traffic, func(a, b control.TrafficCount) int { return a.Start.Compare(b.Start) })
		return control.Sightings{Traffic: traffic, Days: days, Refused: refused}, err
	})
}

// addSightings writes sightings as a node does.
func addSightings(t *testing.T, s control.Store, seen control.Sightings) {
	t.Helper()
	update(t, s, func(w control.Writer) error {
		for _, c := range seen.Traffic {
			if err := w.AddTraffic(site, c); err != nil {
				return err
			}
		}
		for _, d := range seen.Days {
			if err := w.AddOriginDay(site, d); err != nil {
				return err
			}
		}
		for _, o := range seen.Refused {
			if err := w.AddRefusedOrigin(site, o); err != nil {
				return err
			}
		}
		return nil
	})
}

// Several nodes write to the same rows: what they have seen adds up, in whatever order
// they come, and makes no revision.
func sightingsAddUp(t *testing.T, s control.Store) {
	head := view(t, s, control.Reader.Head)
	minute := control.TrafficCount{Span: time.Minute, Start: noon.Truncate(time.Minute), Name: "allowed", Hits: 3}
	day := control.OriginDay{Day: today, Origin: "https://a.example", LetIn: true, Hits: 2, First: noon, Last: noon.Add(time.Minute)}
	refused := control.RefusedOrigin{
		Origin: "https://b.example", Hits: 2, Uncertain: 1, First: noon, Last: noon.Add(time.Minute),
		Reason: "origin-not-trusted", Paths: []string{"/a"},
	}
	addSightings(t, s, control.Sightings{Traffic: []control.TrafficCount{minute}, Days: []control.OriginDay{day}, Refused: []control.RefusedOrigin{refused}})

	earlier := refused
	earlier.First, earlier.Last, earlier.Paths = noon.Add(-time.Hour), noon.Add(-time.Hour), []string{"/b"}
	notLetIn := day
	notLetIn.LetIn, notLetIn.Hits = false, 1
	earlierDay := day
	earlierDay.First, earlierDay.Last = earlier.First, earlier.Last
	addSightings(t, s, control.Sightings{Traffic: []control.TrafficCount{minute}, Days: []control.OriginDay{earlierDay, notLetIn}, Refused: []control.RefusedOrigin{earlier}})

	minute.Hits = 6
	day.Hits, day.First = 4, earlier.First
	refused.Hits, refused.Uncertain, refused.First, refused.Paths = 4, 2, earlier.First, earlier.Paths
	same(t, sightings(t, s), control.Sightings{Traffic: []control.TrafficCount{minute}, Days: []control.OriginDay{day, notLetIn}, Refused: []control.RefusedOrigin{refused}})
	same(t, view(t, s, control.Reader.Head), head)
}

// What is too old goes, and of the rest what has the fewest hits.
func sightingsPruned(t *testing.T, s control.Store) {
	var all control.Sightings
	for i := range 5 {
		hits, back := int64(i+1), time.Duration(i)*time.Minute
		origin := fmt.Sprintf("https://%d.example", i)
		all.Traffic = append(all.Traffic, control.TrafficCount{Span: time.Minute, Start: noon.Truncate(time.Minute).Add(-back), Name: "a", Hits: hits})
		for _, letIn := range []bool{true, false} {
			all.Days = append(all.Days, control.OriginDay{Day: today, Origin: origin, LetIn: letIn, Hits: hits, First: noon, Last: noon})
		}
		all.Refused = append(all.Refused, control.RefusedOrigin{Origin: origin, Hits: hits, First: noon, Last: noon.Add(-back)})
	}
	old := today.AddDate(0, 0, -8)
	all.Traffic = append(all.Traffic, control.TrafficCount{Span: time.Hour, Start: old, Name: "a", Hits: 9})
	all.Days = append(all.Days, control.OriginDay{Day: old, Origin: "https://old.example", Hits: 9, First: old, Last: old})
	all.Refused = append(all.Refused, control.RefusedOrigin{Origin: "https://old.example", Hits: 9, First: old, Last: old})
	addSightings(t, s, all)

	update(t, s, func(w control.Writer) error {
		return w.PruneSightings(site, control.Kept{
			Minutes: noon.Add(-3 * time.Minute), Hours: noon.Add(-time.Hour), Origins: noon.Add(-7 * 24 * time.Hour), Now: noon, Latest: noon.Add(time.Hour),
			LetInDays: 2, RefusedDays: 3, MaxRefused: 1, MaxTraffic: 3,
		})
	})
	left := sightings(t, s)
	var days, refused []string
	for _, d := range left.Days {
		days = append(days, fmt.Sprint(d.Origin, d.LetIn))
	}
	for _, o := range left.Refused {
		refused = append(refused, o.Origin)
	}
	same(t, days, []string{
		"https://4.examplefalse", "https://4.exampletrue", "https://3.examplefalse", "https://3.exampletrue", "https://2.examplefalse",
	})
	same(t, refused, []string{"https://4.example"})
	same(t, len(left.Traffic), 3)
	same(t, left.Traffic[0].Hits, int64(4)) // that with 5 had become too old
}

// What was counted by a clock that was set back since goes: it would stay until the clock
// is there again. Refused origins are kept, as if they were seen now.
func sightingsFromTheFuture(t *testing.T, s control.Store) {
	var all control.Sightings
	for _, ahead := range []time.Duration{0, time.Hour, 30 * 24 * time.Hour} {
		at := noon.Add(ahead)
		all.Traffic = append(all.Traffic,
			control.TrafficCount{Span: time.Minute, Start: at.Truncate(time.Minute), Name: "a", Hits: 1},
			control.TrafficCount{Span: time.Hour, Start: at.Truncate(time.Hour), Name: "a", Hits: 1})
		all.Days = append(all.Days, control.OriginDay{Day: at.Truncate(24 * time.Hour), Origin: "https://a.example", LetIn: true, Hits: 1, First: at, Last: at})
		all.Refused = append(all.Refused, control.RefusedOrigin{Origin: fmt.Sprintf("https://%d.example", ahead), Hits: 1, First: at, Last: at})
	}
	addSightings(t, s, all)
	update(t, s, func(w control.Writer) error {
		return w.PruneSightings(site, control.Kept{
			Now: noon, Latest: noon.Add(time.Hour), LetInDays: 9, RefusedDays: 9, MaxRefused: 9, MaxTraffic: 9,
		})
	})
	left := sightings(t, s)
	same(t, []int{len(left.Traffic), len(left.Days), len(left.Refused)}, []int{4, 1, 3})
	for _, c := range left.Traffic {
		if c.Start.After(noon.Add(time.Hour)) {
			t.Errorf("%+v is in the future", c)
		}
	}
	for _, o := range left.Refused {
		if o.First.After(o.Last) || o.Last.After(noon.Add(time.Hour)) {
			t.Errorf("%+v is in the future", o)
		}
	}
}
