package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
	"github.com/crossgate/crossgate/trust"
)

// refusedJSON is an origin that is not trusted and has called.
type refusedJSON struct {
	Origin    string     `json:"origin"`
	Hits      uint64     `json:"hits"`
	Uncertain uint64     `json:"uncertain"`
	First     *time.Time `json:"first_seen"` // null: not lately
	Last      *time.Time `json:"last_seen"`
	Reason    gate.Code  `json:"reason"`
	Paths     []string   `json:"paths"`
	Like      string     `json:"like"` // the entry that it is easily taken for
	IgnoredAt *time.Time `json:"ignored_at"`
	IgnoredBy string     `json:"ignored_by"`
}

// Which refused origins are listed.
const (
	stateOpen    = "open" // nobody has decided on them
	stateIgnored = "ignored"
)

func (a *API) listRefused(c *call) (answer, error) {
	q := c.query("state", "search", "limit", "offset")
	state, page := q.oneOf("state", []string{stateOpen, stateIgnored}), q.list()
	if err := q.err(); err != nil {
		return answer{}, err
	}
	site, err := c.control.Rules(c.Context())
	if err != nil {
		return answer{}, err
	}
	found, err := a.refusedOrigins(c, site.Trusted(), state == stateIgnored)
	if err != nil {
		return answer{}, err
	}
	found = searched(found, page.Search)
	first := min(page.Offset, len(found))
	shown := found[first:min(first+page.Limit, len(found))]
	liken(shown, site.Trusted())
	return pageOf(c, page, shown, len(found), func(one refusedJSON) refusedJSON { return one }), nil
}

// refusedOrigins lists those that are ignored, or those that are neither ignored nor
// trusted by now, the most frequent first.
func (a *API) refusedOrigins(c *call, trusted *trust.Set, ignored bool) ([]refusedJSON, error) {
	aside, err := c.control.IgnoredOrigins(c.Context())
	if err != nil {
		return nil, err
	}
	seen := a.traffic(c.control.Place().ID).RefusedOrigins()
	if ignored {
		return ignoredOnes(aside, seen), nil
	}
	skip := make(map[string]bool, len(aside))
	for _, one := range aside {
		skip[one.Origin] = true
	}
	var open []refusedJSON
	for _, o := range seen {
		if entry, _ := trusted.MatchHeader(o.Origin, a.now()); entry == nil && !skip[o.Origin] {
			open = append(open, refusedToJSON(o))
		}
	}
	return open, nil
}

// ignoredOnes are the ignored origins, the newest first, with what was seen of them.
func ignoredOnes(aside []control.IgnoredOrigin, seen []inspect.Origin) []refusedJSON {
	of := make(map[string]inspect.Origin, len(seen))
	for _, o := range seen {
		of[o.Origin] = o
	}
	all := make([]refusedJSON, len(aside))
	for i, one := range aside {
		o := of[one.Origin]
		o.Origin = one.Origin
		all[i] = refusedToJSON(o)
		all[i].IgnoredAt, all[i].IgnoredBy = jsonTime(one.At), one.By
	}
	return all
}

func refusedToJSON(o inspect.Origin) refusedJSON {
	return refusedJSON{
		Origin: o.Origin, Hits: o.Hits, Uncertain: o.Uncertain, First: jsonTime(o.First), Last: jsonTime(o.Last),
		Reason: o.Reason, Paths: list(o.Paths),
	}
}

// searched are those with a text in their origin, whatever its case.
func searched(all []refusedJSON, text string) []refusedJSON {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return all
	}
	var some []refusedJSON
	for _, one := range all {
		if strings.Contains(strings.ToLower(one.Origin), text) {
			some = append(some, one)
		}
	}
	return some
}

// liken points out what is easily taken for a trusted entry.
func liken(some []refusedJSON, trusted *trust.Set) {
	domains := make([]trust.Domain, len(some))
	for i, one := range some {
		domains[i], _ = trust.ParseDomain(one.Origin) // what is no domain is like nothing
	}
	for i, entry := range trusted.LookAlikes(domains) {
		if entry != nil {
			some[i].Like = entry.Domain.String()
		}
	}
}

func (a *API) ignoreOrigin(c *call) (answer, error) {
	return a.decide(c, c.control.IgnoreOrigin)
}

func (a *API) heedOrigin(c *call) (answer, error) {
	return a.decide(c, c.control.HeedOrigin)
}

// decide puts an origin aside, or takes it back.
func (a *API) decide(c *call, do func(context.Context, control.Actor, string) (control.Change, error)) (answer, error) {
	var origin string
	if err := c.decode(members{"origin": &origin}); err != nil {
		return answer{}, err
	}
	change, err := do(c.Context(), c.actor, origin)
	return answer{status: http.StatusOK, body: doneJSON{changeToJSON(change)}}, err
}
