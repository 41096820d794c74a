package inspect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"
)

// A ledger is what all nodes have written down, added up as the tables do it.
type ledger struct {
	mu      sync.Mutex
	traffic map[int64]map[TrafficCount]int64 // by what is counted, without hits
	days    map[int64]map[OriginDay]int64
	refused map[int64]map[string]RefusedOrigin
}

func newLedger() *ledger {
	return &ledger{traffic: map[int64]map[TrafficCount]int64{}, days: map[int64]map[OriginDay]int64{}, refused: map[int64]map[string]RefusedOrigin{}}
}

func (l *ledger) write(_ context.Context, site int64, roll Rollup) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.traffic[site] == nil {
		l.traffic[site], l.days[site], l.refused[site] = map[TrafficCount]int64{}, map[OriginDay]int64{}, map[string]RefusedOrigin{}
	}
	for _, c := range roll.Traffic {
		l.traffic[site][TrafficCount{c.Span, c.Start, c.Name, 0}] += c.Hits
	}
	for _, d := range roll.Days {
		l.days[site][OriginDay{Day: d.Day, Origin: d.Origin, LetIn: d.LetIn, First: noon, Last: noon}] += d.Hits
	}
	for _, o := range roll.Refused {
		o.Hits += l.refused[site][o.Origin].Hits
		o.Uncertain += l.refused[site][o.Origin].Uncertain
		l.refused[site][o.Origin] = o
	}
	return nil
}

func (l *ledger) read(_ context.Context, site int64) (roll Rollup, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c, hits := range l.traffic[site] {
		c.Hits = hits
		roll.Traffic = append(roll.Traffic, c)
	}
	for d, hits := range l.days[site] {
		d.Hits = hits
		roll.Days = append(roll.Days, d)
	}
	for _, o := range l.refused[site] {
		roll.Refused = append(roll.Refused, o)
	}
	slices.SortFunc(roll.Refused, func(a, b RefusedOrigin) int { return cmp.Compare(b.Hits, a.Hits) })
	return roll, nil
}

// shown is what a node shows of a site, in numbers of calls.
type shown struct{ Day, Week, Reasons, Top, Refused, Seen uint64 }

func shownBy(r *Recorder, site int64) (s shown) {
	v := r.At(site)
	s.Day, s.Week = v.Series(LastDay).Total.All(), v.Series(LastWeek).Total.All()
	for _, reason := range v.Series(LastWeek).Reasons {
		s.Reasons += reason.Hits
	}
	for _, o := range v.TopOrigins(100) {
		s.Top += o.Hits
	}
	for _, o := range v.RefusedOrigins() {
		s.Refused += o.Hits
	}
	for _, o := range v.SeenOrigins() {
		s.Seen += o.Hits
	}
	return s
}

// Nodes over one database, in any order of calls, of writing down, of failing to, and of
// looking: each shows what all have written down and what itself has not, and no call twice.
// The sites are more than those that can be looked at.
func TestNodesShowAllCalls(t *testing.T) {
	const nodes, sites = 3, MaxLooked + 4
	broken := errors.New("the database is away")
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 6))
		now, db := noon, newLedger()
		var all [nodes]*Recorder
		for i := range all {
			all[i] = New(Config{Now: func() time.Time { return now }, Recall: db.read})
		}
		var written [sites + 1][2]uint64      // calls by site: let in, and refused
		var fresh [nodes][sites + 1][2]uint64 // the same, not written down yet
		for step := range 600 {
			i, site := random.IntN(nodes), 1+random.Int64N(sites)
			switch random.IntN(6) {
			case 0, 1, 2:
				kind := random.IntN(2)
				o := []func() Observation{call, turnedAway}[kind]()
				o.SiteID, o.Time, o.Origin = site, now, fmt.Sprintf("https://%d.example", random.IntN(9))
				all[i].Record(&o)
				fresh[i][site][kind]++
			case 3:
				if random.IntN(3) == 0 {
					_ = all[i].Flush(t.Context(), func(context.Context, int64, Rollup) error { return broken })
					break
				}
				if err := all[i].Flush(t.Context(), db.write); err != nil {
					t.Fatal(err)
				}
				for s := range fresh[i] {
					written[s][0] += fresh[i][s][0]
					written[s][1] += fresh[i][s][1]
					fresh[i][s] = [2]uint64{}
				}
			case 4:
				now = now.Add(recallEvery)
				in, out := written[site][0]+fresh[i][site][0], written[site][1]+fresh[i][site][1]
				want := shown{in + out, in + out, out, in, out, in + out}
				if got := shownBy(all[i], site); got != want {
					t.Fatalf("seed %d, step %d: node %d shows %+v of site %d, want %+v", seed, step, i, got, site, want)
				}
			case 5: // a glance, that reads nothing anew
				shownBy(all[i], site)
			}
		}
	}
}

// While somebody looks and calls come, writing down counts nothing twice and loses nothing.
func TestLookingWhileWriting(t *testing.T) {
	const each = 3000
	db := newLedger()
	// A clock that runs fast, so that each look reads anew.
	var ticks struct {
		sync.Mutex
		now time.Time
	}
	ticks.now = noon
	clock := func() time.Time {
		ticks.Lock()
		defer ticks.Unlock()
		ticks.now = ticks.now.Add(time.Millisecond)
		return ticks.now
	}
	r := New(Config{Now: clock, Recall: db.read})
	other := New(Config{Now: clock, Recall: db.read})
	var recording, looking sync.WaitGroup
	done := make(chan struct{})
	for _, site := range []int64{DefaultSite, 7} {
		recording.Go(func() {
			o := turnedAway()
			o.SiteID = site
			for range each {
				r.Record(&o)
				other.Record(&o)
			}
		})
		looking.Go(func() {
			last := uint64(0)
			for more := true; more; {
				select {
				case <-done:
					more = false
				default:
				}
				if err := r.Recall(t.Context(), site); err != nil {
					t.Error(err)
				}
				got := r.At(site).RefusedOrigins()
				if len(got) > 0 && (got[0].Hits < last || got[0].Hits > 2*each) {
					t.Errorf("site %d: %d calls after %d", site, got[0].Hits, last)
				}
				if len(got) > 0 {
					last = got[0].Hits
				}
			}
		})
	}
	for range 20 {
		for _, one := range []*Recorder{r, other} {
			if err := one.Flush(t.Context(), db.write); err != nil {
				t.Error(err)
			}
		}
	}
	recording.Wait()
	if err := other.Flush(t.Context(), db.write); err != nil {
		t.Error(err)
	}
	close(done)
	looking.Wait()
	for _, site := range []int64{DefaultSite, 7} {
		if err := r.Recall(t.Context(), site); err != nil {
			t.Error(err)
		}
		if got := shownBy(r, site); got.Week != 2*each || got.Refused != 2*each {
			t.Errorf("site %d: %+v, want %d", site, got, 2*each)
		}
	}
}

// Where what is written down cannot be read, there is what was known before, and it is not
// tried again at once.
func TestRecallFails(t *testing.T) {
	now, tries := noon, 0
	db := newLedger()
	var away error
	r := New(Config{Now: func() time.Time { return now }, Recall: func(ctx context.Context, site int64) (Rollup, error) {
		if tries++; away != nil {
			return Rollup{}, away
		}
		return db.read(ctx, site)
	}})
	o := turnedAway()
	r.Record(&o)
	same(t, shownBy(r, DefaultSite).Week, uint64(1))
	same(t, tries, 1)
	if err := r.Flush(t.Context(), db.write); err != nil {
		t.Fatal(err)
	}
	away = errors.New("the database is away")
	r.Record(&o)
	now = now.Add(recallEvery)
	same(t, shownBy(r, DefaultSite).Week, uint64(2))
	same(t, tries, 2)
	if err := r.Recall(t.Context(), DefaultSite); !errors.Is(err, away) {
		t.Error(err)
	}
	now, away = now.Add(recallEvery), nil
	same(t, shownBy(r, DefaultSite).Week, uint64(2))
}
