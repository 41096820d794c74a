package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/crossgate/crossgate/internal/control"
)

// A page is a part of a list.
type page[T any] struct {
	Items  []T `json:"items"`
	Total  int `json:"total"` // of all pages
	Limit  int `json:"limit"`
	Offset int `json:"offset"`
}

// pageOf is the answer with a page of a list, each record as JSON has it.
func pageOf[R, T any](c *call, q control.ListQuery, list []R, total int, toJSON func(R) T) answer {
	p := page[T]{Items: each(list, toJSON), Total: total, Limit: q.Limit, Offset: q.Offset}
	var links []string
	link := func(rel string, offset int) {
		links = append(links, c.link(rel, "offset", strconv.Itoa(offset)))
	}
	if q.Offset > 0 {
		link("first", 0)
		link("prev", max(0, q.Offset-q.Limit))
	}
	if next := q.Offset + len(list); len(list) > 0 && next < total {
		link("next", next)
	}
	return answer{body: p, links: links}
}

// link is this request's address with another value of one parameter (RFC 8288).
func (c *call) link(rel, name, value string) string {
	query := c.URL.Query()
	query.Set(name, value)
	return fmt.Sprintf("<%s?%s>; rel=%q", c.URL.EscapedPath(), query.Encode(), rel)
}

// A query reads the parameters of a request and collects what is wrong with them.
type query struct {
	values url.Values
	known  map[string]bool
	wrong  []mistake
}

// query reads the request's parameters, of which it may have those that are named.
func (c *call) query(names ...string) *query {
	values, err := url.ParseQuery(c.URL.RawQuery)
	q := &query{values: values}
	if err != nil {
		q.mistake("query", "malformed", "the query is not percent-encoded as it should be")
	}
	q.known = make(map[string]bool, len(names))
	for _, name := range names {
		q.known[name] = true
	}
	for name, all := range values {
		switch {
		case !q.known[name]:
			q.mistake(name, "unknown", "there is no such parameter here")
		case len(all) > 1:
			q.mistake(name, "twice", "give it once")
		}
	}
	return q
}

func (q *query) mistake(name, code, message string) {
	q.wrong = append(q.wrong, mistake{name, code, sentence(message)})
}

// number reads a whole number of at least least, or the default where it is not given.
func (q *query) number(name string, least, most, otherwise int64) int64 {
	text := q.values.Get(name)
	if !q.values.Has(name) {
		return otherwise
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < least || n > most {
		q.mistake(name, "invalid", fmt.Sprintf("it must be a whole number from %d to %d", least, most))
		return otherwise
	}
	return n
}

// maxOffset keeps a page within what a database counts with.
const maxOffset = 1 << 31

// list reads the parameters of a paged list.
func (q *query) list() control.ListQuery {
	return control.ListQuery{
		Search: q.values.Get("search"),
		Offset: int(q.number("offset", 0, maxOffset, 0)),
		Limit:  int(q.number("limit", 1, control.MaxPage, control.DefaultPage)),
	}
}

// err is the problem of all that is wrong, or nil.
func (q *query) err() error {
	if q.wrong == nil {
		return nil
	}
	p := newProblem(http.StatusBadRequest, "query", "A parameter cannot be understood", q.wrong[0].Field+": "+q.wrong[0].Message)
	p.Errors = q.wrong
	return p
}

// id reads the number in the path.
func (c *call) id() (int64, error) {
	id, err := strconv.ParseInt(c.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return 0, notFound
	}
	return id, nil
}
