package inspect

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"
)

// ofSite is an observation of another site, whose texts say so.
func ofSite(site int64, name string, o Observation) Observation {
	o.SiteID, o.Site = site, name
	o.Path, o.Origin = "/"+name, "https://"+name+".example"
	return o
}

// Whoever looks at a site finds nothing of another one, by whatever way, and all of what is
// its own. What had no site is the default one's.
func TestSitesSeeTheirOwn(t *testing.T) {
	const alpha, beta, quiet = 7, 8, 9
	r := New(Config{Now: func() time.Time { return noon }})
	ctx, _ := contextOf(t)
	told := map[int64]<-chan Exchange{}
	for _, site := range []int64{DefaultSite, alpha, beta} {
		told[site], _ = r.At(site).Subscribe(ctx, Filter{})
	}
	lost := Observation{Time: noon, Refused: true, Reason: "host-unknown", Path: "/default"}
	r.Record(&lost)
	for _, kind := range []func() Observation{call, turnedAway, asking} {
		for _, o := range []Observation{ofSite(alpha, "alpha", kind()), ofSite(beta, "beta", kind()), ofSite(DefaultSite, "default", kind())} {
			r.Record(&o)
		}
	}
	var ids []ID
	for site, name := range map[int64]string{DefaultSite: "default", alpha: "alpha", beta: "beta"} {
		v, want := r.At(site), 3
		if site == DefaultSite {
			want++
		}
		all := v.List(Filter{}, 0, 100)
		since := v.Since(0, func(*Exchange) bool { return true }, 100)
		if len(all) != want || len(since) != want || len(told[site]) != want || v.Series(LastDay).Total.All() != uint64(want) || v.Series(LastWeek).Causes == nil {
			t.Errorf("%s: %d listed, %d since, %d told, %+v, want %d", name, len(all), len(since), len(told[site]), v.Series(LastDay).Total, want)
		}
		for _, e := range append(all, since...) {
			if e.Path != "/"+name {
				t.Errorf("%s sees %+v", name, e)
			}
			if _, found := v.Get(e.ID); !found {
				t.Errorf("%s does not find %s", name, e.ID)
			}
			ids = append(ids, e.ID)
		}
		if top, refused, seen := v.TopOrigins(9), v.RefusedOrigins(), v.SeenOrigins(); len(top) != 1 || len(refused) != 1 || len(seen) != 2 || seen[0].Origin != "https://"+name+".example" {
			t.Errorf("%s: %v, %v, %v", name, top, refused, seen)
		}
	}
	v := r.At(quiet)
	for _, id := range ids {
		if e, found := v.Get(id); found {
			t.Errorf("a site with nothing finds %+v", e)
		}
	}
	if len(v.List(Filter{}, 0, 9))+len(v.Since(0, func(*Exchange) bool { return true }, 9))+len(v.SeenOrigins())+int(v.Series(LastWeek).Total.All()) != 0 {
		t.Error("a site with nothing sees something")
	}
}

// A preflight of one site is not that of a request to another, though all else is the same.
func TestSitesAreNotJoined(t *testing.T) {
	r := New(Config{})
	asked, request := asking(), call()
	asked.SiteID, request.SiteID, request.Method = 7, 8, "PATCH"
	r.Record(&asked)
	r.Record(&request)
	if e, _ := r.At(8).Get(r.last()); e.ID == 0 || e.Joined != 0 {
		t.Errorf("joined with %s of another site", e.Joined)
	}
	request.SiteID = 7
	r.Record(&request)
	if e, _ := r.At(7).Get(r.last()); e.Joined == 0 {
		t.Error("not joined with that of its own site")
	}
}

// Each site's counts go to that site, once, in the order of the ids; where one cannot be
// written, the others are.
func TestFlushBySite(t *testing.T) {
	r := New(Config{Now: func() time.Time { return noon }})
	for _, site := range []int64{9, 7, 8, 7} {
		o := ofSite(site, "x", turnedAway())
		r.Record(&o)
	}
	got := map[int64]int64{}
	var order []int64
	write := func(broken int64) error {
		return r.Flush(t.Context(), func(_ context.Context, site int64, roll Rollup) error {
			order = append(order, site)
			if site == broken {
				return errors.New("there is no such site")
			}
			for _, o := range roll.Refused {
				got[site] += o.Hits
			}
			return nil
		})
	}
	if err := write(8); err == nil {
		t.Error("no error")
	}
	same(t, got, map[int64]int64{7: 2, 9: 1})
	same(t, order, []int64{7, 8, 9})
	if err := write(0); err != nil {
		t.Error(err)
	}
	same(t, got, map[int64]int64{7: 2, 8: 1, 9: 1})
	same(t, order[3:], []int64{8})
}

// Whatever is sent to however many sites while nothing can be written down, and however
// many of them somebody looks at: memory stays below what the constants say.
func TestMemoryOfSitesIsBounded(t *testing.T) {
	const sites = MaxSites / 4 // are enough to tell what one holds
	before := heap()
	at := noon
	r := New(Config{
		Now:    func() time.Time { return at },
		Recall: func(context.Context, int64) (Rollup, error) { return most(at), nil },
	})
	refused, allowed, asked := turnedAway(), call(), asking()
	for i := range ofOthers.pending.minutes + 10 {
		at = noon.Add(time.Duration(i) * time.Minute)
		for site := range int64(sites) {
			long := fmt.Sprintf("%0250d", i)
			refused.Time, allowed.Time, asked.Time = at, at, at
			refused.SiteID, allowed.SiteID, asked.SiteID = site+2, site+2, site+2
			refused.Origin, refused.Path = "https://"+long, "/"+long
			allowed.Origin = "https://" + long + ".example.com"
			asked.RequestMethod, asked.RequestHeaders = long, []string{fmt.Sprintf("x-%062d", i), long}
			r.Record(&refused)
			r.Record(&allowed)
			r.Record(&asked)
		}
	}
	r.settle()
	const home = DefaultExchanges << 10
	held := func(what string, atMost int64) {
		t.Helper()
		used := heap() - before - home
		if t.Logf("%s: %.1f MB of at most %.1f MB", what, float64(used)/1e6, float64(atMost)/1e6); used > atMost || used < atMost/3 {
			t.Errorf("%s hold %.1f MB; the constants say %.1f MB", what, float64(used)/1e6, float64(atMost)/1e6)
		}
	}
	held("sites", sites*MaxSiteBytes)
	for site := range int64(MaxLooked + 10) {
		if r.At(site+2).Series(LastWeek).Total.Refused < 7*24 || len(r.At(site+2).RefusedOrigins()) != ofLooked.refused {
			t.Fatalf("site %d does not show what is written down", site+2)
		}
	}
	held("sites with people who look at them", sites*MaxSiteBytes+MaxLooked*MaxLookedBytes)
	runtime.KeepAlive(r)
}

// most is as much as may be written down of a site, and needs memory of its own.
func most(now time.Time) (roll Rollup) {
	for i := range int64(hoursKept) {
		start := now.Truncate(time.Hour).Add(-time.Duration(i) * time.Hour)
		roll.Traffic = append(roll.Traffic, TrafficCount{time.Hour, start, "refused", 1})
		for n := range maxCauses + 10 {
			roll.Traffic = append(roll.Traffic,
				TrafficCount{time.Hour, start, causePrefix + fmt.Sprintf("x-%062d", n), 1},
				TrafficCount{time.Hour, start, reasonPrefix + fmt.Sprintf("reason-%025d", n), 1})
		}
	}
	for i := range 2 * ofLooked.letIn {
		long := fmt.Sprintf("https://%0250d", i)
		paths := []string{long[:maxExamplePath], "a" + long[1:maxExamplePath], "b" + long[1:maxExamplePath], "c" + long[1:maxExamplePath]}
		roll.Days = append(roll.Days, OriginDay{Day: now.Truncate(24 * time.Hour), Origin: long + ".example", LetIn: true, Hits: 1, First: now, Last: now})
		roll.Refused = append(roll.Refused, RefusedOrigin{Origin: long, Hits: 1, First: now, Last: now, Reason: "origin-not-trusted", Paths: paths})
	}
	return roll
}

// Sites of which there are too many between two flushes are not counted, and that is told;
// those that are written down make room for them.
func TestCrowd(t *testing.T) {
	r := New(Config{Now: func() time.Time { return noon }})
	record := func(from, n int64) {
		for site := from; site < from+n; site++ {
			o := ofSite(site, "x", call())
			r.Record(&o)
		}
		r.settle()
	}
	record(2, MaxSites)
	same(t, len(r.Crowded()), 0)
	record(2+MaxSites, 3)
	same(t, len(r.Crowded()), 1)
	counted := map[int64]bool{}
	flush := func() {
		err := r.Flush(t.Context(), func(_ context.Context, site int64, _ Rollup) error {
			counted[site] = true
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	flush()
	same(t, len(counted), MaxSites)
	record(2+MaxSites, 3)
	flush()
	same(t, len(counted), MaxSites+3)
	same(t, len(r.settler.books.others), MaxSites)
}
