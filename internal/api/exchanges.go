package api

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/crossgate/crossgate/internal/gate"
	"github.com/crossgate/crossgate/internal/inspect"
)

// Traffic is what the API asks of what was remembered of a site. An [inspect.View] is one.
type Traffic interface {
	List(f inspect.Filter, before inspect.ID, limit int) []inspect.Exchange
	Get(id inspect.ID) (inspect.Exchange, bool)
	RefusedOrigins() []inspect.Origin
}

// remembersNothing is a server that was given no Traffic.
type remembersNothing struct{}

func (remembersNothing) List(inspect.Filter, inspect.ID, int) []inspect.Exchange { return nil }
func (remembersNothing) Get(inspect.ID) (inspect.Exchange, bool)                 { return inspect.Exchange{}, false }
func (remembersNothing) RefusedOrigins() []inspect.Origin                        { return nil }

// exchangeNotFound is an exchange that is not remembered, or never was.
var exchangeNotFound = newProblem(http.StatusNotFound, "not-found", "There is no such exchange",
	"It is not remembered any more: the last ones are kept in memory, and end with the process.")

// exchangeJSON is a request and its answer.
type exchangeJSON struct {
	ID          inspect.ID      `json:"id"`
	Time        *time.Time      `json:"time"`
	Duration    float64         `json:"duration_ms"`
	Site        string          `json:"site"`
	Method      string          `json:"method"`
	Effective   string          `json:"effective_method"`
	Scheme      string          `json:"scheme"`
	Host        string          `json:"host"`
	Path        string          `json:"path"`
	Query       bool            `json:"has_query"`
	Carrier     inspect.Carrier `json:"carrier"`
	Origin      string          `json:"origin"`
	Outcome     inspect.Outcome `json:"outcome"`
	Verdict     inspect.Verdict `json:"verdict"`
	Reason      gate.Code       `json:"reason"`
	Domain      *int64          `json:"domain_id"` // null: none matched
	Token       string          `json:"token"`
	Status      int             `json:"status"`
	Preflight   bool            `json:"preflight"`
	Requested   intendedJSON    `json:"requested"`
	Joined      *inspect.ID     `json:"joined"` // null: none
	Headers     []string        `json:"headers"`
	ContentType string          `json:"content_type"`
	Cookie      bool            `json:"cookie"`
	FetchMode   string          `json:"fetch_mode"`
	FetchSite   string          `json:"fetch_site"`
	Answer      []inspect.Field `json:"answer"`
}

// intendedJSON is the request that a preflight asks about.
type intendedJSON struct {
	Method  string   `json:"method"`
	Headers []string `json:"headers"`
}

func exchangeToJSON(x inspect.Exchange) exchangeJSON {
	shown := exchangeJSON{
		ID: x.ID, Time: jsonTime(x.Time), Duration: float64(x.Duration.Microseconds()) / 1000, Site: x.Site,
		Method: x.Method, Effective: x.Effective, Scheme: x.Scheme, Host: x.Host, Path: x.Path, Query: x.Query, Carrier: x.Carrier,
		Origin: x.Origin, Outcome: x.Outcome, Verdict: x.Verdict, Reason: x.Reason, Token: x.Token, Status: x.Status,
		Preflight: x.Preflight, Requested: intendedJSON{x.Requested.Method, list(x.Requested.Headers)},
		Headers: list(x.Headers), ContentType: x.ContentType, Cookie: x.Cookie, FetchMode: x.FetchMode, FetchSite: x.FetchSite,
		Answer: list(x.Answer),
	}
	if x.DomainID != 0 {
		shown.Domain = &x.DomainID
	}
	if x.Joined != 0 {
		shown.Joined = &x.Joined
	}
	return shown
}

// exchangePage is a part of what is remembered. It has no total: it changes all the time.
type exchangePage struct {
	Items []exchangeJSON `json:"items"`
	Limit int            `json:"limit"`
	Next  *inspect.ID    `json:"next"` // before for the page after this one, or null
}

func (a *API) listExchanges(c *call) (answer, error) {
	q := c.query("outcome", "reason", "origin", "method", "path", "token", "preflight", "limit", "before")
	filter := inspect.Filter{
		Outcome: inspect.Outcome(q.oneOf("outcome", outcomes)), Reason: gate.Code(q.values.Get("reason")),
		Origin: q.values.Get("origin"), Method: q.values.Get("method"), Path: q.values.Get("path"),
		Token: q.values.Get("token"), Preflight: q.yesOrNo("preflight"),
	}
	limit, before := int(q.number("limit", 1, inspect.MaxListed, defaultListed)), q.exchange("before")
	if err := q.err(); err != nil {
		return answer{}, err
	}
	found := a.traffic(c.control.Place().ID).List(filter, before, limit)
	shown := exchangePage{Items: each(found, exchangeToJSON), Limit: limit}
	out := answer{}
	if len(found) == limit {
		last := found[len(found)-1].ID
		shown.Next = &last
		out.links = []string{c.link("next", "before", last.String())}
	}
	out.body = shown
	return out, nil
}

// defaultListed is how many exchanges a page has that says nothing else.
const defaultListed = 50

var outcomes = []string{string(inspect.Allowed), string(inspect.Refused), string(inspect.Observed), string(inspect.Failed)}

func (a *API) showExchange(c *call) (answer, error) {
	id, err := inspect.ParseID(c.PathValue("id"))
	if err != nil {
		return answer{}, exchangeNotFound
	}
	x, found := a.traffic(c.control.Place().ID).Get(id)
	if !found {
		return answer{}, exchangeNotFound
	}
	return answer{body: exchangeToJSON(x)}, nil
}

// oneOf reads a parameter that is one of some words, or "" where it is not given.
func (q *query) oneOf(name string, words []string) string {
	text := q.values.Get(name)
	if q.values.Has(name) && !slices.Contains(words, text) {
		q.mistake(name, "invalid", "it must be one of "+joined(words))
	}
	return text
}

func joined(words []string) string {
	text := words[0]
	for _, w := range words[1:] {
		text += ", " + w
	}
	return text
}

// yesOrNo reads a parameter that is true or false; nil where it is not given.
func (q *query) yesOrNo(name string) *bool {
	if !q.values.Has(name) {
		return nil
	}
	is, err := strconv.ParseBool(q.values.Get(name))
	if text := q.values.Get(name); err != nil || text != "true" && text != "false" {
		q.mistake(name, "invalid", "it must be true or false")
	}
	return &is
}

// exchange reads the id of an exchange, zero where it is not given.
func (q *query) exchange(name string) inspect.ID {
	if !q.values.Has(name) {
		return 0
	}
	id, err := inspect.ParseID(q.values.Get(name))
	if err != nil {
		q.mistake(name, "invalid", "it must be the id of an exchange, as next in the page before has it")
	}
	return id
}
