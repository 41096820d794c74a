package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"time"

	"github.com/crossgate/crossgate/internal/config"
	"github.com/crossgate/crossgate/internal/control"
)

func auditCommand() command {
	return command{
		name: "audit", json: true, settings: config.ForData | config.ForPlace,
		summary: "List what was changed, by whom, when and from where, the newest first",
		about: `
--json has what was before and after each change, too. With --site it lists what was
done to that site alone; without, what was done to the site default, and to people,
management keys and all else that is of no one site.`,
		example: `
crossgate audit --limit 20
crossgate audit --action domain --search example.com --from 2027-01-01
crossgate audit --actor ada --json --limit 100000 > audit.json`,
		verb: func() verb { return new(audit) },
	}
}

// defaultAudit is how many rows of the log are listed, where none is said.
const defaultAudit = 50

// audit is crossgate audit.
type audit struct {
	query control.AuditQuery
	limit int
}

func (v *audit) flags(fs *flag.FlagSet) {
	fs.StringVar(&v.query.Search, "search", "", "`TEXT` only changes with this in their summary, reason, actor or address")
	fs.StringVar(&v.query.Action, "action", "", "`ACTION` only these, as in domain.add, or domain for all that was done to domains")
	fs.StringVar(&v.query.Actor, "actor", "", "`NAME` only what this person, key or user of the machine did")
	fs.Func("from", "`DAY` not before: 2027-01-31, or a time as in 2027-01-31T12:00:00Z", timeTo(&v.query.From))
	fs.Func("to", "`DAY` before that day or time", timeTo(&v.query.To))
	fs.IntVar(&v.limit, "limit", defaultAudit, "`N` at most so many (default 50)")
}

func timeTo(to *time.Time) func(string) error {
	return func(s string) error {
		for _, layout := range []string{time.DateOnly, time.RFC3339} {
			if at, err := time.Parse(layout, s); err == nil {
				*to = at
				return nil
			}
		}
		return errors.New("write a day, as in 2027-01-31, or a time, as in 2027-01-31T12:00:00Z")
	}
}

// auditJSON is a row of the log as scripts read it.
type auditJSON struct {
	ID      int64           `json:"id"`
	At      *time.Time      `json:"at"`
	Actor   auditActorJSON  `json:"actor"`
	Action  string          `json:"action"`
	Summary string          `json:"summary"`
	Reason  string          `json:"reason"`
	Undone  bool            `json:"undone"`
	Before  json.RawMessage `json:"before"`
	After   json.RawMessage `json:"after"`
}

type auditActorJSON struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Address string `json:"address"`
}

func auditToJSON(a control.AuditRecord) auditJSON {
	return auditJSON{
		ID: a.ID, At: jsonTime(a.At), Actor: auditActorJSON{a.Actor.Kind, a.Actor.Name, a.Actor.Address},
		Action: a.Action, Summary: a.Summary, Reason: a.Reason, Undone: a.Undone, Before: orNull(a.Before), After: orNull(a.After),
	}
}

func orNull(text []byte) json.RawMessage {
	if len(text) == 0 {
		return json.RawMessage("null")
	}
	return text
}

// errEnough ends a visit of the log once enough of it has been seen.
var errEnough = errors.New("enough")

func (v *audit) run(ctx context.Context, c *call) error {
	if v.limit < 1 {
		return wrongUse("audit", "--limit must be at least 1")
	}
	v.query.Own = c.siteGiven()
	return c.withControl(ctx, func(service *control.Service) error {
		rows := []auditJSON{}
		err := service.EachAudited(ctx, v.query, func(a control.AuditRecord) error {
			rows = append(rows, auditToJSON(a))
			if len(rows) == v.limit {
				return errEnough
			}
			return nil
		})
		switch {
		case err != nil && !errors.Is(err, errEnough):
			return err
		case c.json:
			return c.printJSON(rows)
		case len(rows) == 0:
			c.note("no change was found")
			return nil
		}
		return c.tabulateAudit(rows)
	})
}

func (c *call) tabulateAudit(rows []auditJSON) error {
	t := newTable(c.stdout, "WHEN", "WHO", "FROM", "ACTION", "WHAT", "REASON")
	for _, a := range rows {
		from := a.Actor.Address
		if from == "" {
			from = a.Actor.Kind
		}
		what := a.Summary
		if a.Undone {
			what += " (undone)"
		}
		t.row(shownTime(*a.At), a.Actor.Name, from, a.Action, what, a.Reason)
	}
	return t.flush()
}
