package gateway

import (
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/crossgate/crossgate/internal/snapshot"
)

// When an upstream goes out of use, and for how long.
func TestMemberGoesOutOfUse(t *testing.T) {
	start := time.Unix(1_000_000, 0)
	at := func(d time.Duration) time.Time { return start.Add(d) }
	wellAt := func(t *testing.T, m *member, d time.Duration, want bool) {
		t.Helper()
		if got := m.isWell(at(d)); got != want {
			t.Errorf("after %v: well %v, want %v", d, got, want)
		}
	}
	t.Run("a failure to connect ejects at once, longer each time, up to a limit", func(t *testing.T) {
		var m member
		now := time.Duration(0)
		for _, pause := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
			pause *= time.Second
			m.eject(at(now))
			wellAt(t, &m, now+pause-1, false)
			now += pause + pause/10
			wellAt(t, &m, now, true)
		}
		m.answered(200, at(now))
		m.eject(at(now))
		wellAt(t, &m, now+EjectFirst+EjectFirst/10, true)
	})
	t.Run("what fails while it is out of use makes it no longer", func(t *testing.T) {
		var m member
		for range 100 {
			m.eject(start)
		}
		wellAt(t, &m, EjectFirst+EjectFirst/10, true)
	})
	t.Run("on trial it gets one request, and then another one later", func(t *testing.T) {
		var m member
		m.eject(start)
		back := EjectFirst + EjectFirst/10
		for i, want := range []bool{true, false} {
			if m.admit(at(back)) != want {
				t.Errorf("request %d: admitted %v", i, !want)
			}
		}
		wellAt(t, &m, back+TrialEvery-1, false)
		wellAt(t, &m, back+TrialEvery, true)
		m.answered(200, at(back))
		wellAt(t, &m, back, true)
		for range 2 {
			if !m.admit(at(back)) {
				t.Error("it is well, and does not get every request")
			}
		}
	})
	t.Run("what may be the request's fault ejects when it goes on", func(t *testing.T) {
		var m member
		for i := range FaintFailures - 1 {
			if i%2 == 0 {
				m.failed(start)
			} else {
				m.answered(503, start)
			}
		}
		wellAt(t, &m, 0, true)
		m.answered(404, start) // in between all is well
		for range FaintFailures - 1 {
			m.answered(502, start)
		}
		wellAt(t, &m, 0, true)
		m.answered(504, start)
		wellAt(t, &m, 0, false)
	})
	t.Run("checks", func(t *testing.T) {
		var m member
		for i, step := range []struct{ well, want, changed bool }{
			{false, true, false}, {true, true, false}, {false, true, false}, {false, false, true}, {false, false, false}, {true, true, true},
		} {
			if changed := m.checked(step.well); changed != step.changed {
				t.Errorf("check %d: changed %v", i, changed)
			}
			wellAt(t, &m, 0, step.want)
		}
		m.eject(start)
		m.checked(true)
		wellAt(t, &m, 0, true) // one success heals
		m.checked(false)
		m.checked(false)
		m.answered(200, start)
		wellAt(t, &m, 0, false) // an answer says nothing of what the check asks about
		m.unchecked()
		wellAt(t, &m, 0, true)
	})
}

// newPool makes a pool with some members.
func newPool(t *testing.T, n int) *pool {
	t.Helper()
	site := &snapshot.Site{ID: 1}
	for i := range n {
		site.Upstreams = append(site.Upstreams, &url.URL{Scheme: "http", Host: "127.0.0.1:" + strconv.Itoa(9000+i)})
	}
	return new(pools).of(site)
}

// Requests go to upstreams that are well, and more of them to those that have less to do.
func TestPick(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	p := newPool(t, 4)
	count := func(tried choice) (counts [4]int) {
		for range 1000 {
			u, _ := p.pick(now, tried)
			for i := range p.members {
				if p.members[i] == u {
					counts[i]++
				}
			}
		}
		return counts
	}
	for i, n := range count(0) {
		if n < 100 {
			t.Errorf("of 1000 requests upstream %d got %d", i, n)
		}
	}
	p.members[2].busy.Store(5)
	if got := count(0); got[2] != 0 {
		t.Errorf("the busiest of all got %d requests", got[2])
	}
	p.members[0].eject(now)
	p.members[1].down.Store(true)
	if got := count(0); got[0]+got[1] != 0 || got[2] != 0 || got[3] != 1000 {
		t.Errorf("%v", got)
	}
	if got := count(1 << 3); got[2] != 1000 {
		t.Errorf("without those that were tried: %v", got)
	}
	if u, _ := p.pick(now, 1<<2|1<<3); u != nil {
		t.Error("an upstream that is out of use was picked")
	}
	if u, _ := p.pickAny(); u == nil {
		t.Error("none was picked from any")
	}
}

// Of those on trial each gets one request at a time, however many ask.
func TestPickOnTrial(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	p := newPool(t, 2)
	p.members[0].eject(now)
	p.members[1].eject(now)
	now = now.Add(2 * EjectFirst)
	picked := 0
	for range 100 {
		if u, _ := p.pick(now, 0); u != nil {
			picked++
		}
	}
	if picked != 2 {
		t.Errorf("%d requests to two upstreams on trial, want 2", picked)
	}
}

func TestBudget(t *testing.T) {
	b := newBudget()
	spent := func() (n int) {
		for b.spend() {
			n++
		}
		return n
	}
	if got := spent(); got != RetryReserve {
		t.Errorf("%d at the start, want %d", got, RetryReserve)
	}
	for range 10 * RetryShare {
		b.earn()
	}
	if got := spent(); got != 10 {
		t.Errorf("%d after %d requests, want 10", got, 10*RetryShare)
	}
	for range 10 * RetryMost * RetryShare {
		b.earn()
	}
	if got := spent(); got != RetryMost {
		t.Errorf("%d at most, want %d", got, RetryMost)
	}
}

// Sites share what is known of an upstream; what no site has any more is forgotten.
func TestPoolsShareAndForget(t *testing.T) {
	at := func(port string) *url.URL { return &url.URL{Scheme: "http", Host: "127.0.0.1:" + port} }
	one := &snapshot.Site{ID: 1, Upstreams: []*url.URL{at("1"), at("2"), at("2")}}
	two := &snapshot.Site{ID: 2, Upstreams: []*url.URL{at("2"), at("3")}}
	var p pools
	if len(p.of(one).members) != 2 || p.of(one).members[1] != p.of(two).members[0] {
		t.Error("upstreams are not shared")
	}
	kept := p.of(one).members[1]
	kept.down.Store(true)
	budget := p.of(one).budget
	again := &snapshot.Site{ID: 1, Upstreams: []*url.URL{at("2"), at("4")}}
	if got := p.of(again); got.members[0] != kept || got.budget != budget {
		t.Error("what was known is lost with a new revision")
	}
	p.sweep(&snapshot.Snapshot{Default: again}, map[*member]struct{}{p.checkable(at("5")): {}})
	all, unwell := p.census()
	if all != 3 || unwell != 1 {
		t.Errorf("%d upstreams, %d of them unwell, are known; want 3 and 1", all, unwell)
	}
	if len(p.budgets) != 1 {
		t.Errorf("%d budgets", len(p.budgets))
	}
}
