package inspect

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/preflight"
)

// busy returns a Recorder that has seen one of each kind, and its clock.
func busy() (r *Recorder, now *time.Time) {
	at := noon
	r = New(Config{Now: func() time.Time { return at }})
	own := call()
	own.Verdict, own.Origin, own.Reason = gate.Own, "https://api.example.com", gate.ReasonOwn
	unwrapped := call()
	unwrapped.Carrier = Query
	failed := call()
	failed.Failed, failed.Reason = true, "upstream-timeout"
	observed := turnedAway()
	observed.Refused, observed.Verdict = false, gate.Observed
	asked := asking()
	asked.Refused, asked.Reason = true, gate.HeaderNotAllowed
	for _, o := range []Observation{call(), own, unwrapped, failed, observed, turnedAway(), turnedAway(), asking(), asked} {
		r.Record(&o)
	}
	return r, &at
}

func TestSeries(t *testing.T) {
	r, now := busy()
	want := Counts{Allowed: 3, Refused: 2, Observed: 1, Failed: 1, Preflights: 2, PreflightsRefused: 1, Unwrapped: 1}
	reasons := []ReasonCount{{"origin-not-trusted", 3}, {"header-not-allowed", 1}, {"upstream-timeout", 1}}
	causes := []CauseCount{
		{Cause{preflight.HeaderType, "content-type"}, 1}, {Cause{preflight.HeaderName, "authorization"}, 1}, {Cause{preflight.Method, "PATCH"}, 1},
	}
	for _, over := range []Range{LastDay, LastWeek} {
		s := r.At(DefaultSite).Series(over)
		same(t, []any{s.Total, s.Reasons, s.Causes, s.Points[len(s.Points)-1].Counts}, []any{want, reasons, causes, want})
		if first := s.Points[0].Start; !first.Equal(noon.Truncate(s.Step).Add(-time.Duration(len(s.Points)-1) * s.Step)) {
			t.Errorf("%s begins at %s", over, first)
		}
	}
	*now = noon.Add(25 * time.Hour)
	if day, week := r.At(DefaultSite).Series(LastDay).Total.All(), r.At(DefaultSite).Series(LastWeek); day != 0 || week.Total != want || len(week.Reasons) != 3 {
		t.Errorf("a day later: %d in the last day, %+v in the last week", day, week.Total)
	}
	*now = noon.AddDate(0, 0, 8)
	if week := r.At(DefaultSite).Series(LastWeek); week.Total.All() != 0 || week.Reasons != nil {
		t.Errorf("a week later: %+v", week.Total)
	}
}

func TestCauses(t *testing.T) {
	for _, test := range []struct {
		method  string
		headers []string
		want    []Cause
	}{
		{"PUT", nil, []Cause{{preflight.Method, "PUT"}}},
		{"PROPFIND", nil, []Cause{{preflight.Method, "PROPFIND"}}},
		{"POST", nil, []Cause{{Code: preflight.UploadListener}}},
		{"GET", []string{"X-A, ,x-b", "range"}, []Cause{{preflight.HeaderName, "x-a"}, {preflight.HeaderName, "x-b"}, {preflight.HeaderRange, "range"}}},
		{"GET", []string{"accept"}, []Cause{{preflight.HeaderValueByte, "accept"}}},
	} {
		o := asking()
		o.RequestMethod, o.RequestHeaders = test.method, test.headers
		r := New(Config{Now: func() time.Time { return noon }})
		r.Record(&o)
		var got []Cause
		for _, c := range r.At(DefaultSite).Series(LastDay).Causes {
			got = append(got, c.Cause)
		}
		same(t, got, test.want)
	}
}

// What is flushed is handed over once, or again where it could not be written.
func TestFlush(t *testing.T) {
	r, _ := busy()
	broken := errors.New("the disk is full")
	if err := r.Flush(t.Context(), func(context.Context, int64, Rollup) error { return broken }); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	first := flushed(t, r)
	var refused int64
	for _, c := range first.Traffic {
		if c.Name == "refused" && c.Span == time.Minute {
			refused += c.Hits
		}
	}
	if refused != 2 || len(first.Days) != 3 || len(first.Refused) != 1 || first.Refused[0].Hits != 3 {
		t.Errorf("flushed %+v", first)
	}
	if again := flushed(t, r); !again.IsEmpty() {
		t.Errorf("handed over twice: %+v", again)
	}
	o := turnedAway()
	r.Record(&o)
	more := flushed(t, r)
	if len(more.Refused) != 1 || more.Refused[0].Hits != 1 || len(more.Traffic) != 3 {
		t.Errorf("one more: %+v", more)
	}
}

// restore makes a Recorder know what was written down of the default site.
func restore(r *Recorder, written Rollup) {
	r.settler.books.home.replace(written, r.clock())
}

func flushed(t *testing.T, r *Recorder) (got Rollup) {
	t.Helper()
	err := r.Flush(t.Context(), func(_ context.Context, _ int64, roll Rollup) error {
		got = roll
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Who begins with what others have written down knows what they knew, and hands none of
// it over again.
func TestRestore(t *testing.T) {
	before, now := busy()
	r := New(Config{Now: func() time.Time { return *now }})
	restore(r, flushed(t, before))
	for _, over := range []Range{LastDay, LastWeek} {
		same(t, r.At(DefaultSite).Series(over), before.At(DefaultSite).Series(over))
	}
	reasons := cmpopts.IgnoreFields(Origin{}, "Reason") // of one that is let in, it is not written down
	if diff := cmp.Diff(before.At(DefaultSite).SeenOrigins(), r.At(DefaultSite).SeenOrigins(), reasons); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
	if again := flushed(t, r); !again.IsEmpty() {
		t.Errorf("handed over again: %+v", again)
	}
	o := turnedAway()
	r.Record(&o)
	if more := flushed(t, r); more.Refused[0].Hits != 1 {
		t.Errorf("one more: %+v", more.Refused)
	}
	if all := r.At(DefaultSite).RefusedOrigins(); all[0].Hits != 4 {
		t.Errorf("%+v", all)
	}
}

// After the system's clock was set back, what happens is counted as ever, and what was
// counted ahead of it is in nobody's way.
func TestClockSetBack(t *testing.T) {
	r, now := busy()
	before := flushed(t, r)
	for _, back := range []time.Duration{time.Hour, 24 * time.Hour, 7 * 24 * time.Hour, 90 * 24 * time.Hour} {
		*now = noon.Add(-back)
		again := New(Config{Now: func() time.Time { return *now }})
		restore(again, before)
		for name, r := range map[string]*Recorder{"the same process": r, "the next process": again} {
			had := r.At(DefaultSite).Series(LastWeek).Total
			o := turnedAway()
			o.Time = *now
			r.Record(&o)
			for _, over := range []Range{LastDay, LastWeek} {
				s := r.At(DefaultSite).Series(over)
				if s.Points[len(s.Points)-1].Refused != 1 || s.Total.Refused != had.Refused+1 || s.Reasons[0].Hits != 1 {
					t.Errorf("%s back, %s: in %s %+v, reasons %v", back, name, over, s.Total, s.Reasons)
				}
			}
			flushed(t, r)
			for _, o := range r.At(DefaultSite).SeenOrigins() {
				if ahead := o.Last.Sub(*now); ahead > clockSlack || o.First.After(o.Last) {
					t.Errorf("%s back, %s: seen from %s to %s", back, name, o.First, o.Last)
				}
			}
		}
	}
}

// What is read from before the start takes nobody's cell: neither that of a count that is
// written down twice as long ago, nor in any order of the rows.
func TestRestoreKeepsToItsTime(t *testing.T) {
	for _, days := range [][]int{{0, -1, 1}, {1, 0, -1}, {-1, 1, 0}} {
		r := New(Config{Now: func() time.Time { return noon }})
		var roll Rollup
		for _, day := range days {
			start := noon.AddDate(0, 0, day).Truncate(time.Minute)
			roll.Traffic = append(roll.Traffic,
				TrafficCount{time.Minute, start, "allowed", int64(day + 5)},
				TrafficCount{time.Hour, noon.AddDate(0, 0, 7*day).Truncate(time.Hour), "allowed", int64(day + 5)})
		}
		restore(r, roll)
		for _, over := range []Range{LastDay, LastWeek} {
			if got := r.At(DefaultSite).Series(over).Total.Allowed; got != 5 {
				t.Errorf("%v: %d in %s", days, got, over)
			}
		}
	}
}

// What Exchanges, origins and names anybody invents, memory stays below MaxBytes.
func TestMemoryIsBounded(t *testing.T) {
	before := heap()
	at := noon
	r := New(Config{Now: func() time.Time { return at }})
	refused, allowed, asked := turnedAway(), call(), asking()
	for i := range 60_000 {
		at = noon.Add(time.Duration(i) * 10 * time.Second) // a week
		long := fmt.Sprintf("%0250d", i)
		refused.Time, allowed.Time, asked.Time = at, at, at
		refused.Origin, refused.Path = "https://"+long, "/"+long
		allowed.Origin, allowed.Path = "https://"+long+".example.com", "/"+long
		asked.RequestMethod, asked.RequestHeaders = long, []string{fmt.Sprintf("x-%062d", i), long}
		r.Record(&refused)
		r.Record(&allowed)
		r.Record(&asked)
	}
	r.At(DefaultSite).Series(LastWeek)
	used := heap() - before
	if used > MaxBytes || used < MaxBytes/2 {
		t.Errorf("%.1f MB are held; MaxBytes says %.1f MB", float64(used)/1e6, float64(MaxBytes)/1e6)
	}
	t.Logf("%.1f MB", float64(used)/1e6)
	if all := r.At(DefaultSite).SeenOrigins(); len(all) != MaxLetInOrigins+MaxRefusedOrigins {
		t.Errorf("%d origins", len(all))
	}
	if all := r.At(DefaultSite).Series(LastWeek); !slices.ContainsFunc(all.Causes, func(c CauseCount) bool { return c.Name == "" }) {
		t.Error("no cause went without its name")
	}
	runtime.KeepAlive(r)
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
