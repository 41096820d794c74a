package control_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/control"
)

// sighting is what one node has seen of an origin in a day.
func sighting(origin string, letIn bool, hits int64, at time.Time) control.OriginDay {
	return control.OriginDay{Day: at.Truncate(24 * time.Hour), Origin: origin, LetIn: letIn, Hits: hits, First: at, Last: at}
}

// A change is rehearsed with the origins of the last 7 days, whatever became of them
// then, and their calls are added up over days and nodes.
func TestWouldChange(t *testing.T) {
	c, at := newControl(t)
	add(t, c, "app.example.com", "shop.example.net")
	now := at.Now()
	for range 2 { // nodes
		must(t, c.RecordSightings(t.Context(), control.Sightings{Days: []control.OriginDay{
			sighting("https://app.example.com", true, 5, now),
			sighting("https://app.example.com", true, 7, now.AddDate(0, 0, -2)),
			sighting("https://app.example.com", false, 1, now.AddDate(0, 0, -3)), // it was not trusted yet
			sighting("https://shop.example.net", true, 40, now),
			sighting("https://new.example.org", false, 3, now),
			sighting("https://old.example.org", false, 3, now.AddDate(0, 0, -9)),
		}}))
	}
	d, err := c.FindDomain(t.Context(), "app.example.com")
	must(t, err)
	turns, err := c.WouldChange(t.Context(), control.Rehearsal{Without: []int64{d.ID}, Origins: []string{"https://app.example.com", "https://never.example.com"}})
	must(t, err)
	want := fmt.Sprintf("[{{https://app.example.com false app.example.com} 26 %s}]", now)
	if got := fmt.Sprint(turns); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// What is too old is dropped when something is written, and so it is not known any more.
func TestSightingsGrowOld(t *testing.T) {
	c, at := newControl(t)
	now := at.Now()
	write := func(now time.Time) {
		t.Helper()
		must(t, c.RecordSightings(t.Context(), control.Sightings{
			Traffic: []control.TrafficCount{
				{Span: time.Minute, Start: now.Truncate(time.Minute), Name: "allowed", Hits: 1},
				{Span: time.Hour, Start: now.Truncate(time.Hour), Name: "allowed", Hits: 1},
			},
			Days:    []control.OriginDay{sighting("https://a.example", true, 1, now)},
			Refused: []control.RefusedOrigin{{Origin: "https://b.example", Hits: 1, First: now, Last: now, Reason: "origin-not-trusted"}},
		}))
	}
	count := func() [3]int {
		t.Helper()
		all, err := c.Sightings(t.Context())
		must(t, err)
		return [3]int{len(all.Traffic), len(all.Days), len(all.Refused)}
	}
	write(now)
	at.forward(25 * time.Hour)
	write(at.Now())
	if got := count(); got != [3]int{3, 2, 1} { // the first minute is gone, the refused origin is the same one
		t.Errorf("after a day %v", got)
	}
	at.forward(9 * 24 * time.Hour)
	must(t, c.RecordSightings(t.Context(), control.Sightings{}))
	if got := count(); got != [3]int{} {
		t.Errorf("after nine days %v", got)
	}
}

// What is seen of a site that was removed meanwhile is not kept.
func TestSightingsOfASiteThatIsGone(t *testing.T) {
	c, at := newControl(t)
	site, err := c.AddSite(t.Context(), anna, control.Site{Name: "gone"})
	must(t, err)
	there := c.In(control.Place{ID: site.ID, Name: site.Name})
	seen := control.Sightings{Days: []control.OriginDay{sighting("https://a.example", true, 1, at.Now())}}
	must(t, there.RecordSightings(t.Context(), seen))
	must(t, c.RemoveSite(t.Context(), anna, "gone"))
	refusal, ok := errors.AsType[*control.Error](there.RecordSightings(t.Context(), seen))
	if !ok || refusal.Code != control.CodeNotFound {
		t.Errorf("got %v", refusal)
	}
	all, err := there.Sightings(t.Context())
	must(t, err)
	if len(all.Days) != 0 {
		t.Errorf("%v is kept", all.Days)
	}
}
