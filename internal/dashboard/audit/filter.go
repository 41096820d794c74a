package audit

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/crossgate/crossgate/internal/control"
	"github.com/crossgate/crossgate/internal/dashboard/shell"
)

// pageSize is how many changes a page shows: with the longest summaries and
// reasons it still stays below 60 KB.
const pageSize = 20

// day is a day without a change of clocks; dates are in UTC.
const day = 24 * time.Hour

// A filter says which changes are shown, as it was typed.
type filter struct {
	Search string
	Action string // as in the log: "domain.add"
	Person string
	From   string // the first day, "2006-01-02"
	To     string // the last day
	Node   string // that made the change, by name
	All    bool   // what was done to every site, for those who may see that
	Before int64  // only what is older than this change; 0: from the newest on

	FromError, ToError string
}

// filterOf reads a filter. A date that is none is told of, and is as if nothing
// were typed.
func filterOf(query url.Values) filter {
	f := filter{
		Search: bounded(query.Get("search")), Action: bounded(query.Get("action")), Person: bounded(query.Get("person")),
		From: bounded(query.Get("from")), To: bounded(query.Get("to")), Node: bounded(query.Get("node")), All: query.Get("sites") == allSites,
	}
	f.Before, _ = strconv.ParseInt(query.Get("before"), 10, 64)
	f.Before = max(f.Before, 0)
	_, f.FromError = dayOf(f.From)
	_, f.ToError = dayOf(f.To)
	return f
}

// allSites is the "sites" of an address that asks for those of all.
const allSites = "all"

// maxFilter is how much of what was typed into a field is looked at, in bytes: more
// than any record has of it that could be found by it.
const maxFilter = 200

func bounded(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxFilter)], "")
}

// dayOf returns the beginning of a day, or what is wrong with it. No date is the
// zero time.
func dayOf(text string) (time.Time, string) {
	if text == "" {
		return time.Time{}, ""
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, "This is no date. Write it as in 2026-03-04."
	}
	return t, ""
}

// Narrows reports whether the filter leaves anything out.
func (f filter) Narrows() bool {
	f.Before = 0
	return len(f.values()) > 0
}

// narrowly reports whether what the filter finds may be far apart.
func (f filter) narrowly() bool {
	return f.Search != "" || f.Action != "" || f.Person != "" || f.Node != "" || f.From != "" || f.To != ""
}

// query is what the control plane is asked for somebody, without a limit. Whoever is
// confined to some sites learns nothing of people, keys and other sites.
func (f filter) query(who shell.Visitor) control.AuditQuery {
	from, _ := dayOf(f.From)
	to, _ := dayOf(f.To)
	if !to.IsZero() {
		to = to.Add(day) // to the end of the last day
	}
	return control.AuditQuery{
		ListQuery: control.ListQuery{Search: f.Search},
		Action:    f.Action, Actor: f.Person, From: from, To: to, Before: f.Before,
		Node: f.Node, Own: who.Everywhere == "", Everywhere: f.All,
	}
}

// values is the filter as the query of an address.
func (f filter) values() url.Values {
	values := url.Values{}
	for name, value := range map[string]string{
		"search": f.Search, "action": f.Action, "person": f.Person, "from": f.From, "to": f.To, "node": f.Node,
	} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if f.All {
		values.Set("sites", allSites)
	}
	if f.Before > 0 {
		values.Set("before", strconv.FormatInt(f.Before, 10))
	}
	return values
}

// URL is the address of what the filter shows.
func (f filter) URL() string { return address(Path, f.values()) }

// Export is the address of all that the filter finds, as a file.
func (f filter) Export(format string) string {
	f.Before = 0
	values := f.values()
	values.Set("format", format)
	return address(Path+"/export", values)
}

// Of is the address of one change that the filter finds.
func (f filter) Of(id int64) string {
	return address(Path+"/"+strconv.FormatInt(id, 10), filter{All: f.All}.values())
}

// olderThan is the filter on the page behind a change.
func (f filter) olderThan(id int64) filter {
	f.Before = id
	return f
}

// newest is the filter on its first page.
func (f filter) newest() filter { return f.olderThan(0) }

// by is everything that one person did.
func by(person string) filter { return filter{Person: person} }

func address(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}
