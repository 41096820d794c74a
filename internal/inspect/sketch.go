package inspect

import (
	"slices"
	"sync"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// daysKept is how many days an origin is remembered after it was last seen: this one and
// the seven before.
const daysKept = 8

// A sketch counts origins, of which there may be any number, in a bounded number of
// entries (space-saving: Metwally, Agrawal, El Abbadi, 2005). Where all are taken, a new
// origin takes the place of the one with the least weight, and inherits that weight as
// what it may have had before. So whatever has more than its share of all calls is in it.
type sketch struct {
	mu     sync.Mutex
	most   int
	paths  int // examples kept of each
	letIn  bool
	byName map[string]*seen
	heap   []*seen // a heap by weight, the least first
}

// seen is one origin in a sketch.
type seen struct {
	name   string
	hits   uint64 // surely its own
	before uint64 // what it may have had besides
	first  int64  // Unix seconds
	last   int64
	reason gate.Code
	paths  []string
	days   [daysKept]dayCell
	fresh  uint64 // of before: what was not written down yet
	index  int    // in the heap
}

// A dayCell has the hits of one day since 1970, UTC.
type dayCell struct {
	at            int64
	hits, written uint64
}

const secondsOfDay = 24 * 60 * 60

// clockSlack is how far in the future a time may be that somebody else has written down:
// clocks differ. What is further was counted before the system's clock was set back.
const clockSlack = time.Hour

// seenAt notes that the origin was seen now.
func (s *seen) seenAt(now int64) {
	s.turnBack(now)
	s.last = max(s.last, now)
}

// turnBack moves times that are in the future to now, so that they pass like others.
func (s *seen) turnBack(now int64) {
	if s.last > now+int64(clockSlack/time.Second) {
		s.first, s.last = min(s.first, now), now
	}
}

func (s *seen) weight() uint64 { return s.hits + s.before }

// day returns the cell of a day.
func (s *seen) day(at int64) *dayCell {
	cell := &s.days[at%daysKept]
	if cell.at != at {
		*cell = dayCell{at: at}
	}
	return cell
}

func newSketch(most, paths int, letIn bool) *sketch {
	return &sketch{most: most, paths: paths, letIn: letIn, byName: make(map[string]*seen)}
}

// see counts a call. Name and path are copied where they are new.
func (k *sketch) see(name []byte, at time.Time, reason gate.Code, path []byte) {
	now := at.Unix()
	k.mu.Lock()
	defer k.mu.Unlock()
	s, known := k.byName[string(name)]
	if !known {
		s = k.enter(string(name), now)
	}
	s.hits++
	s.day(now/secondsOfDay).hits++
	s.seenAt(now)
	s.reason = reason
	if len(s.paths) < k.paths {
		s.example(path)
	}
	k.down(s.index)
}

// enter makes an entry for a new origin. Its name must be a copy.
func (k *sketch) enter(name string, now int64) *seen {
	s := &seen{name: name, first: now, last: now}
	if len(k.heap) < k.most {
		s.index = len(k.heap)
		k.heap = append(k.heap, s)
	} else {
		least := k.heap[0]
		delete(k.byName, least.name)
		s.before, s.fresh = least.weight(), least.weight()
		k.heap[0] = s
	}
	k.byName[name] = s
	k.up(s.index)
	return s
}

// example adds a path to the examples, where it is a new one.
func (s *seen) example(path []byte) {
	for _, known := range s.paths {
		if known == string(path) {
			return
		}
	}
	if short := shorten(string(path), maxExamplePath); !slices.Contains(s.paths, short) {
		s.paths = append(s.paths, short)
	}
}

// down and up put an entry of the heap to its place after its weight has grown, or
// after it came.
func (k *sketch) down(i int) {
	for {
		least := i
		for _, child := range [...]int{2*i + 1, 2*i + 2} {
			if child < len(k.heap) && k.heap[child].weight() < k.heap[least].weight() {
				least = child
			}
		}
		if least == i {
			return
		}
		k.swap(i, least)
		i = least
	}
}

func (k *sketch) up(i int) {
	for i > 0 && k.heap[i].weight() < k.heap[(i-1)/2].weight() {
		k.swap(i, (i-1)/2)
		i = (i - 1) / 2
	}
}

func (k *sketch) swap(i, j int) {
	k.heap[i], k.heap[j] = k.heap[j], k.heap[i]
	k.heap[i].index, k.heap[j].index = i, j
}

// forget drops what was not seen for daysKept days, and turns back what was seen in the
// future.
func (k *sketch) forget(now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	oldest := now.Unix() - daysKept*secondsOfDay
	remaining := k.heap
	k.heap = make([]*seen, 0, len(remaining))
	for _, s := range remaining {
		s.turnBack(now.Unix())
		if s.last <= oldest {
			delete(k.byName, s.name)
			continue
		}
		s.index = len(k.heap)
		k.heap = append(k.heap, s)
		k.up(s.index)
	}
}

// origins returns copies of all entries, in no order.
func (k *sketch) origins() []Origin {
	k.mu.Lock()
	defer k.mu.Unlock()
	all := make([]Origin, len(k.heap))
	for i, s := range k.heap {
		all[i] = s.origin(k.letIn)
	}
	return all
}

func (s *seen) origin(letIn bool) Origin {
	return Origin{
		Origin: s.name, LetIn: letIn, Hits: s.hits, Uncertain: s.before,
		First: time.Unix(s.first, 0).UTC(), Last: time.Unix(s.last, 0).UTC(),
		Reason: s.reason, Paths: append([]string(nil), s.paths...),
	}
}
