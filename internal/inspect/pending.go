package inspect

import (
	"cmp"
	"slices"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
)

// A pendingOrigin is what is to be written down of one origin.
type pendingOrigin struct {
	refused RefusedOrigin
	days    []OriginDay
}

// pending returns what was not written down yet.
func (k *sketch) pending() (all []pendingOrigin) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, s := range k.heap {
		if p := s.pending(k.letIn); len(p.days) > 0 {
			all = append(all, p)
		}
	}
	return all
}

func (s *seen) pending(letIn bool) pendingOrigin {
	p := pendingOrigin{refused: RefusedOrigin{
		Origin: s.name, Uncertain: int64(s.fresh), First: time.Unix(s.first, 0).UTC(), Last: time.Unix(s.last, 0).UTC(),
		Reason: string(s.reason), Paths: append([]string(nil), s.paths...),
	}}
	for _, cell := range s.days {
		hits := int64(cell.hits - cell.written)
		if hits == 0 {
			continue
		}
		p.refused.Hits += hits
		start := cell.at * secondsOfDay
		p.days = append(p.days, OriginDay{
			Day: time.Unix(start, 0).UTC(), Origin: s.name, LetIn: letIn, Hits: hits,
			First: time.Unix(max(s.first, start), 0).UTC(),
			Last:  time.Unix(min(s.last, start+secondsOfDay-1), 0).UTC(),
		})
	}
	return p
}

// written notes what was written down.
func (k *sketch) written(all []pendingOrigin) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, p := range all {
		s, known := k.byName[p.refused.Origin]
		if !known {
			continue
		}
		s.fresh -= min(s.fresh, uint64(p.refused.Uncertain))
		for _, d := range p.days {
			if cell := s.day(d.Day.Unix() / secondsOfDay); cell.hits >= cell.written+uint64(d.Hits) {
				cell.written += uint64(d.Hits)
			}
		}
	}
}

// replace makes the entries those of what is written down, with what is not added: that
// comes first, so that none of it is lost.
func (k *sketch) replace(refused []RefusedOrigin, days []OriginDay, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	fresh := slices.DeleteFunc(k.heap, func(s *seen) bool { return !s.keepFresh() })
	k.reset(fresh)
	for _, o := range refused {
		k.restore(o)
	}
	for _, d := range days {
		if d.LetIn == k.letIn && !d.Day.After(now.Add(clockSlack)) { // otherwise the system's clock was set back
			k.restoreDay(d)
		}
	}
}

// keepFresh takes away what was written down, and reports whether anything is left.
func (s *seen) keepFresh() bool {
	s.hits, s.before = 0, s.fresh
	for i := range s.days {
		cell := &s.days[i]
		cell.hits, cell.written = cell.hits-cell.written, 0
		s.hits += cell.hits
	}
	return s.hits+s.before > 0
}

// reset makes the sketch have these entries and no others.
func (k *sketch) reset(entries []*seen) {
	k.heap = make([]*seen, 0, len(entries))
	k.byName = make(map[string]*seen, len(entries))
	for _, s := range entries {
		s.index = len(k.heap)
		k.heap = append(k.heap, s)
		k.byName[s.name] = s
		k.up(s.index)
	}
}

// resize makes the sketch have so many entries at most. Those that are written down go
// before others, and those with the least weight before others.
func (k *sketch) resize(most int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.most = most
	if len(k.heap) <= most {
		return
	}
	fresh := make(map[*seen]bool, len(k.heap))
	for _, s := range k.heap {
		fresh[s] = len(s.pending(k.letIn).days) > 0
	}
	slices.SortFunc(k.heap, func(a, b *seen) int {
		if fresh[a] != fresh[b] {
			return map[bool]int{true: -1, false: 1}[fresh[a]]
		}
		return cmp.Compare(b.weight(), a.weight())
	})
	k.reset(k.heap[:most])
}

// restore enters an origin that is written down already.
func (k *sketch) restore(o RefusedOrigin) {
	s, known := k.byName[o.Origin]
	switch {
	case known:
	case len(k.heap) >= k.most:
		return
	default:
		s = k.enter(o.Origin, o.First.Unix())
	}
	s.hits += uint64(max(o.Hits, 0))
	s.before += uint64(max(o.Uncertain, 0))
	s.first = min(s.first, o.First.Unix())
	if last := o.Last.Unix(); !known || last > s.last {
		s.last, s.reason = last, gate.Code(o.Reason)
	}
	for _, path := range o.Paths {
		if len(s.paths) < k.paths {
			s.example([]byte(path))
		}
	}
	k.down(s.index)
}

// restoreDay enters a day of an origin that is written down already. Of those that were
// let in, nothing else is.
func (k *sketch) restoreDay(d OriginDay) {
	s, known := k.byName[d.Origin]
	switch {
	case known:
	case len(k.heap) >= k.most, !k.letIn:
		return
	default:
		s = k.enter(d.Origin, d.First.Unix())
	}
	hits := uint64(max(d.Hits, 0))
	cell := s.day(d.Day.Unix() / secondsOfDay)
	cell.hits += hits
	cell.written += hits
	if k.letIn {
		s.hits += hits
		s.first = min(s.first, d.First.Unix())
		s.last = max(s.last, d.Last.Unix())
		s.reason = gate.ReasonTrusted
		k.down(s.index)
	}
}
