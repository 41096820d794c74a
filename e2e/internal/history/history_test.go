package history

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// at makes an interval of milliseconds.
func at(begin, end int) Interval {
	return Interval{time.Duration(begin) * time.Millisecond, time.Duration(end) * time.Millisecond}
}

func change(node string, begin, end int, allowed bool, subjects ...string) Change {
	c := Change{Node: node, Sets: map[string]bool{}, Interval: at(begin, end), Acknowledged: true}
	for _, s := range subjects {
		c.Sets[s] = allowed
	}
	return c
}

func unknown(c Change) Change {
	c.Acknowledged = false
	return c
}

func saw(node, subject string, allowed bool, begin, end int) Observation {
	return Observation{Node: node, Subject: subject, Allowed: allowed, Interval: at(begin, end)}
}

const (
	in  = true
	out = false
)

// pair is a history in which a and b are let in together by node 1, and refused again.
func pair(seen ...Observation) *History {
	return &History{
		Changes: []Change{change("1", 100, 200, in, "a", "b"), change("1", 300, 400, out, "a", "b")},
		Log:     []int{0, 1},
		Seen:    seen,
	}
}

func TestValidate(t *testing.T) {
	failed := saw("1", "a", out, 10, 20)
	failed.Failed = "502"
	lost, twice, unaudited, settled := pair(), pair(), pair(), pair(saw("2", "a", in, 901, 902))
	lost.Log, twice.Log = []int{1}, []int{0, 1, 1}
	unaudited.Unaudited = []int{1}
	settled.Settled = 900 * time.Millisecond
	maybe := pair(saw("2", "a", in, 500, 501))
	maybe.Changes[1] = unknown(maybe.Changes[1])
	maybe.Log = []int{0}
	for _, tt := range []struct {
		name string
		h    *History
		want Promise // "": none is broken
	}{
		{"nothing seen", pair(), ""},
		{"as it should be", pair(saw("1", "a", out, 0, 50), saw("1", "a", in, 201, 210), saw("1", "b", in, 211, 220), saw("1", "a", out, 401, 410)), ""},
		{"seen before it is acknowledged", pair(saw("1", "a", in, 150, 160), saw("1", "b", in, 161, 170)), ""},
		{"other nodes may be late", pair(saw("2", "a", out, 250, 260), saw("2", "a", in, 500, 510), saw("2", "b", out, 700, 710)), ""},
		{"at the same time anything goes", pair(saw("2", "a", in, 250, 290), saw("2", "b", out, 250, 290), saw("2", "a", out, 255, 280)), ""},
		{"a change that nobody knows of may not be there", maybe, ""},

		{"no decision", pair(failed), FailStatic},
		{"let in before anybody asked", pair(saw("1", "a", in, 10, 99)), NeverOpen},
		{"let in and never trusted", pair(saw("1", "z", in, 210, 220)), NeverOpen},
		{"lost", lost, Durable},
		{"done twice", twice, Durable},
		{"not audited", unaudited, Audited},
		{"half of it", pair(saw("2", "a", in, 250, 255), saw("2", "b", out, 256, 260), saw("2", "b", in, 270, 271)), Atomic},
		{"half of it, on the way out", pair(saw("2", "a", in, 250, 255), saw("2", "a", out, 320, 325), saw("2", "b", in, 326, 330)), Atomic},
		{"not applied where it was acknowledged", pair(saw("1", "a", out, 201, 210)), ReadOwnWrite},
		{"refused and let in again", pair(saw("2", "a", in, 250, 251), saw("2", "a", out, 500, 501), saw("2", "a", in, 600, 601)), Monotonic},
		{"in, out, and in again, while out can only be of the start", pair(saw("2", "a", in, 210, 211), saw("2", "a", out, 220, 221)), Monotonic},
		{"not known when all is settled", settled, Bounded},
	} {
		t.Run(tt.name, func(t *testing.T) {
			found := Validate(tt.h)
			switch {
			case tt.want == "" && len(found) > 0:
				t.Errorf("found %v, and all is well", found)
			case tt.want != "" && (len(found) == 0 || found[0].Promise != tt.want):
				t.Errorf("found %v, want %s", found, tt.want)
			}
		})
	}
}

// Two changes of different subjects in the wrong order are no half of one.
func TestOlderAfterNewer(t *testing.T) {
	h := &History{
		Changes: []Change{change("1", 0, 10, in, "a"), change("1", 20, 30, in, "b")},
		Log:     []int{0, 1},
		Seen:    []Observation{saw("2", "b", in, 40, 41), saw("2", "a", out, 42, 43)},
	}
	if found := Validate(h); len(found) != 1 || found[0].Promise != Monotonic {
		t.Errorf("found %v, want %s", found, Monotonic)
	}
}

func TestLags(t *testing.T) {
	h := pair(saw("2", "a", out, 190, 195), saw("2", "a", out, 250, 260), saw("2", "b", in, 270, 280), saw("2", "b", in, 450, 470), saw("2", "a", out, 900, 901))
	want := map[int]time.Duration{0: 50 * time.Millisecond, 1: 50 * time.Millisecond}
	for _, lag := range Lags(h) {
		if lag.Node != "2" || lag.Lag != want[lag.Change] {
			t.Errorf("%+v, want %v", lag, want[lag.Change])
		}
		delete(want, lag.Change)
	}
	if len(want) > 0 {
		t.Errorf("nothing is said of %v", want)
	}
	if found := Overdue(h, 49*time.Millisecond); len(found) != 2 || found[0].Promise != Bounded {
		t.Errorf("found %v, want both changes", found)
	}
	h.Disturbed = []Interval{at(210, 220), at(445, 460), at(800, 950)}
	if found := Overdue(h, 30*time.Millisecond); len(found) > 0 {
		t.Errorf("found %v, and the records were not to be had", found)
	}
}

// Whatever a correct node decides is explained, however the intervals lie; and a node that
// goes back one revision is caught wherever somebody looks at the right moment.
func TestInventedHistories(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 2026))
	caught := 0
	for range 300 {
		if found := Validate(invent(random, false)); len(found) > 0 {
			t.Fatalf("a correct node: %v", found)
		}
		found := Validate(invent(random, true))
		if slices.ContainsFunc(found, func(v Violation) bool { return v.Promise != Monotonic && v.Promise != Atomic }) {
			t.Fatalf("a node that goes back: %v", found)
		}
		caught += min(1, len(found))
	}
	if caught < 200 {
		t.Errorf("of 300 nodes that go back %d are caught", caught)
	}
}

// invent makes changes of one node, and what another decided, which learns of each a
// while later, and where it is broken forgets the newest for a moment, in the middle.
func invent(random *rand.Rand, broken bool) *History {
	const changes, observations, step = 20, 400, 100 // milliseconds between changes
	h := new(History)
	var effective [changes]int
	latest := 0
	for i := range changes {
		begin := (i + 1) * step
		h.Changes = append(h.Changes, change("1", begin, begin+random.IntN(50), i%4 < 2, string(rune('a'+i%2)), string(rune('c'+i%3))))
		h.Log = append(h.Log, i)
		latest = max(latest+1, begin+random.IntN(300))
		effective[i] = latest
	}
	o := newOrder(h)
	for range observations {
		moment := random.IntN((changes + 4) * step)
		by := revision(0)
		for i, from := range effective {
			if from <= moment {
				by = revision(i + 1)
			}
		}
		if broken && moment > changes*step/2 && moment < changes*step/2+150 {
			by = max(0, by-4)
		}
		subject := string(rune('a' + random.IntN(5)))
		allowed, _ := o.allows(subject, by)
		h.Seen = append(h.Seen, saw("2", subject, allowed, moment-random.IntN(20), moment+random.IntN(20)))
	}
	return h
}
