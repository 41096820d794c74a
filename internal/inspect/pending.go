package inspect

import (
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

// restore enters an origin that is written down already.
func (k *sketch) restore(o RefusedOrigin) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.heap) >= k.most {
		return
	}
	s := k.entry(o.Origin, o.First)
	s.hits += uint64(max(o.Hits, 0))
	s.before += uint64(max(o.Uncertain, 0))
	s.last = max(s.last, o.Last.Unix())
	s.reason = gate.Code(o.Reason)
	s.paths = o.Paths[:min(len(o.Paths), k.paths)]
	k.down(s.index)
}

// restoreDay enters a day of an origin that is written down already. Of those that were
// let in, nothing else is.
func (k *sketch) restoreDay(d OriginDay) {
	k.mu.Lock()
	defer k.mu.Unlock()
	s, known := k.byName[d.Origin]
	switch {
	case known:
	case len(k.heap) >= k.most, !k.letIn:
		return
	default:
		s = k.entry(d.Origin, d.First)
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

// entry returns the entry of an origin, a new one where there is none.
func (k *sketch) entry(name string, first time.Time) *seen {
	if s, known := k.byName[name]; known {
		return s
	}
	return k.enter(name, first.Unix())
}
