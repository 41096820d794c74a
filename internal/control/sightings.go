package control

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Sightings are what gateways have seen: counts to be added to those of others, or what
// was added up so far. They are approximate and make no revision.
type Sightings struct {
	Traffic []TrafficCount
	Days    []OriginDay
	Refused []RefusedOrigin
}

// A TrafficCount is one number of one span of time.
type TrafficCount struct {
	Span  time.Duration // a minute or an hour
	Start time.Time
	Name  string // whose meaning is the gateway's
	Hits  int64
}

// An OriginDay is what one origin did in a day, preflights included.
type OriginDay struct {
	Day    time.Time // its midnight, UTC
	Origin string
	LetIn  bool // trusted then; otherwise not, whatever became of the calls
	Hits   int64
	First  time.Time
	Last   time.Time
}

// A RefusedOrigin is an origin that was not trusted.
type RefusedOrigin struct {
	Origin    string
	Hits      int64 // at least
	Uncertain int64 // how many more there may have been
	First     time.Time
	Last      time.Time
	Reason    string
	Paths     []string // a few examples, without queries
}

// How long sightings are kept, and how many rows of them.
const (
	minutesKept = 24 * time.Hour
	hoursKept   = 7 * 24 * time.Hour
	SeenFor     = 7 * 24 * time.Hour // how far back origins are known
	clockSlack  = time.Hour          // how far ahead another gateway's clock may be

	MaxTraffic        = 50_000 // counts
	MaxLetInDays      = 20_000 // days of origins that were let in
	MaxRefusedDays    = 10_000 // days of origins that were not
	MaxRefusedOrigins = 5_000
)

// Kept says what is kept of sightings: nothing that ended before these times, nothing that
// begins after Latest, which was counted by a clock that was set back since, and so many
// rows, those with the most hits. A refused origin that was seen after Latest was seen Now.
type Kept struct {
	Minutes, Hours, Origins            time.Time
	Now, Latest                        time.Time
	LetInDays, RefusedDays, MaxRefused int
	MaxTraffic                         int
}

func (s *Service) kept() Kept {
	now := s.now()
	return Kept{
		Minutes: now.Add(-minutesKept), Hours: now.Add(-hoursKept), Origins: now.Add(-SeenFor), Now: now, Latest: now.Add(clockSlack),
		LetInDays: MaxLetInDays, RefusedDays: MaxRefusedDays, MaxRefused: MaxRefusedOrigins, MaxTraffic: MaxTraffic,
	}
}

// RecordSightings adds what a gateway has seen of the site since it was last called, and
// drops what is too old or too much ("not-found": the site was removed). Rows should be in
// the same order on all gateways: they wait for each other's.
func (s *Service) RecordSightings(ctx context.Context, seen Sightings) error {
	return s.store.Tally(ctx, func(w Writer) error {
		if err := s.stillThere(w); err != nil {
			return err
		}
		for _, c := range seen.Traffic {
			if err := w.AddTraffic(s.site.ID, c); err != nil {
				return err
			}
		}
		for _, d := range seen.Days {
			if err := w.AddOriginDay(s.site.ID, d); err != nil {
				return err
			}
		}
		for _, o := range seen.Refused {
			if err := w.AddRefusedOrigin(s.site.ID, o); err != nil {
				return err
			}
		}
		return w.PruneSightings(s.site.ID, s.kept())
	})
}

// Sightings returns what all gateways have seen of the site in the last days.
func (s *Service) Sightings(ctx context.Context) (Sightings, error) {
	return view(ctx, s, func(r Reader) (Sightings, error) {
		traffic, err := r.Traffic(s.site.ID)
		if err != nil {
			return Sightings{}, err
		}
		days, err := r.OriginDays(s.site.ID, s.now().Add(-SeenFor))
		if err != nil {
			return Sightings{}, err
		}
		refused, err := r.RefusedOrigins(s.site.ID)
		return Sightings{traffic, days, refused}, err
	})
}

// A SeenTurn is an origin that was seen in the last days and would be judged otherwise
// after a change.
type SeenTurn struct {
	Turn
	Hits int64 // in those days, preflights included
	Last time.Time
}

// WouldChange rehearses a change of the list with the origins that were seen in the last
// 7 days and are written down (at most a minute behind), those with the most hits first.
// Origins that the change names come on top of these.
func (s *Service) WouldChange(ctx context.Context, change Rehearsal) ([]SeenTurn, error) {
	seen, err := s.seenOrigins(ctx)
	if err != nil {
		return nil, err
	}
	known := make(map[string]SeenTurn, len(seen))
	origins := make([]string, 0, len(seen)+len(change.Origins))
	for _, d := range seen {
		one, again := known[d.Origin]
		if !again {
			origins = append(origins, d.Origin)
		}
		one.Hits += d.Hits
		one.Last = latest(one.Last, d.Last)
		known[d.Origin] = one
	}
	for _, origin := range change.Origins {
		if _, again := known[origin]; !again {
			origins = append(origins, origin)
		}
	}
	change.Origins = origins
	turns, err := s.Rehearse(ctx, change)
	if err != nil {
		return nil, err
	}
	return rankTurns(turns, known), nil
}

func (s *Service) seenOrigins(ctx context.Context) ([]OriginDay, error) {
	return view(ctx, s, func(r Reader) ([]OriginDay, error) {
		return r.OriginDays(s.site.ID, s.now().Add(-SeenFor))
	})
}

// rankTurns puts what was seen beside the turns, the most frequent first.
func rankTurns(turns []Turn, seen map[string]SeenTurn) []SeenTurn {
	all := make([]SeenTurn, len(turns))
	for i, t := range turns {
		all[i] = seen[t.Origin]
		all[i].Turn = t
	}
	slices.SortStableFunc(all, func(a, b SeenTurn) int { return cmp.Compare(b.Hits, a.Hits) })
	return all
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
