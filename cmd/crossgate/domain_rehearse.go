package main

import (
	"context"
	"strconv"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/trust"
)

// dryRunUsage describes --dry-run.
const dryRunUsage = "say which origins of the last 7 days would be judged otherwise, and change nothing"

// A rehearsal is what a change would do, as scripts read it.
type rehearsal struct {
	Domains []string   `json:"domains"` // that the change names
	Origins []turnJSON `json:"origins"` // that would be judged otherwise, the most frequent first
}

// turnJSON is an origin that called in the last 7 days.
type turnJSON struct {
	Origin   string     `json:"origin"`
	Allowed  bool       `json:"allowed"` // from then on
	Domain   string     `json:"domain"`  // that lets it in: before, or from then on
	Hits     int64      `json:"hits"`    // in those days
	LastSeen *time.Time `json:"last_seen"`
}

// rehearse prints what a change would do, and does not make it. What it would do to the
// entries is said as in "would remove".
func (c *call) rehearse(ctx context.Context, service *control.Service, would string, change control.Rehearsal, domains ...string) error {
	turns, err := service.WouldChange(ctx, change)
	if err != nil {
		return err
	}
	if c.json {
		r := rehearsal{Domains: domains, Origins: make([]turnJSON, len(turns))}
		for i, t := range turns {
			r.Origins[i] = turnJSON{t.Origin, t.Allowed, t.By.String(), t.Hits, jsonTime(t.Last)}
		}
		return c.printJSON(r)
	}
	for _, d := range domains {
		c.say("%s %s", would, d)
	}
	return c.tabulateTurns(turns)
}

func (c *call) tabulateTurns(turns []control.SeenTurn) error {
	if len(turns) == 0 {
		c.say("of the origins that called in the last 7 days, none would be judged otherwise")
		return nil
	}
	c.say("of the origins that called in the last 7 days, %d would be judged otherwise:", len(turns))
	t := newTable(c.stdout, "ORIGIN", "VERDICT", "LET IN BY", "REQUESTS", "LAST SEEN")
	for _, turn := range turns {
		verdict := "refused"
		if turn.Allowed {
			verdict = "allowed"
		}
		t.row(turn.Origin, verdict, turn.By.String(), strconv.FormatInt(turn.Hits, 10), shownTime(turn.Last))
	}
	return t.flush()
}

// rehearsed is the change of an entry in a dry run, and what it is called.
func (v *domainSet) rehearsed(d control.Domain, now time.Time) (control.Rehearsal, string) {
	if v.off {
		return control.Rehearsal{Without: []int64{d.ID}}, "would switch off"
	}
	expires := d.ExpiresAt
	if v.expires.given {
		expires = v.expires.time(now)
	}
	if !expires.IsZero() && !now.Before(expires) {
		return control.Rehearsal{}, "would switch on, still expired:"
	}
	return control.Rehearsal{With: []trust.Domain{d.Domain}}, "would switch on"
}
